package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// reading is one analyte's value as it was read or calculated.
type reading struct {
	analyte    *packsapi.Analyte
	value      measure.Value
	comment    string
	calculated bool
	// kept is a value that the version before told and nobody posted again; isJudged says that it can be judged anew. Of
	// one that the test has no longer analyte is nil.
	kept     *labapi.Value
	isJudged bool
}

// code is of its analyte.
func (r reading) code() string {
	if r.kept != nil {
		return r.kept.Code
	}
	return r.analyte.Code
}

// readValues reads what was posted, adds what the version before told of the rest and what follows from both, in the order
// of the test; or says all that is wrong.
func readValues(e entering, posted []PostedValue, reason string) ([]reading, error) {
	faults, read, places, needsReason := errInvalid, map[string]reading{}, map[string]string{}, false
	for i, p := range posted {
		at := fmt.Sprintf("body.values[%d]", i)
		analyte := e.analyte(p.Code)
		if analyte == nil {
			faults = faults.At(at+".code", "This test has no such analyte.")
			continue
		}
		if _, twice := places[p.Code]; twice {
			faults = faults.At(at+".code", "Is there twice.")
			continue
		}
		places[p.Code] = at + ".value"
		before, there := e.before.value(p.Code)
		comment := valueOf(p.Comment.Or(before.Comment))
		if there && isNull(p.Value) {
			_, isCritical := e.before.reason(p.Code)
			if (isCritical || e.ReleasedResultID != nil) && reason == "" && !needsReason {
				faults, needsReason = faults.At("body.correction_reason", "Say why a value that was critical or released is withdrawn."), true
			}
			read[p.Code] = withdrawnOf(analyte, before, comment)
			continue
		}
		if wrong := measure.WrongUnit(analyte, p.Unit); wrong != "" {
			faults = faults.At(at+".unit", wrong)
			continue
		}
		value, wrong := measure.Read(analyte, measure.Raw{Value: p.Value, Unit: strings.TrimSpace(p.Unit)})
		if wrong != "" {
			faults = faults.At(at+".value", wrong)
			continue
		}
		read[p.Code] = reading{analyte: analyte, value: value, comment: comment}
	}
	if len(faults.Fields) == 0 {
		e.carry(read, false)
		for _, code := range calculate(e, read) {
			faults = faults.At(places[code], "Is calculated from others, which say something else; leave it out.")
		}
		e.carry(read, true)
		e.withdrawCalculated(read)
	}
	if len(faults.Fields) > 0 {
		return nil, faults
	}
	var values []reading
	for _, a := range e.analytes {
		if r, there := read[a.Code]; there {
			values = append(values, r)
		}
	}
	for _, v := range e.before.values {
		if e.analyte(v.Code) == nil {
			values = append(values, read[v.Code])
		}
	}
	return values, nil
}

