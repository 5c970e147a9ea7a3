package lab_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// rounds of each race: enough that the acts meet at every point of each other.
const rounds = 12

func inDatabase(ctx context.Context, t testing.TB, d *testkit.Database, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		fn(ctx, tx)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// atCommittedBench is a bench on a database of its own.
func atCommittedBench(t testing.TB) (context.Context, *testkit.Database, *bench) {
	t.Helper()
	d := testkit.NewDatabase(t)
	b, ctx := newModules(t), db.WithScope(context.Background(), testkit.NewScope())
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { b.open(ctx, t, tx) })
	return ctx, d, b
}

// race runs acts at once, each in a transaction of its own, and gives which succeeded. The others must be refused as a
// conflict; anything else, such as a deadlock, is an error.
func race(ctx context.Context, t *testing.T, d *testkit.Database, acts ...func(tx db.Tx) error) []bool {
	t.Helper()
	var racing sync.WaitGroup
	won := make([]bool, len(acts))
	begin := make(chan struct{})
	for i, act := range acts {
		racing.Go(func() {
			<-begin
			err := d.Pool.InTx(ctx, act)
			switch e := errs.Of(err); {
			case err == nil:
				won[i] = true
			case e == nil || e.Kind != errs.KindConflict:
				t.Error(err)
			}
		})
	}
	close(begin)
	racing.Wait()
	return won
}

func wins(won []bool) (count int) {
	for _, w := range won {
		if w {
			count++
		}
	}
	return count
}

// eventsOf counts the events of a name, over all.
func eventsOf(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, name string) (count int) {
	t.Helper()
	recorded, err := events.OfEncounter(ctx, tx, encounterID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recorded {
		if r.Name == name {
			count++
		}
	}
	return count
}

func TestOfTwoWhoDoTheSameOneWins(t *testing.T) {
	t.Parallel()
	// Each prepares what is raced for, gives the act, and the event that it tells once.
	for name, prepare := range map[string]func(ctx context.Context, tx db.Tx, b *bench) (act func(tx db.Tx) error, event string){
		"collect": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			items := b.ask(ctx, t, tx, "POTASSIUM")
			return func(tx db.Tx) error { _, err := b.Collect(ctx, tx, taking(items...)); return err }, "lab.sample_collected.v1"
		},
		"receive": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			sample := b.collect(ctx, t, tx, b.ask(ctx, t, tx, "POTASSIUM")...)
			return func(tx db.Tx) error { _, err := b.Receive(ctx, tx, byID(sample.ID)); return err }, "lab.sample_received.v1"
		},
		"discard": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			items := b.ask(ctx, t, tx, "POTASSIUM")
			sample := b.receive(ctx, t, tx, items...)
			b.enter(ctx, t, tx, items[0], "K", 4)
			return func(tx db.Tx) error { _, err := b.Discard(ctx, tx, byID(sample.ID)); return err }, "lab.sample_discarded.v1"
		},
		"enter": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			item := b.received(ctx, t, tx, "POTASSIUM")
			var number atomic.Int64
			return func(tx db.Tx) error {
				_, err := b.Enter(ctx, tx, entering(item, "K", 3.6+0.1*float64(number.Add(1))))
				return err
			}, "lab.result_entered.v1"
		},
		"verify": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			r := b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4)
			return func(tx db.Tx) error { _, err := b.Verify(ctx, tx, verifying(r.ID, "")); return err }, "lab.result_verified.v1"
		},
		"release": func(ctx context.Context, tx db.Tx, b *bench) (func(db.Tx) error, string) {
			r := b.verify(ctx, t, tx, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4).ID)
			return func(tx db.Tx) error { _, err := b.Release(ctx, tx, releasing(r.ID)); return err }, "lab.result_released.v1"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, d, b := atCommittedBench(t)
			for round := range rounds {
				var act func(tx db.Tx) error
				var event string
				inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { act, event = prepare(ctx, tx, b) })
				won := wins(race(ctx, t, d, act, act, act))
				inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
					// Two who enter one after the other both write a version; at once, the second is told to look again.
					told := eventsOf(ctx, t, tx, b.encounter.ID, event)
					if name == "enter" {
						b.gapless(ctx, t, tx)
						if won == 0 {
							t.Errorf("round %d: nobody won", round)
						}
						return
					}
					if won != 1 || told != round+1 {
						t.Errorf("round %d: %d of three won, and %d were told of", round, won, told)
					}
				})
			}
		})
	}
}

