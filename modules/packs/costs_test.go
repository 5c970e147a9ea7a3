package packs

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// What a call reads is what it costs: each of these walks 2,000 entries, far within the limit, and at each of them reads
// through something large.
func TestCallsCostWhatTheyRead(t *testing.T) {
	t.Parallel()
	entries, numbers, free := make([]any, 2_000), make([]any, 2_000), map[string]any{}
	for i := range entries {
		entries[i], numbers[i], free[fmt.Sprint("k", i)] = float64(i), float64(i), float64(i)
	}
	payload := map[string]any{"l": entries, "numbers": numbers, "t": strings.Repeat("a", 240_000), "free": free, "few": []any{1.0, 2.0}}
	const properties = `
l: {type: array, items: {type: integer}}
few: {type: array, items: {type: integer}}
numbers: {type: array, items: {type: number}}
t: {type: string}
free: {type: object}
`
	for _, expression := range []string{
		"doc.%s.exists(i, lower(doc.t) == 'zz')",
		"doc.%s.exists(i, size(doc.t) == i + 1000000)",
		"doc.%s.exists(i, sum(doc.numbers) < 0.0)",
		"doc.%s.exists(i, max(doc.numbers) < 0.0)",
		"doc.%s.exists(i, min(doc.numbers) < 0.0)",
		"doc.%s.exists(i, doc.free != doc.free)",
		"doc.%s.exists(i, doc.numbers != doc.numbers)",
		"doc.%s.exists(i, doc.free in [doc.numbers, doc.free] && i < 0)",
		"doc.%s.exists(i, now.getHours('Asia/Kolkata') > 24)",
		"doc.%s.exists(i, round(1.005, 2) + round(1.005, 2) + round(1.005, 2) < 1.0)",
	} {
		for list, want := range map[string]error{"l": errCost, "few": nil} {
			source := fmt.Sprintf(expression, list)
			f := formOf(t, properties, "out: "+quote(source))
			if computed, _, err := f.Compute(payload, packsapi.About{Now: time.Unix(1e9, 0)}); !errors.Is(err, want) || (want == nil && computed["out"] != false) {
				t.Errorf("%s: %v, %v", source, computed, err)
			}
		}
	}
}

// manyWalks costs, over 80 entries, less than one expression may and more than a fiftieth of the total.
const manyWalks = "doc.l.all(a, doc.l.all(b, a + b >= 0))"

// One form's expressions cannot spend together what none of them may spend alone.
func TestFormHasATotalCost(t *testing.T) {
	t.Parallel()
	l := make([]any, 80)
	for i := range l {
		l[i] = float64(i)
	}
	for count, want := range map[int]error{5: nil, 60: errCost} {
		var computed strings.Builder
		for i := range count {
			fmt.Fprintf(&computed, "c%d: %s\n", i, manyWalks)
		}
		_, _, err := formOf(t, "l: {type: array, items: {type: integer}}", computed.String()).Compute(map[string]any{"l": l}, packsapi.About{})
		if !errors.Is(err, want) {
			t.Errorf("%d expressions: %v", count, err)
		}
	}
}

// What the rules of a moment may spend together is bounded too; those that come after cannot be checked, and say so.
func TestMomentHasATotalCost(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	for i := range 60 {
		fmt.Fprintf(&source, "- {code: test.rule%02d, on: order.create, severity: safety, message: M, then: {effect: block}, "+
			"when: \"order.items.exists(a, order.items.exists(b, a.quantity + b.quantity < 0))\"}\n", i)
	}
	facts := packsapi.OrderFacts{}
	for range 80 {
		facts.Items = append(facts.Items, packsapi.OrderItemFact{ServiceCode: "X", Quantity: 1})
	}
	firings, err := rulesOf(t, source.String()).Evaluate(t.Context(), facts.Map(), nil, "en")
	if err != nil || len(firings) == 0 || len(firings) == 60 {
		t.Fatal(len(firings), err)
	}
	for i, f := range firings {
		if f.Failure != "cost_limit" || f.Effect != packsapi.EffectBlock || f.Code != fmt.Sprintf("test.rule%02d", 60-len(firings)+i) {
			t.Error(f)
		}
	}
}
