package alerts_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

func TestListFiltersAndPages(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		h.happen(ctx, t, tx, h.result(e))
		h.happen(ctx, t, tx, h.result(other))
		h.happen(ctx, t, tx, qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: id.Ptr(id.New())})
		seen := h.list(ctx, t, tx, func(in *alerts.ListInput) { in.EncounterID = e.ID })[0].ID
		if _, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(seen)); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			filter func(*alerts.ListInput)
			want   int
		}{
			"all":                  {func(*alerts.ListInput) {}, 3},
			"open":                 {func(in *alerts.ListInput) { in.Status = []string{"OPEN"} }, 2},
			"open or acknowledged": {func(in *alerts.ListInput) { in.Status = []string{"OPEN,ACKNOWLEDGED"} }, 3},
			"resolved":             {func(in *alerts.ListInput) { in.Status = []string{"RESOLVED"} }, 0},
			"warning":              {func(in *alerts.ListInput) { in.Severity = []string{"WARNING"} }, 1},
			"of a kind":            {func(in *alerts.ListInput) { in.Kind = "critical_result" }, 2},
			"of an encounter":      {func(in *alerts.ListInput) { in.EncounterID = other.ID }, 1},
			"of a patient":         {func(in *alerts.ListInput) { in.PatientID = other.PatientID }, 1},
			"mine":                 {func(in *alerts.ListInput) { in.Mine = true }, 2},
			"of nobody":            {func(in *alerts.ListInput) { in.PatientID = uuid.New() }, 0},
		} {
			in := alerts.ListInput{PageParams: httpx.PageParams{Limit: 1, Count: true}}
			c.filter(&in)
			met := map[uuid.UUID]bool{}
			for {
				page, err := h.alerts.List(ctx, tx, in)
				if err != nil || *page.Count != int64(c.want) {
					t.Fatalf("%s: count %v, want %d (%v)", name, page.Count, c.want, err)
				}
				for _, a := range page.Results {
					met[a.ID] = true
				}
				if page.Next == nil {
					break
				}
				in.Cursor = *page.Next
			}
			if len(met) != c.want {
				t.Errorf("%s: met %d, want %d", name, len(met), c.want)
			}
		}
		_, err := h.alerts.List(ctx, tx, alerts.ListInput{Status: []string{"GONE"}})
		wantCode(t, err, "request.invalid")
	})
}

func TestPoliciesAreChecked(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		warning, grave := alertsapi.SeverityWarning, alertsapi.SeverityCritical
		step := alerts.Step{AfterMinutes: 5, ToRole: text("nurse")}
		for name, c := range map[string]struct {
			kind     string
			severity *alertsapi.Severity
			steps    []alerts.Step
			repeats  int
			code     string
		}{
			"an unknown kind":                        {"no_such_kind", nil, []alerts.Step{step}, 0, "alerts.unknown_kind"},
			"a step to nobody":                       {"test_overdue", nil, []alerts.Step{{AfterMinutes: 5}}, 0, "alerts.invalid"},
			"a step to two":                          {"test_overdue", nil, []alerts.Step{{AfterMinutes: 5, ToRole: text("nurse"), ToTeam: text("rapid")}}, 0, "alerts.invalid"},
			"a critical result that is a warning":    {"critical_result", &warning, []alerts.Step{step}, 0, "alerts.invalid"},
			"a critical result that nobody hears of": {"critical_result", nil, nil, 0, "alerts.invalid"},
			"repeating nothing":                      {"test_overdue", nil, nil, 3, "alerts.invalid"},
			"no escalation":                          {"test_overdue", nil, nil, 0, ""},
			"a grave sample":                         {"sample_rejected", &grave, []alerts.Step{step}, 2, ""},
			"one rule's own":                         {"rule:base.high_dose", nil, []alerts.Step{step}, 0, ""},
		} {
			in := alerts.PutPolicyInput{ByKind: alerts.ByKind{Kind: c.kind}}
			in.Body.Severity, in.Body.Steps, in.Body.Repeats = c.severity, c.steps, c.repeats
			got, err := h.alerts.PutPolicy(ctx, tx, in)
			if c.code != "" {
				wantCode(t, err, c.code)
				continue
			}
			if err != nil || got.IsBuiltIn || len(got.Steps) != len(c.steps) || got.Repeats != c.repeats {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			again, err := h.alerts.GetPolicy(ctx, tx, in.ByKind)
			if err != nil || again.ETag() != got.ETag() {
				t.Errorf("%s: read %+v, %v", name, again, err)
			}
			in.IfMatch.IfMatch = `"99"`
			_, err = h.alerts.PutPolicy(ctx, tx, in)
			wantCode(t, err, "request.stale")
		}
		all, err := h.alerts.ListPolicies(ctx, tx, struct{}{})
		if err != nil || len(all.Results) != 6 || !all.Results[0].IsBuiltIn {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestATenantsSeverityCounts(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		grave := alertsapi.SeverityCritical
		in := alerts.PutPolicyInput{ByKind: alerts.ByKind{Kind: "quality_control"}}
		in.Body.Severity = &grave
		if _, err := h.alerts.PutPolicy(ctx, tx, in); err != nil {
			t.Fatal(err)
		}
		h.happen(ctx, t, tx, qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: id.Ptr(id.New())})
		if got := h.only(ctx, t, tx); got.Severity != grave || got.NextEscalationAt != nil {
			t.Errorf("%s, next %v", got.Severity, got.NextEscalationAt)
		}
	})
}

func TestTimeToAcknowledge(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for _, wait := range []time.Duration{2, 4, 6, 20} {
		alertID := w.raise(t).ID
		w.later(t, wait*time.Minute)
		w.act(t, func(tx db.Tx) {
			if _, err := w.alerts.Acknowledge(w.ctx, tx, acknowledgeInput(alertID)); err != nil {
				t.Fatal(err)
			}
		})
	}
	w.raise(t)
	w.act(t, func(tx db.Tx) {
		got, err := w.alerts.Analytics(w.ctx, tx, alerts.AnalyticsInput{Until: w.Clock.Now().Add(time.Hour)})
		if err != nil || len(got.Results) != 1 {
			t.Fatalf("got %+v, %v", got, err)
		}
		one := got.Results[0]
		// Of 2, 4, 6 and 20 minutes: the middle, and what nine of ten stay under, between the last two.
		if one.Raised != 5 || one.Acknowledged != 4 || one.Open != 1 || one.Escalated != 1 || *one.MedianMinutes != 5 || *one.P90Minutes < 15.79 || *one.P90Minutes > 15.81 {
			t.Errorf("got %+v, median %v, p90 %v", one, *one.MedianMinutes, *one.P90Minutes)
		}
		none, err := w.alerts.Analytics(w.ctx, tx, alerts.AnalyticsInput{Since: w.Clock.Now().Add(time.Hour), Until: w.Clock.Now().Add(2 * time.Hour)})
		if err != nil || len(none.Results) != 0 {
			t.Errorf("got %+v, %v", none, err)
		}
		_, err = w.alerts.Analytics(w.ctx, tx, alerts.AnalyticsInput{Since: w.Clock.Now().Add(time.Hour), Until: w.Clock.Now()})
		wantCode(t, err, "alerts.invalid")
	})
}
