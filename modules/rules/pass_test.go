package rules_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

const taskRules = `
- {code: base.held,    on: task.complete, when: task.code == 'held',  then: {effect: block}, severity: safety, message: Never.}
- {code: base.senior,  on: task.complete, when: "task.code in ['senior', 'both']", then: {effect: block}, severity: warning, message: "{task.title}: ask a senior.", overridable_by: rules.can_override}
- {code: base.why,     on: task.complete, when: "task.code in ['why', 'both']", then: {effect: require_reason}, severity: warning, message: Say why.}
- {code: base.warns,   on: task.complete, when: patient.age_years < 18 && encounter.status == 'CREATED', then: {effect: warn}, severity: info, message: A child.}
- {code: base.opens,   on: task.complete, when: task.code == 'opens', then: {effect: open_task, task: {code: call-relative, title: Call the relative, role: nurse}}, severity: info, message: Call.}
- {code: base.alerts,  on: task.complete, when: task.code == 'opens', then: {effect: raise_alert}, severity: info, message: Alert.}
- {code: base.tells,   on: task.complete, when: task.code == 'opens', then: {effect: notify, to: doctor}, severity: info, message: Notice.}
`

// record is a child with an encounter.
type record struct{ patientID, encounterID uuid.UUID }

func withTaskRules(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *rules.Module, r record)) {
	t.Helper()
	withPacks(t, ruled(t, taskRules), func(ctx context.Context, tx db.Tx, m *rules.Module) {
		r := record{patientID: girl(ctx, t, tx)}
		r.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: r.patientID}).ID
		fn(ctx, tx, m, r)
	})
}

// completing asks whether a task may be completed.
func (r record) completing(code string, overrides ...rulesapi.Override) rulesapi.Question {
	return rulesapi.Question{
		Pack: "base", Moment: "task.complete", EncounterID: r.encounterID, PatientID: r.patientID,
		Facts: map[string]any{"task": map[string]any{"code": code, "title": "The task"}}, Overrides: overrides,
	}
}

// holding gives ctx a caller with these permissions and no other.
func holding(ctx context.Context, permissions ...string) context.Context {
	held := map[string]bool{}
	for _, p := range permissions {
		held[p] = true
	}
	return auth.WithIdentity(ctx, &auth.Identity{Account: &auth.Account{}, Acting: &auth.Membership{Permissions: held}})
}

