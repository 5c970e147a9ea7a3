package rules_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/rules"
)

func listed(ctx context.Context, t testing.TB, tx db.Tx, m *rules.Module, in rules.ListInput) []string {
	t.Helper()
	in.Count = true
	codes := []string{}
	for {
		page, err := m.List(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range page.Results {
			codes = append(codes, rule.Code)
		}
		if page.Next == nil {
			if *page.Count != int64(len(codes)) {
				t.Errorf("count says %d of %d", *page.Count, len(codes))
			}
			return codes
		}
		in.Cursor = *page.Next
	}
}

func TestListGivesTheRulesOfAMoment(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		closing := []string{"base.critical_results_acknowledged", "base.required_documents", "base.required_tasks"}
		for limit := 1; limit <= 4; limit++ {
			if got := listed(ctx, t, tx, m, rules.ListInput{PageParams: httpx.PageParams{Limit: limit}, On: "encounter.close", Pack: "base"}); !slices.Equal(got, closing) {
				t.Errorf("by %d: got %v, want %v", limit, got, closing)
			}
		}
		all := listed(ctx, t, tx, m, rules.ListInput{PageParams: httpx.PageParams{Limit: 50}})
		if !slices.Contains(all, "base.died_after_admission") || !slices.Contains(all, "base.required_tasks") || !slices.IsSorted(all) {
			t.Errorf("got %v", all)
		}
	})
}

func TestListRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		_, err := m.List(ctx, tx, rules.ListInput{On: "encounter.lost"})
		wantFaults(t, err, "query.on")
		_, err = m.List(ctx, tx, rules.ListInput{Pack: "atlantis"})
		wantCode(t, err, "packs.unknown_pack")
	})
}

func TestGetShowsTheRuleAsItHolds(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		in := rules.ByCode{Code: "base.required_tasks"}
		rule, err := m.Get(ctx, tx, in)
		if err != nil || !rule.Enabled || rule.Severity != "safety" || rule.Override != nil || rule.ETag() != `"0"` || rule.Effect != "block" ||
			rule.Parameters["follow_workflow"] != true || rule.OverridableBy != nil {
			t.Errorf("got %+v, %v", rule, err)
		}
		tune(ctx, t, tx, m, in.Code, func(in *rules.TuneInput) {
			in.Body.Severity, in.Body.Parameters = "warning", map[string]any{"follow_workflow": false}
		})
		rule, err = m.Get(ctx, tx, in)
		if err != nil || rule.Severity != "warning" || rule.Defaults.Severity != "safety" || rule.Parameters["follow_workflow"] != false ||
			rule.Defaults.Parameters["follow_workflow"] != true || !reflect.DeepEqual(rule.Override.Parameters, map[string]any{"follow_workflow": false}) ||
			rule.Parameters["tasks"] == nil || rule.ETag() != `"1"` {
			t.Errorf("got %+v, %v", rule, err)
		}
	})
}

func TestAnUnknownRuleIsNotFound(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		for _, code := range []string{"base.lost", "atlantis.required_tasks", "required_tasks", ".", ".required_tasks", ""} {
			_, err := m.Get(ctx, tx, rules.ByCode{Code: code})
			wantCode(t, err, "rules.not_found")
			_, err = m.Tune(ctx, tx, tuneInput(code))
			wantCode(t, err, "rules.not_found")
		}
	})
}

func TestTuneNamesEveryFault(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		for name, c := range map[string]struct {
			parameters map[string]any
			locations  []string
		}{
			"unknown":      {map[string]any{"colour": "red"}, []string{"body.parameters.colour"}},
			"wrong type":   {map[string]any{"follow_workflow": "yes"}, []string{"body.parameters.follow_workflow"}},
			"both":         {map[string]any{"colour": "red", "tasks": "x"}, []string{"body.parameters.colour", "body.parameters.tasks"}},
			"far too much": {map[string]any{"tasks": []any{strings.Repeat("x", 70_000)}}, []string{"body.parameters"}},
		} {
			t.Run(name, func(t *testing.T) {
				in := tuneInput("base.required_tasks")
				in.Body.Parameters = c.parameters
				_, err := m.Tune(ctx, tx, in)
				wantFaults(t, err, c.locations...)
			})
		}
	})
}

