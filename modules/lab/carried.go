package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/internal/measure"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// toldBefore is what the version before said: what the next does not speak of stays as it was, so that no value, and no alarm
// about one, ends by being left out.
type toldBefore struct {
	version  int
	values   []labapi.Value
	critical []labapi.CriticalReason
}

// toldBefore reads the version that an entry follows. A test whose sample was rejected begins anew: what was measured of
// that sample is not carried into the next one's.
func (m *Module) toldBefore(ctx context.Context, tx db.Tx, e entering) (toldBefore, error) {
	if e.LatestResultID == nil || e.Status == requestReceived {
		return toldBefore{}, nil
	}
	row, err := getResult(ctx, tx, tx.Scope(), *e.LatestResultID)
	if err != nil {
		return toldBefore{}, err
	}
	r, err := resultOf(row)
	return toldBefore{version: r.ResultVersion, values: r.Values, critical: r.CriticalReasons}, err
}

func (b toldBefore) value(code string) (labapi.Value, bool) {
	for _, v := range b.values {
		if v.Code == code {
			return v, true
		}
	}
	return labapi.Value{}, false
}

// reason is why a value was critical; it has none where it was not.
func (b toldBefore) reason(code string) (labapi.CriticalReason, bool) {
	for _, c := range b.critical {
		if c.Code == code {
			return c, true
		}
	}
	return labapi.CriticalReason{}, false
}

// isCriticalAlike tells whether it was critical by the same values.
func (b toldBefore) isCriticalAlike(found findings) bool {
	if len(b.critical) != len(found.critical) {
		return false
	}
	for _, c := range found.critical {
		was, there := b.reason(c.Code)
		old, _ := b.value(c.Code)
		i := slices.IndexFunc(found.values, func(v labapi.Value) bool { return v.Code == c.Code })
		if !there || i < 0 || !bytes.Equal(was.Value, c.Value) || valueOf(old.Unit) != valueOf(found.values[i].Unit) || valueOf(old.Flag) != valueOf(found.values[i].Flag) {
			return false
		}
	}
	return true
}

// carry adds what the version before said of analytes that nobody posted anything of. What is calculated is calculated
// again; a measured value of a calculated analyte stays where its formula says nothing, which is known afterwards.
func (e entering) carry(read map[string]reading, isCalculated bool) {
	for _, v := range e.before.values {
		analyte := e.analyte(v.Code)
		if _, there := read[v.Code]; there || v.Calculated || (analyte != nil && analyte.Calculated) != isCalculated {
			continue
		}
		read[v.Code] = carriedOf(analyte, v)
	}
}

// withdrawCalculated says of what the version before calculated and follows no more that it does not hold: nothing that was
// told goes without a word.
func (e entering) withdrawCalculated(read map[string]reading) {
	for _, v := range e.before.values {
		if _, there := read[v.Code]; !there && v.Calculated {
			read[v.Code] = withdrawnOf(e.analyte(v.Code), v, "")
		}
	}
}

// carriedOf is a value as the version before showed it. It is judged again where the laboratory still measures it so;
// else it stays as it was judged.
func carriedOf(analyte *packsapi.Analyte, v labapi.Value) reading {
	r := reading{analyte: analyte, kept: &v}
	if analyte == nil || isNull(v.Value) || valueOf(v.Unit) != analyte.Unit {
		return r
	}
	value, wrong := measure.Read(analyte, measure.Raw{Value: v.Value})
	if wrong == "" && value.Display(analyte, packsapi.DefaultLocale) == v.Display {
		r.value, r.isJudged = value, true
	}
	return r
}

// withdrawnDisplay is what a withdrawn value shows instead; screens and papers say it in their language.
const withdrawnDisplay = "withdrawn"

// withdrawnOf says of a value that the version before told that it does not hold, and of none that it does.
func withdrawnOf(analyte *packsapi.Analyte, v labapi.Value, comment string) reading {
	v.Value, v.Display, v.Withdrawn, v.Calculated = orJSONNull(nil), withdrawnDisplay, true, false
	v.EnteredValue, v.EnteredUnit, v.Flag, v.DeltaFlag, v.Former, v.Comment = nil, nil, nil, nil, nil, words(comment)
	return reading{analyte: analyte, kept: &v}
}

// judgedAgain is a carried value with what it means for the person as they are known now.
func judgedAgain(v labapi.Value, j measure.Judgement, before *labapi.FormerValue) labapi.Value {
	v.Flag, v.DeltaFlag, v.Former = words(j.Flag), words(j.DeltaFlag), before
	v.ReferenceLow, v.ReferenceHigh, v.ReferenceText = rangeShown(j.Range)
	return v
}

func isNull(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}