func TestPassing(t *testing.T) {
	t.Parallel()
	senior, why := rulesapi.Override{Rule: "base.senior", Reason: "The senior agrees."}, rulesapi.Override{Rule: "base.why", Reason: "It is late."}
	held := rulesapi.Override{Rule: "base.held", Reason: "I want to."}
	for name, c := range map[string]struct {
		task        string
		overrides   []rulesapi.Override
		permissions []string
		code        string   // of the refusal
		rules       []string // "code overridable"
	}{
		"nothing in the way":                        {task: "other"},
		"blocked for good":                          {task: "held", permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.held false"}},
		"blocked for good, whatever the reason":     {task: "held", overrides: []rulesapi.Override{held}, permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.held false"}},
		"blocked, and the caller may say why":       {task: "senior", permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.senior true"}},
		"blocked, and the caller may not":           {task: "senior", code: "rules.blocked", rules: []string{"base.senior false"}},
		"overridden":                                {task: "senior", overrides: []rulesapi.Override{senior}, permissions: []string{"rules.can_override"}},
		"overridden without the permission":         {task: "senior", overrides: []rulesapi.Override{senior}, permissions: []string{"rules.can_tune"}, code: "rules.blocked", rules: []string{"base.senior false"}},
		"overridden for no reason":                  {task: "senior", overrides: []rulesapi.Override{{Rule: "base.senior", Reason: " "}}, permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.senior true"}},
		"another rule overridden":                   {task: "senior", overrides: []rulesapi.Override{why, {Rule: "base.lost", Reason: "?"}}, permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.senior true"}},
		"an unknown rule overridden says nothing":   {task: "other", overrides: []rulesapi.Override{{Rule: "base.lost", Reason: "?"}}},
		"a reason wanted":                           {task: "why", code: "rules.reason_required", rules: []string{"base.why true"}},
		"a reason given, by whoever may act":        {task: "why", overrides: []rulesapi.Override{why}},
		"a block and a reason wanted":               {task: "both", permissions: []string{"rules.can_override"}, code: "rules.blocked", rules: []string{"base.senior true", "base.why true"}},
		"the block passed, the reason still wanted": {task: "both", overrides: []rulesapi.Override{senior}, permissions: []string{"rules.can_override"}, code: "rules.reason_required", rules: []string{"base.why true"}},
		"the block passed and the reason given":     {task: "both", overrides: []rulesapi.Override{why, senior}, permissions: []string{"rules.can_override"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withTaskRules(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
				warnings, err := m.Pass(holding(ctx, c.permissions...), tx, r.completing(c.task, c.overrides...))
				if c.code == "" { // nor is told again what was passed with a reason
					if err != nil || len(warnings) != 1 || warnings[0] != (rulesapi.Warning{Code: "base.warns", Severity: "info", Message: "A child."}) {
						t.Errorf("got %+v, %v", warnings, err)
					}
					return
				}
				wantCode(t, err, c.code)
				refused := errs.Of(err)
				fired, _ := refused.Extra["rules"].([]rulesapi.Fired)
				var got, codes []string
				for _, f := range fired {
					got, codes = append(got, fmt.Sprint(f.Code, " ", f.Overridable)), append(codes, f.Code)
				}
				if !slices.Equal(got, c.rules) || !slices.Equal(refused.Reasons, codes) {
					t.Errorf("got %v, for the audit %v; want %v", got, refused.Reasons, c.rules)
				}
				if kept := firings(ctx, t, tx, m, rules.FiringsInput{}); len(kept) != 0 {
					t.Errorf("an act that is refused left %+v", kept)
				}
			})
		})
	}
}

func firings(ctx context.Context, t testing.TB, tx db.Tx, m *rules.Module, in rules.FiringsInput) []rules.Firing {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if in.Limit == 0 {
		in.Limit = 50
	}
	var all []rules.Firing
	for {
		page, err := m.Firings(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Results...)
		if page.Next == nil {
			return all
		}
		in.Cursor = *page.Next
	}
}

// Every firing of an act that passes is kept: what it did, why, and with whose reason.
func TestFiringsAreKept(t *testing.T) {
	t.Parallel()
	withTaskRules(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		asked, err := m.Pass(ctx, tx, r.completing("opens"))
		var told []string
		for _, w := range asked {
			told = append(told, w.Code+" "+w.Message)
		}
		if want := []string{"base.alerts Alert.", "base.opens Call.", "base.tells Notice.", "base.warns A child."}; err != nil || !slices.Equal(told, want) {
			t.Errorf("told %q, %v", told, err)
		}
		pass := func(code string, overrides ...rulesapi.Override) {
			t.Helper()
			if _, err := m.Pass(ctx, tx, r.completing(code, overrides...)); err != nil {
				t.Fatal(err)
			}
		}
		pass("senior", rulesapi.Override{Rule: "base.senior", Reason: " The senior agrees. "})
		got := map[string]rules.Firing{}
		for _, f := range firings(ctx, t, tx, m, rules.FiringsInput{}) {
			got[f.Rule] = f
		}
		senior := got["base.senior"]
		if senior.Outcome != "overridden" || *senior.Reason != "The senior agrees." || senior.Effect != "block" || senior.Message != "The task: ask a senior." ||
			senior.EncounterID != r.encounterID || senior.PatientID != r.patientID || *senior.ActorID != tx.Scope().UserID || !senior.At.Equal(tx.Now()) ||
			senior.Pack != "base" || senior.PackVersion != "1.0.0" || senior.Moment != "task.complete" || senior.Facts["task.code"] != "senior" {
			t.Errorf("got %+v", senior)
		}
		for rule, outcome := range map[string]string{"base.warns": "warned", "base.opens": "task_opened", "base.alerts": "alert_raised", "base.tells": "notification_recorded"} {
			if f := got[rule]; f.Outcome != outcome || f.Reason != nil {
				t.Errorf("%s: got %+v", rule, f)
			}
		}
		if len(got) != 5 {
			t.Errorf("got %v", got)
		}
	})
}

// What asks for more than words is an event; what only speaks is none.
func TestWhatRulesAskForIsAnEvent(t *testing.T) {
	t.Parallel()
	withTaskRules(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		if _, err := m.Pass(ctx, tx, r.completing("opens")); err != nil {
			t.Fatal(err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var effects []string
		err := tx.QueryRow(ctx, `SELECT array_agg(payload->>'effect' ORDER BY payload->>'effect') FROM events.event
			WHERE name = 'rules.fired.v1' AND encounter_id = $1 AND patient_id = $2`, r.encounterID, r.patientID).Scan(&effects)
		if err != nil || !slices.Equal(effects, []string{"notify", "open_task", "raise_alert"}) {
			t.Errorf("got %v, %v", effects, err)
		}
	})
}

func TestAnEncounterThatIsOverTakesNoTask(t *testing.T) {
	t.Parallel()
	withTaskRules(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		r.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: r.patientID, Status: "CLOSED"}).ID
		if _, err := m.Pass(ctx, tx, r.completing("opens")); err != nil {
			t.Fatal(err)
		}
		opens := firings(ctx, t, tx, m, rules.FiringsInput{Rule: "base.opens"})
		if len(opens) != 1 || opens[0].Outcome != "task_not_opened" {
			t.Errorf("got %+v", opens)
		}
	})
}

func TestFiringsAreListedNewestFirstByWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	withTaskRules(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		other := record{patientID: girl(ctx, t, tx)}
		other.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: other.patientID}).ID
		for _, q := range []rulesapi.Question{r.completing("opens"), r.completing("quiet"), other.completing("quiet")} {
			if _, err := m.Pass(ctx, tx, q); err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			in   rules.FiringsInput
			want int
		}{
			"all":             {rules.FiringsInput{}, 6},
			"of an encounter": {rules.FiringsInput{EncounterID: other.encounterID}, 1},
			"of a patient":    {rules.FiringsInput{PatientID: r.patientID}, 5},
			"of a rule":       {rules.FiringsInput{Rule: "base.warns"}, 3},
			"of both":         {rules.FiringsInput{Rule: "base.warns", PatientID: other.patientID}, 1},
			"since now":       {rules.FiringsInput{Since: tx.Now()}, 6},
			"until now":       {rules.FiringsInput{Until: tx.Now()}, 0},
			"of nobody":       {rules.FiringsInput{PatientID: uuid.New()}, 0},
		} {
			for limit := 1; limit <= 7; limit += 3 {
				c.in.Limit = limit
				seen := map[uuid.UUID]bool{}
				found := firings(ctx, t, tx, m, c.in)
				for i, f := range found {
					seen[f.ID] = true
					if i > 0 && found[i-1].At.Before(f.At) {
						t.Errorf("%s: not newest first", name)
					}
				}
				if len(found) != c.want || len(seen) != c.want {
					t.Errorf("%s by %d: got %d, want %d", name, limit, len(found), c.want)
				}
			}
		}
	})
}