// gapless checks that the versions of every test are 1, 2, 3 ..., each superseding the one before, the last the latest.
func (b *bench) gapless(ctx context.Context, t testing.TB, tx db.Tx) {
	t.Helper()
	var wrong int
	err := tx.QueryRow(ctx, `
		SELECT count(*) FROM lab.request q
		JOIN (SELECT order_item_id, count(*) AS versions, max(version) AS last, count(DISTINCT supersedes_id) AS superseded FROM lab.result GROUP BY 1) r
			ON r.order_item_id = q.order_item_id
		WHERE r.versions <> r.last OR r.superseded <> r.last - 1 OR q.latest_version <> r.last
			OR q.latest_result_id <> (SELECT id FROM lab.result l WHERE l.order_item_id = q.order_item_id AND l.version = r.last)`).Scan(&wrong)
	if err != nil || wrong != 0 {
		t.Errorf("%d tests have versions that fork or skip: %v", wrong, err)
	}
}

// A correction enters while what it corrects is released: one is first. Where the release is, the correction is one; where
// the entry is, what was to be released is superseded and stays unreleased.
func TestACorrectionDuringARelease(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	seen := map[string]int{}
	for range 2 * rounds {
		var r labapi.Result
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			r = b.verify(ctx, t, tx, b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4).ID)
		})
		won := race(ctx, t, d,
			func(tx db.Tx) error { _, err := b.Release(ctx, tx, releasing(r.ID)); return err },
			func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(r.OrderItemID, "K", 4.2)); return err })
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			history := must[lab.ResultHistory](t)(b.History(ctx, tx, labHistory(r.ID)))
			story := fmt.Sprint(won)
			for _, v := range history.Results {
				story += fmt.Sprintf(" %s(correction %t)", v.Status, v.IsCorrection)
			}
			seen[story]++
			b.gapless(ctx, t, tx)
		})
	}
	for story := range seen {
		switch story {
		case "[true false] RELEASED(correction false)", "[false true] VERIFIED(correction false) ENTERED(correction false)",
			"[true true] RELEASED(correction false) ENTERED(correction true)":
		default:
			t.Errorf("what came of it: %s", story)
		}
	}
}