// calculate adds the analytes that follow from those that are there. One that somebody posted is taken as measured where
// its formula says nothing; where it does, the two must agree, and those that do not are given. What is only bounded,
// <0.5, is no number to reckon with.
func calculate(e entering, read map[string]reading) (disagree []string) {
	numbers, wanted := map[string]decimal.Decimal{}, []string{}
	for _, a := range e.analytes {
		r, there := read[a.Code]
		switch {
		case a.Calculated:
			wanted = append(wanted, a.Code)
		case there && r.value.Number != nil && r.value.Comparator == "":
			numbers[a.Code] = *r.value.Number
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	for code, number := range e.shelf.laboratory.Calculate(wanted, numbers, e.measured) {
		analyte := e.analyte(code)
		posted, there := read[code]
		if there && !agrees(analyte, posted.value, number) {
			disagree = append(disagree, code)
			continue
		}
		if before, was := e.before.value(code); !there && was {
			posted.comment = valueOf(before.Comment)
		}
		read[code] = reading{analyte: analyte, value: measure.Value{Number: &number, Unit: analyte.Unit}, comment: posted.comment, calculated: true}
	}
	slices.Sort(disagree)
	return disagree
}

// agrees tells whether a value that was typed is what its formula says, but for one of its last decimal: another may have
// rounded otherwise.
func agrees(a *packsapi.Analyte, typed measure.Value, number decimal.Decimal) bool {
	if typed.Number == nil || typed.Comparator != "" {
		return false
	}
	apart, err := typed.Number.Sub(number)
	return err == nil && apart.Abs().Cmp(decimal.MustNew(1, a.Decimals)) <= 0
}

// analyte finds one of the test; nil where it has none of this code.
func (e entering) analyte(code string) *packsapi.Analyte {
	i := slices.IndexFunc(e.analytes, func(a *packsapi.Analyte) bool { return a.Code == code })
	if i < 0 {
		return nil
	}
	return e.analytes[i]
}

// former is the last released value of an analyte, and how it was shown.
type former struct {
	measure.Former
	shown labapi.FormerValue
}

// formers gives the last released value of each analyte at hand.
func (m *Module) formers(ctx context.Context, q db.DBTX, e entering, values []reading) (map[string]former, error) {
	codes := make([]string, len(values))
	for i, r := range values {
		codes[i] = r.code()
	}
	rows, err := labdb.New(q).FormerValues(ctx, labdb.FormerValuesParams{
		TenantID: e.TenantID, FacilityID: e.FacilityID, PatientID: e.PatientID, Codes: codes, OrderItemID: e.OrderItemID, Before: e.collectedAt})
	if err != nil {
		return nil, err
	}
	formers := make(map[string]former, len(rows))
	for _, row := range rows {
		analyte := values[slices.Index(codes, row.Code)].analyte
		if analyte == nil {
			continue
		}
		f, err := formerOf(analyte, labdb.FormerValuesOfRow{Code: row.Code, ResultID: row.ResultID, CollectedAt: row.CollectedAt, Shown: row.Shown})
		if err != nil {
			return nil, err
		}
		formers[row.Code] = f
	}
	return formers, nil
}

// formerOf reads a value that was written before.
func formerOf(analyte *packsapi.Analyte, row labdb.FormerValuesOfRow) (former, error) {
	var shown labapi.Value
	if err := json.Unmarshal(row.Shown, &shown); err != nil {
		return former{}, fmt.Errorf("value %s of result %s: %w", row.Code, row.ResultID, err)
	}
	f := former{shown: labapi.FormerValue{ResultID: row.ResultID, Value: shown.Value, Display: shown.Display, Unit: shown.Unit, Flag: shown.Flag, At: row.CollectedAt}}
	f.At = row.CollectedAt
	// Where the analyte is measured otherwise today, what it was then cannot be compared: its value is shown, no delta.
	f.Value, _ = measure.Read(analyte, measure.Raw{Value: shown.Value, Unit: valueOf(shown.Unit)})
	return f, nil
}

// findings are the values of a result as everybody will be shown them.
type findings struct {
	values   []labapi.Value
	critical []labapi.CriticalReason
}

func (f findings) isCritical() bool { return len(f.critical) > 0 }

func (f findings) isAbnormal() bool { return slices.ContainsFunc(f.values, isAbnormal) }

// missing are the analytes that the test measures and nothing is told of.
func (f findings) missing(e entering) []string {
	missing := []string{}
	for _, a := range e.analytes {
		if !a.Calculated && !slices.Contains(codesOf(f.values), a.Code) {
			missing = append(missing, a.Code)
		}
	}
	return missing
}

func (f findings) criticalCodes() []string {
	codes := make([]string, len(f.critical))
	for i, c := range f.critical {
		codes[i] = c.Code
	}
	return codes
}

// judge says what the values mean for the person.
func judge(e entering, values []reading, formers map[string]former) findings {
	found := findings{values: make([]labapi.Value, len(values)), critical: []labapi.CriticalReason{}}
	for i, r := range values {
		if r.kept != nil && !r.isJudged {
			found.values[i] = *r.kept
			if c, there := e.before.reason(r.code()); there && !isNull(r.kept.Value) {
				found.critical = append(found.critical, c)
			}
			continue
		}
		var before *measure.Former
		var shownBefore *labapi.FormerValue
		if f, there := formers[r.analyte.Code]; there {
			before, shownBefore = &f.Former, &f.shown
		}
		judgement := measure.Judge(r.analyte, r.value, e.measured, before, e.collectedAt)
		if r.kept != nil {
			found.values[i] = judgedAgain(*r.kept, judgement, shownBefore)
		} else {
			found.values[i] = valueShown(r, judgement, shownBefore)
		}
		if judgement.Critical {
			found.critical = append(found.critical, labapi.CriticalReason{Code: r.analyte.Code, Value: found.values[i].Value, Threshold: orJSONNull(judgement.Threshold)})
		}
	}
	return found
}

func valueShown(r reading, j measure.Judgement, before *labapi.FormerValue) labapi.Value {
	a, locale := r.analyte, packsapi.DefaultLocale
	v := labapi.Value{
		Code: a.Code, Name: a.Name.In(locale), Section: a.Section, LOINC: words(a.LOINC), Value: r.value.JSON(a), Display: r.value.Display(a, locale),
		Unit: words(r.value.Unit), EnteredValue: words(r.value.EnteredValue), EnteredUnit: words(r.value.EnteredUnit), Flag: words(j.Flag),
		DeltaFlag: words(j.DeltaFlag), Former: before, Calculated: r.calculated, Method: words(a.Method.In(locale)), Comment: words(r.comment),
	}
	v.ReferenceLow, v.ReferenceHigh, v.ReferenceText = rangeShown(j.Range)
	return v
}

// rangeShown gives a range as answers do: numbers or null, and words.
func rangeShown(r *packsapi.ReferenceRange) (low, high json.RawMessage, text *string) {
	if r == nil {
		return orJSONNull(nil), orJSONNull(nil), nil
	}
	return number(r.Low), number(r.High), words(r.Text.In(packsapi.DefaultLocale))
}

func number(d *decimal.Decimal) json.RawMessage {
	if d == nil {
		return orJSONNull(nil)
	}
	return json.RawMessage(d.String())
}

func orJSONNull(raw json.RawMessage) json.RawMessage {
	if len(bytes.TrimSpace(raw)) == 0 {
		return json.RawMessage("null")
	}
	return raw
}