func TestClosingIsPassedLikeAnyOtherAct(t *testing.T) {
	t.Parallel()
	const closing = `
- {code: base.child,  on: encounter.close, when: patient.age_years < 18, then: {effect: require_reason}, severity: warning, message: Tell the guardian.}
- {code: base.unpaid, on: encounter.close, when: encounter.system_data.paid == false, then: {effect: block}, severity: warning, message: Not paid., overridable_by: rules.can_override}
- {code: base.girl,   on: encounter.close, when: patient.gender == 'female', then: {effect: warn}, severity: info, message: A girl.}
`
	withPacks(t, ruled(t, closing), func(ctx context.Context, tx db.Tx, m *rules.Module) {
		facts := opd()
		facts.PatientID, facts.SystemData, facts.Now = girl(ctx, t, tx), []byte(`{"paid":false}`), tx.Now()
		facts.EncounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: facts.PatientID}).ID
		unpaid, child := rulesapi.Override{Rule: "base.unpaid", Reason: "Poor."}, rulesapi.Override{Rule: "base.child", Reason: "Told by phone."}
		for _, c := range []struct {
			overrides []rulesapi.Override
			code      string
			blocking  int
		}{
			{nil, "rules.blocked", 2}, {[]rulesapi.Override{child}, "rules.blocked", 1}, {[]rulesapi.Override{unpaid}, "rules.reason_required", 1},
		} {
			gate, _, err := m.PassClose(ctx, tx, facts, c.overrides)
			wantCode(t, err, c.code)
			if gate.CanClose || len(gate.Blocking) != c.blocking {
				t.Errorf("got %+v", gate)
			}
		}
		gate, warnings, err := m.PassClose(ctx, tx, facts, []rulesapi.Override{unpaid, child})
		if err != nil || !gate.CanClose || len(warnings) != 1 || warnings[0].Code != "base.girl" {
			t.Errorf("got %+v, %+v, %v", gate, warnings, err)
		}
		kept := firings(ctx, t, tx, m, rules.FiringsInput{EncounterID: facts.EncounterID})
		var outcomes []string
		for _, f := range kept {
			outcomes = append(outcomes, f.Rule+" "+f.Outcome)
		}
		slices.Sort(outcomes)
		if want := []string{"base.child overridden", "base.girl warned", "base.unpaid overridden"}; !slices.Equal(outcomes, want) {
			t.Errorf("got %v", outcomes)
		}
	})
}
