package lab_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
)

// life is a test as its people would tell it: the model that the laboratory is held against.
type life struct {
	// tube is the newest sample: "", COLLECTED ...; taken says that the test has it still.
	tube  string
	taken bool
	// versions of the result, ENTERED, VERIFIED or RELEASED, the oldest first.
	versions  []string
	cancelled bool
	// void counts the versions of samples that were rejected.
	void int
}

func (l life) last() string {
	if len(l.versions) == 0 {
		return ""
	}
	return l.versions[len(l.versions)-1]
}

// wasReleased tells whether anybody outside saw a version: then the order's item is complete, and cannot be cancelled.
func (l life) wasReleased() bool { return slices.Contains(l.versions, "RELEASED") }

// request is the status that the laboratory should tell.
func (l life) request() string {
	switch {
	case l.cancelled:
		return "CANCELLED"
	case len(l.versions) > l.void:
		return l.last()
	case !l.taken:
		return "ORDERED"
	case l.tube == "COLLECTED":
		return "COLLECTED"
	}
	return "RECEIVED"
}

// do gives the life after an act, or the code of its refusal. version is of the result that is verified or released.
func (l life) do(act string, version int) (life, string) {
	const illegal = "lab.illegal_transition"
	l.versions = slices.Clone(l.versions)
	switch act {
	case "collect":
		switch {
		case l.cancelled:
			return l, "lab.item_not_open"
		case l.taken:
			return l, "lab.already_collected"
		}
		l.tube, l.taken = "COLLECTED", true
	case "receive":
		if l.tube != "COLLECTED" {
			return l, illegal
		}
		l.tube = "RECEIVED"
	case "reject":
		switch {
		case l.tube != "COLLECTED" && l.tube != "RECEIVED" && l.tube != "STORED":
			return l, illegal
		case l.taken && slices.ContainsFunc(l.versions, func(status string) bool { return status != "ENTERED" }):
			return l, "lab.results_entered"
		}
		l.tube, l.void = "REJECTED", len(l.versions)
		l.taken = l.taken && l.cancelled // a cancelled one waits for no other
	case "store":
		if l.tube != "RECEIVED" {
			return l, illegal
		}
		l.tube = "STORED"
	case "discard":
		switch {
		case l.tube != "RECEIVED" && l.tube != "STORED":
			return l, illegal
		case l.request() == "RECEIVED":
			return l, "lab.tests_waiting"
		}
		l.tube = "DISCARDED"
	case "enter":
		switch {
		case l.cancelled:
			return l, "lab.item_not_open"
		case !l.taken || l.tube == "COLLECTED":
			return l, "lab.sample_not_received"
		}
		l.versions = append(l.versions, "ENTERED")
	case "verify", "release":
		switch {
		case l.cancelled:
			return l, "lab.item_not_open"
		case version != len(l.versions)-1:
			return l, "lab.result_not_latest"
		case act == "release" && l.last() == "ENTERED":
			return l, "lab.verification_required"
		case act == "verify" && (l.last() != "ENTERED" || len(l.versions) == l.void), act == "release" && l.last() != "VERIFIED":
			return l, illegal
		}
		l.versions[version] = map[string]string{"verify": "VERIFIED", "release": "RELEASED"}[act]
	case "cancel":
		switch {
		case l.wasReleased():
			return l, "orders.illegal_transition"
		case len(l.versions) > l.void && !l.cancelled:
			return l, "lab.result_unreleased"
		}
		l.cancelled = true
	}
	return l, ""
}

// Any acts in any order do what the model says, or are refused by its code; and what a result once said, it says for ever.
func TestEveryOrderOfActsIsThatOfTheModel(t *testing.T) {
	acts := []string{"collect", "receive", "receive", "reject", "store", "discard", "enter", "enter", "verify", "verify", "release", "release", "cancel"}
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		rapid.Check(t, func(rt *rapid.T) {
			order, items := b.order(ctx, t, tx, "ROUTINE", "POTASSIUM")
			var sampleID uuid.UUID
			var results []uuid.UUID
			said := map[uuid.UUID]string{}
			model := life{}
			for range 14 {
				act := rapid.SampledFrom(acts).Draw(rt, "act")
				version := 0
				if act == "verify" || act == "release" {
					if len(results) == 0 {
						continue
					}
					version = rapid.IntRange(0, len(results)-1).Draw(rt, "version")
				}
				if (act == "receive" || act == "reject" || act == "store" || act == "discard") && sampleID == uuid.Nil {
					continue
				}
				next, wanted := model.do(act, version)
				err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) (err error) {
					var sample labapi.Sample
					var result labapi.Result
					switch act {
					case "collect":
						if sample, err = b.Collect(ctx, tx, taking(items...)); err == nil {
							sampleID = sample.ID
						}
					case "receive":
						_, err = b.Receive(ctx, tx, byID(sampleID))
					case "reject":
						_, err = b.Reject(ctx, tx, rejecting(sampleID, "CLOTTED"))
					case "store":
						_, err = b.Store(ctx, tx, storing(sampleID, "Fridge"))
					case "discard":
						_, err = b.Discard(ctx, tx, byID(sampleID))
					case "enter":
						if result, err = b.Enter(ctx, tx, entering(items[0], "K", 4.1)); err == nil {
							results = append(results, result.ID)
							said[result.ID] = written(result.Values)
						}
					case "verify":
						_, err = b.Verify(ctx, tx, verifying(results[version], ""))
					case "release":
						_, err = b.Release(ctx, tx, releasing(results[version]))
					case "cancel":
						_, err = b.orders.CancelItem(ctx, tx, orders.CancelItemInput{ItemByID: orders.ItemByID{ByID: orders.ByID{ID: order.ID}, ItemID: items[0]},
							Body: orders.Reason{Reason: "Not needed"}})
					}
					return err
				})
				got := ""
				if e := errs.Of(err); e != nil {
					got = e.Code
				} else if err != nil {
					rt.Fatal(err)
				}
				if got != wanted {
					rt.Fatalf("%s %d of %+v gives %q, not %q", act, version, model, got, wanted)
				}
				model = next
				b.check(ctx, rt, tx, items[0], results, model, said)
			}
		})
	})
}

// check compares what is stored with the model.
func (b *bench) check(ctx context.Context, t *rapid.T, tx db.Tx, item uuid.UUID, results []uuid.UUID, model life, said map[uuid.UUID]string) {
	var status string
	if err := tx.QueryRow(ctx, `SELECT status FROM lab.request WHERE order_item_id = $1`, item).Scan(&status); err != nil || status != model.request() {
		t.Fatalf("the request is %s, not %s: %v", status, model.request(), err)
	}
	if len(results) == 0 {
		return
	}
	history, err := b.History(ctx, tx, labHistory(results[0]))
	if err != nil {
		t.Fatal(err)
	}
	if len(history.Results) != len(model.versions) {
		t.Fatalf("there are %d versions, not %d", len(history.Results), len(model.versions))
	}
	for i, r := range history.Results {
		isFirst := i == 0
		if r.ID != results[i] || r.ResultVersion != i+1 || string(r.Status) != model.versions[i] || r.IsLatest != (i == len(results)-1) ||
			(r.SupersedesID == nil) != isFirst || !isFirst && *r.SupersedesID != results[i-1] ||
			r.IsCorrection != slices.Contains(model.versions[:i], "RELEASED") || written(r.Values) != said[r.ID] {
			t.Fatalf("version %d is %+v", i+1, r)
		}
	}
}

// written is what values say, to the last word.
func written(values []labapi.Value) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return string(text)
}