// A sample is rejected while a result is entered from it: the result is entered first, and void, or not at all.
func TestARejectionDuringAnEntry(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	for range rounds {
		var sample labapi.Sample
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			sample = b.receive(ctx, t, tx, b.ask(ctx, t, tx, "POTASSIUM", "RENAL")...)
		})
		won := race(ctx, t, d,
			func(tx db.Tx) error { _, err := b.Reject(ctx, tx, rejecting(sample.ID, "CLOTTED")); return err },
			func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(sample.OrderItemIDs[0], "K", 4)); return err })
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			var results int
			var status string
			err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM lab.result WHERE sample_id = $1), status FROM lab.request WHERE order_item_id = $2`,
				sample.ID, sample.OrderItemIDs[0]).Scan(&results, &status)
			if err != nil {
				t.Fatal(err)
			}
			now := must[labapi.Sample](t)(b.GetSample(ctx, tx, byID(sample.ID)))
			switch story := fmt.Sprintf("%v %s %d %s", won, now.Status, results, status); story {
			case "[true false] REJECTED 0 ORDERED", "[false true] RECEIVED 1 ENTERED", "[true true] REJECTED 1 ORDERED":
			default:
				t.Errorf("what came of it: %s", story)
			}
		})
	}
}

// Two tests of one tube are entered at once: they do not stand in each other's way.
func TestDifferentTestsAreEnteredAtOnce(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	for range rounds {
		var items []uuid.UUID
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			items = b.ask(ctx, t, tx, "POTASSIUM", "POTASSIUM", "POTASSIUM")
			b.receive(ctx, t, tx, items...)
		})
		var acts []func(tx db.Tx) error
		for _, item := range items {
			acts = append(acts, func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(item, "K", 4)); return err })
		}
		if won := wins(race(ctx, t, d, acts...)); won != len(items) {
			t.Errorf("%d of %d were entered", won, len(items))
		}
	}
}

// Two results that call for the same further test are entered at once: it is ordered once.
func TestTwoResultsOrderOneFurtherTest(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	for round := range rounds {
		var items []uuid.UUID
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			patient := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Another", MRN: fmt.Sprint("R-", round), Gender: "female"})
			b.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patient})
			items = b.ask(ctx, t, tx, "THYROID", "THYROID")
			b.receive(ctx, t, tx, items...)
		})
		var acts []func(tx db.Tx) error
		for _, item := range items {
			acts = append(acts, func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(item, "TSH", 9)); return err })
		}
		if won := wins(race(ctx, t, d, acts...)); won != len(items) {
			t.Errorf("%d of %d were entered", won, len(items))
		}
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			want(t, waiting(ctx, t, tx, b.encounter.ID, "FREE"), "RECEIVED")
		})
	}
}

// Whatever is done to a test while its order is cancelled, nobody waits for the other for ever, and nothing is half done.
func TestCancellingDoesNotWaitInACircle(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	for range rounds {
		var order ordersapi.Order
		var items []uuid.UUID
		var r labapi.Result
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			order, items = b.order(ctx, t, tx, "STAT", "POTASSIUM", "RENAL", "BLOOD", "HIVTEST")
			b.receive(ctx, t, tx, items[0], items[1])
			r = b.enter(ctx, t, tx, items[0], "K", 4)
		})
		cancelling := orders.CancelInput{ByID: orders.ByID{ID: order.ID}, Body: orders.Reason{Reason: "A slip"}}
		race(ctx, t, d,
			func(tx db.Tx) error { _, err := b.orders.Cancel(ctx, tx, cancelling); return err },
			func(tx db.Tx) error { _, err := b.Verify(ctx, tx, verifying(r.ID, "")); return err },
			func(tx db.Tx) error { _, err := b.Enter(ctx, tx, entering(items[1], "K", 4)); return err },
			func(tx db.Tx) error { _, err := b.Collect(ctx, tx, taking(items[2])); return err },
			func(tx db.Tx) error { _, err := b.Collect(ctx, tx, taking(items[3])); return err })
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			now := must[ordersapi.Order](t)(b.orders.Get(ctx, tx, orders.ByID{ID: order.ID}))
			for _, item := range now.Items {
				var status string
				if err := tx.QueryRow(ctx, `SELECT status FROM lab.request WHERE order_item_id = $1`, item.ID).Scan(&status); err != nil ||
					(status == "CANCELLED") != (item.Status == ordersapi.ItemStatusCancelled) {
					t.Errorf("the item is %s, the laboratory's request %s: %v", item.Status, status, err)
				}
			}
		})
	}
}

func TestBarcodesDoNotClash(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	var items []uuid.UUID
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		items = b.ask(ctx, t, tx, strings.Fields(strings.Repeat("POTASSIUM ", 24))...)
	})
	var acts []func(tx db.Tx) error
	for _, item := range items {
		acts = append(acts, func(tx db.Tx) error { _, err := b.Collect(ctx, tx, taking(item)); return err })
	}
	if won := wins(race(ctx, t, d, acts...)); won != len(items) {
		t.Errorf("%d of %d were collected", won, len(items))
	}
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		var distinct int
		if err := tx.QueryRow(ctx, `SELECT count(DISTINCT barcode) FROM lab.sample WHERE barcode BETWEEN '2603100001' AND '2603100024'`).Scan(&distinct); err != nil || distinct != len(items) {
			t.Errorf("%d barcodes, numbered without a gap: %v", distinct, err)
		}
	})
}
