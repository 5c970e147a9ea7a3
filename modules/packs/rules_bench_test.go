package packs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// fiftyRules are rules of one moment as packs write them: comparisons, lists to look through, dates, parameters.
func fiftyRules(t testing.TB) ruleSet {
	t.Helper()
	conditions := []string{
		"order.order_type == 'HERBAL' && order.items.exists(i, i.service_code.startsWith('RASA-')) && !facts.recent_results.exists(r, r.code == 'CREAT' && r.days_ago <= params.days)",
		"order.items.exists(i, i.service_code == 'METFORMIN') && facts.recent_results.exists(r, r.code == 'EGFR' && has(r.value) && r.value < params.limit)",
		"patient.age_years < 12 && order.items.exists(i, has(i.data.dose_ml) && i.data.dose_ml > 60.0)",
		"facts.active_orders.exists(o, o.service_code in params.codes && o.status != 'CANCELLED' && o.days_ago < params.days)",
		"has(patient.system_specific_data.allopathy) && patient.gender == 'female' && order.priority == 'stat' && encounter.encounter_type == 'OPD'",
	}
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "- {code: test.rule%d, on: order.create, severity: warning, message: \"A reason {days}\", then: {effect: warn}, params: {days: 90, limit: 30.5, codes: [CT, MRI]}, when: %q}\n", i, conditions[i%len(conditions)])
	}
	return rulesOf(t, b.String())
}

func busyOrder() map[string]any {
	age, days := int64(42), int64(15_430)
	facts := packsapi.OrderFacts{OrderType: "HERBAL", Priority: "routine"}
	facts.Patient = packsapi.PatientFacts{AgeYears: &age, AgeDays: &days, Gender: "female",
		SystemSpecificData: map[string]any{"ayurveda": map[string]any{"prakriti": "vata"}, "allopathy": map[string]any{"allergies": []any{map[string]any{"substance": "penicillin"}}}}}
	facts.Encounter = packsapi.EncounterFacts{EncounterType: "OPD", Pack: "ayurveda", Status: "IN_CONSULTATION"}
	facts.Now = time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	for i := range 5 {
		facts.Items = append(facts.Items, packsapi.OrderItemFact{ServiceCode: fmt.Sprintf("TRIPHALA-%d", i), Name: "Triphala", Priority: "routine", Quantity: 1, Data: map[string]any{"dose_ml": 30.0}})
	}
	for i := range 30 {
		value := float64(i)
		facts.Clinical.RecentResults = append(facts.Clinical.RecentResults, packsapi.ResultFact{Code: fmt.Sprintf("TEST%d", i), System: "loinc", Value: &value, Unit: "mg/dl", DaysAgo: i})
	}
	for i := range 10 {
		facts.Clinical.ActiveOrders = append(facts.Clinical.ActiveOrders, packsapi.ActiveOrderFact{OrderType: "LAB", ServiceCode: fmt.Sprintf("LAB%d", i), Status: "COMPLETED", DaysAgo: i})
	}
	return facts.Map()
}

// A moment with 50 rules must cost less than 200 µs.
func BenchmarkAMomentWith50Rules(b *testing.B) {
	rules, facts := fiftyRules(b), busyOrder()
	if firings, err := rules.Evaluate(b.Context(), facts, nil, "en"); err != nil || len(firings) != 0 {
		b.Fatal(firings, err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Evaluate(b.Context(), facts, nil, "en"); err != nil {
			b.Fatal(err)
		}
	}
}
