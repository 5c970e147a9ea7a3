package labprint

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/lab/labapi"
)

// told is what a report says of one result, as far as nobody may change it: all that is printed, and who answers for it.
// What it holds is never changed, only another told beside it, as toldFirst is: papers that are out must still be genuine.
// What packs call tests and analytes in a language is not of it: they may translate better later.
type told struct {
	ResultID, ItemID      uuid.UUID
	Service, Name         string
	Version               int
	Sex                   string
	AgeDays               *int
	Values                []toldValue
	Missing               []string
	Comment, Reason       *string
	Barcode, SpecimenType string
	CollectedAt           time.Time
	IsCritical            bool
	NotifiedTo            *string
	NotifiedAt            *time.Time
	VerifiedAt            *time.Time
	VerifiedByID          *uuid.UUID
	VerifiedByRule        *string
	ReleasedAt            *time.Time
	ReleasedByID          *uuid.UUID
}

type toldValue struct {
	Code, Name, Display                       string
	Value                                     json.RawMessage
	Unit, Flag, Delta, Words, Method, Comment *string
	Low, High                                 json.RawMessage
	Calculated, Withdrawn                     bool
	Former                                    *toldFormer
}

type toldFormer struct {
	Value   json.RawMessage
	Display string
	Unit    *string
	At      time.Time
}

func toldOf(r labapi.Result) told {
	t := told{
		ResultID: r.ID, ItemID: r.OrderItemID, Service: r.ServiceCode, Name: r.Name, Version: r.ResultVersion, Sex: r.JudgedFor.Sex, AgeDays: r.JudgedFor.AgeDays,
		Values: make([]toldValue, len(r.Values)), Missing: append([]string{}, r.Missing...), Comment: r.Comment, Reason: r.CorrectionReason,
		Barcode: r.Barcode, SpecimenType: r.SpecimenType, CollectedAt: *utc(&r.CollectedAt), IsCritical: r.IsCritical,
		VerifiedAt: utc(r.VerifiedAt), VerifiedByID: r.VerifiedByID, VerifiedByRule: r.VerifiedByRule, ReleasedAt: utc(r.ReleasedAt), ReleasedByID: r.ReleasedByID,
	}
	if n := r.CriticalNotice; n != nil {
		t.NotifiedTo, t.NotifiedAt = &n.NotifiedTo, utc(&n.NotifiedAt)
	}
	for i, v := range r.Values {
		t.Values[i] = toldValue{
			Code: v.Code, Name: v.Name, Display: v.Display, Value: orNull(v.Value), Unit: v.Unit, Flag: v.Flag, Delta: v.DeltaFlag, Words: v.ReferenceText,
			Method: v.Method, Comment: v.Comment, Low: orNull(v.ReferenceLow), High: orNull(v.ReferenceHigh), Calculated: v.Calculated, Withdrawn: v.Withdrawn,
		}
		if f := v.Former; f != nil {
			t.Values[i].Former = &toldFormer{Value: orNull(f.Value), Display: f.Display, Unit: f.Unit, At: *utc(&f.At)}
		}
	}
	return t
}

// digestOf is the SHA-256 of what the results say, in their order, and of what those said that they correct, which a
// report tells beside them.
func digestOf(results, formers []labapi.Result) []byte {
	content := struct {
		Is               string
		Results, Formers []told
	}{Is: "labprint.2", Results: []told{}, Formers: []told{}}
	for _, r := range results {
		content.Results = append(content.Results, toldOf(r))
	}
	for _, r := range formers {
		content.Formers = append(content.Formers, toldOf(r))
	}
	return sumOf(content)
}

// isDigestOf tells whether results say what they said when a report of them was issued.
func isDigestOf(digest []byte, results, formers []labapi.Result) bool {
	return bytes.Equal(digest, digestOf(results, formers)) || bytes.Equal(digest, firstDigestOf(results))
}

func withoutNil(ids []uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(ids), func(u uuid.UUID) bool { return u == uuid.Nil })
}

// formersOf are the results that others correct, in the order of these.
func formersOf(ids []uuid.UUID, results map[uuid.UUID]labapi.Result) []labapi.Result {
	var formers []labapi.Result
	for _, formerID := range withoutNil(ids) {
		formers = append(formers, results[formerID])
	}
	return formers
}

func sumOf(content any) []byte {
	// Strings, numbers and times that were JSON before always marshal.
	text, _ := json.Marshal(content)
	digest := sha256.Sum256(text)
	return digest[:]
}

// toldFirst is what the digests of the first reports are of: without what is shown of a value, and what it was before.
type toldFirst struct {
	ResultID, ItemID uuid.UUID
	Service          string
	Version          int
	Values           []toldFirstValue
	Comment          *string
	CollectedAt      time.Time
	VerifiedAt       *time.Time
	VerifiedByID     *uuid.UUID
	VerifiedByRule   *string
	ReleasedAt       *time.Time
	ReleasedByID     *uuid.UUID
}

type toldFirstValue struct {
	Code                       string
	Value                      json.RawMessage
	Unit, Flag, Words, Comment *string
	Low, High                  json.RawMessage
}

func firstDigestOf(results []labapi.Result) []byte {
	all := make([]toldFirst, len(results))
	for i, r := range results {
		t := toldFirst{
			ResultID: r.ID, ItemID: r.OrderItemID, Service: r.ServiceCode, Version: r.ResultVersion, Comment: r.Comment, CollectedAt: r.CollectedAt.UTC(),
			VerifiedAt: utc(r.VerifiedAt), VerifiedByID: r.VerifiedByID, VerifiedByRule: r.VerifiedByRule, ReleasedAt: utc(r.ReleasedAt), ReleasedByID: r.ReleasedByID,
		}
		for _, v := range r.Values {
			t.Values = append(t.Values, toldFirstValue{
				Code: v.Code, Value: orNull(v.Value), Unit: v.Unit, Flag: v.Flag, Words: v.ReferenceText, Comment: v.Comment,
				Low: orNull(v.ReferenceLow), High: orNull(v.ReferenceHigh),
			})
		}
		all[i] = t
	}
	return sumOf(all)
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}