func TestTuneReplacesTheOverrideWhole(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		tune(ctx, t, tx, m, "base.required_tasks", func(in *rules.TuneInput) {
			in.Body.Enabled, in.Body.Severity, in.Body.Parameters = ptr(false), "info", map[string]any{"tasks": []any{"x"}}
		})
		rule := tune(ctx, t, tx, m, "base.required_tasks", func(*rules.TuneInput) {})
		if !rule.Enabled || rule.Severity != "safety" || len(rule.Override.Parameters) != 0 || rule.ETag() != `"2"` {
			t.Errorf("got %+v", rule)
		}
	})
}

func TestTuneRefusesAStaleVersion(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		first := func(in *rules.TuneInput) { in.IfMatch = httpx.IfMatch{IfMatch: `"0"`} }
		tune(ctx, t, tx, m, "base.required_tasks", first)
		in := tuneInput("base.required_tasks")
		first(&in)
		_, err := m.Tune(ctx, tx, in)
		wantCode(t, err, "request.stale")
	})
}

func TestParallelTuningKeepsOneOverride(t *testing.T) {
	t.Parallel()
	library, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	d := testkit.NewDatabase(t)
	m := newModule(library)
	ctx := db.WithScope(context.Background(), testkit.NewScope())
	var racing sync.WaitGroup
	for range 16 {
		racing.Go(func() {
			err := d.Pool.InTx(ctx, func(tx db.Tx) error {
				_, err := m.Tune(ctx, tx, tuneInput("base.required_tasks"))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	racing.Wait()
	err = d.Pool.InTx(ctx, func(tx db.Tx) error {
		rule, err := m.Get(ctx, tx, rules.ByCode{Code: "base.required_tasks"})
		if rule.ETag() != `"16"` {
			t.Errorf("got version %s", rule.ETag())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func tryInput(parameters map[string]any, facts map[string]any) rules.TryInput {
	in := rules.TryInput{ByCode: rules.ByCode{Code: "base.required_tasks"}}
	in.Body.Facts, in.Body.Parameters = facts, parameters
	return in
}

func TestTry(t *testing.T) {
	t.Parallel()
	facts := map[string]any{
		"required": map[string]any{"tasks": []any{map[string]any{"code": "record-vitals", "title": "Record vitals"}}, "documents": []any{}},
		"facts":    map[string]any{"tasks": []any{}, "documents": []any{}, "critical_results": []any{}},
	}
	for name, c := range map[string]struct {
		facts, parameters map[string]any
		fires             bool
		failure, message  *string
	}{
		"it fires":                   {facts, nil, true, nil, ptr("Still to be done: Record vitals.")},
		"other parameters":           {facts, map[string]any{"follow_workflow": false}, false, nil, nil},
		"facts that say too little":  {map[string]any{}, nil, false, ptr("missing_fact"), ptr("This safety rule could not be checked, so the act is held back: base.required_tasks.")},
		"facts that are of no shape": {map[string]any{"required": 7.0, "facts": "x"}, nil, false, ptr("missing_fact"), ptr("This safety rule could not be checked, so the act is held back: base.required_tasks.")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
				tune(ctx, t, tx, m, "base.required_tasks", func(in *rules.TuneInput) { in.Body.Enabled = ptr(false) })
				trial, err := m.Try(ctx, tx, tryInput(c.parameters, c.facts))
				if err != nil || trial.Enabled || trial.Fires != c.fires || !reflect.DeepEqual(trial.Failure, c.failure) || !reflect.DeepEqual(trial.Message, c.message) || trial.Facts == nil {
					t.Errorf("got %+v, %v", trial, err)
				}
				if c.fires && !reflect.DeepEqual(trial.Facts["missing_tasks"], []any{"record-vitals"}) {
					t.Errorf("why: %v", trial.Facts)
				}
			})
		})
	}
}

func TestTryRefusesParametersTheRuleLacks(t *testing.T) {
	t.Parallel()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		_, err := m.Try(ctx, tx, tryInput(map[string]any{"colour": "red"}, map[string]any{}))
		wantFaults(t, err, "body.parameters.colour")
	})
}
