package labprint

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
)

// Issue makes the next version of the order's report, from what is released of it now.
func (m *Module) Issue(ctx context.Context, tx db.Tx, e labapi.ResultReleased) error {
	scope, queries := tx.Scope(), labprintdb.New(tx)
	// One release of the order after the other from here on: the later one sees what the earlier one released.
	tx.Lock("labprint.issue", e.OrderID.String())
	former, err := queries.NewestReport(ctx, labprintdb.NewestReportParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: e.OrderID})
	first := db.IsNoRows(err)
	if err != nil && !first {
		return err
	}
	results, err := m.deps.Lab.ReleasedOf(ctx, tx, scope, e.OrderID)
	if err != nil {
		return err
	}
	if len(results) == 0 {
		return fmt.Errorf("labprint: order %s has a released result and none is found", e.OrderID)
	}
	row := labprintdb.InsertReportParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), OrderID: e.OrderID, EncounterID: e.EncounterID, PatientID: e.PatientID,
		Version: former.Version + 1, Number: former.Number, ContentDigest: digestOf(results), OrderedByID: e.OrderedByID, IssuedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	}
	if !first {
		row.ReplacesID = &former.ID
	} else if row.Number, err = m.nextNumber(ctx, tx); err != nil {
		return err
	}
	for _, r := range results {
		corrects := uuid.Nil
		if i := slices.Index(former.ItemIds, r.OrderItemID); i >= 0 {
			if corrects = former.FormerIds[i]; former.ResultIds[i] != r.ID {
				corrects, row.IsCorrected = former.ResultIds[i], true
			}
		} else if e.CorrectsID != nil && r.ID == e.ResultID {
			corrects, row.IsCorrected = *e.CorrectsID, true // released before there were reports
		}
		row.ItemIds, row.ResultIds, row.FormerIds = append(row.ItemIds, r.OrderItemID), append(row.ResultIds, r.ID), append(row.FormerIds, corrects)
		row.ServiceCodes, row.ServiceNames = append(row.ServiceCodes, r.ServiceCode), append(row.ServiceNames, r.Name)
	}
	if err := queries.InsertReport(ctx, row); err != nil {
		return err
	}
	readers, err := queries.ReadersOfOrder(ctx, labprintdb.ReadersOfOrderParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, OrderID: e.OrderID})
	if err != nil {
		return err
	}
	return m.deps.Bus.Publish(ctx, tx, labprintapi.ReportIssued{
		ReportID: row.ID, OrderID: e.OrderID, EncounterID: e.EncounterID, PatientID: e.PatientID, Version: int(row.Version), IsCorrected: row.IsCorrected, ReaderIDs: readers,
	})
}

// nextNumber counts the reports of the facility's year: MAIN-L26-000042.
func (m *Module) nextNumber(ctx context.Context, tx db.Tx) (string, error) {
	scope := tx.Scope()
	settings, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return "", err
	}
	year := tx.Now().In(settings.Zone).Year()
	number, err := labprintdb.New(tx).NextNumber(ctx, labprintdb.NextNumberParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Year: int32(year)}) //nolint:gosec // a year
	return fmt.Sprintf("%s-L%02d-%06d", settings.Code, year%100, number), err
}

// told is what a report says of one result, as far as nobody may change it: what is measured, and who answers for it.
// Names are left out; packs may translate them later.
type told struct {
	ResultID, ItemID uuid.UUID
	Service          string
	Version          int
	Values           []toldValue
	Comment          *string
	CollectedAt      time.Time
	VerifiedAt       *time.Time
	VerifiedByID     *uuid.UUID
	VerifiedByRule   *string
	ReleasedAt       *time.Time
	ReleasedByID     *uuid.UUID
}

type toldValue struct {
	Code                       string
	Value                      json.RawMessage
	Unit, Flag, Words, Comment *string
	Low, High                  json.RawMessage
}

// digestOf is the SHA-256 of what the results say, in their order.
func digestOf(results []labapi.Result) []byte {
	all := make([]told, len(results))
	for i, r := range results {
		t := told{
			ResultID: r.ID, ItemID: r.OrderItemID, Service: r.ServiceCode, Version: r.ResultVersion, Comment: r.Comment, CollectedAt: r.CollectedAt.UTC(),
			VerifiedAt: utc(r.VerifiedAt), VerifiedByID: r.VerifiedByID, VerifiedByRule: r.VerifiedByRule, ReleasedAt: utc(r.ReleasedAt), ReleasedByID: r.ReleasedByID,
		}
		for _, v := range r.Values {
			t.Values = append(t.Values, toldValue{
				Code: v.Code, Value: orNull(v.Value), Unit: v.Unit, Flag: v.Flag, Words: v.ReferenceText, Comment: v.Comment,
				Low: orNull(v.ReferenceLow), High: orNull(v.ReferenceHigh),
			})
		}
		all[i] = t
	}
	// Strings, numbers and times that were JSON before always marshal.
	text, _ := json.Marshal(all)
	digest := sha256.Sum256(text)
	return digest[:]
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
