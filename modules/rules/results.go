package rules

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// The systems under which a laboratory's value is known: the catalogue's own code, and LOINC where it has one.
const (
	systemLaboratory = "hm-lab"
	systemLOINC      = "loinc"
)

// measured reads what the laboratory released of a patient.
func (m *Module) measured(ctx context.Context, tx db.Tx, patientID uuid.UUID, since time.Time) ([]labapi.RecentValue, error) {
	if m.deps.Laboratory == nil {
		return nil, nil
	}
	return m.deps.Laboratory.Recent(ctx, tx, tx.Scope(), patientID, since)
}

// newestFirst joins what documents observed with what the laboratory released, each already with the newest first, as
// facts.recent_results. A value of the laboratory stands there under each of its codes, so that a rule may ask for either.
func newestFirst(observed []clinicaldocsapi.Observation, measured []labapi.RecentValue, now time.Time) []any {
	out := make([]any, 0, len(observed)+2*len(measured))
	for len(observed)+len(measured) > 0 {
		if len(measured) == 0 || len(observed) > 0 && !observed[0].At.Before(measured[0].At) {
			out, observed = append(out, observed[0].Fact(now)), observed[1:]
			continue
		}
		out, measured = append(out, factsOf(measured[0], now)...), measured[1:]
	}
	return out
}

// factsOf is a released value as rules know it.
func factsOf(v labapi.RecentValue, now time.Time) []any {
	fact := func(code, system string) map[string]any {
		f := map[string]any{
			"code": code, "system": system, "unit": v.Unit, "text": v.Text, "comparator": v.Comparator, "superseded": v.Superseded,
			"days_ago": int64(clock.DateOf(v.At.In(now.Location())).DaysUntil(clock.DateOf(now))),
		}
		if v.Number != nil {
			f["value"] = *v.Number
		}
		return f
	}
	out := []any{fact(v.Code, systemLaboratory)}
	if v.LOINC != "" {
		out = append(out, fact(v.LOINC, systemLOINC))
	}
	return out
}
