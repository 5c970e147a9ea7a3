package orders_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

func TestAnOrderIsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		request := asking("LAB", "CBC", "UREA")
		request.Priority, request.Note = "URGENT", "  Fasting  "
		request.Items[0].Priority, request.Items[0].Quantity, request.Items[0].Instructions = "STAT", 2, "Left arm"
		made := w.order(ctx, t, tx, request)
		wantStates(t, made, "CREATED: CBC REQUESTED, UREA REQUESTED")
		first, second := made.Items[0], made.Items[1]
		if made.Priority != "URGENT" || *made.Note != "Fasting" || made.Pack != "base" || made.OrderedBy.FullName != "Doctor Rao" || made.ETag() != `"1"` {
			t.Errorf("the order is %+v", made)
		}
		if first.Name != "Complete blood count" || first.Priority != "STAT" || first.Quantity != 2 || *first.Instructions != "Left arm" || !first.DueAt.Equal(testkit.Epoch.Add(45*time.Minute)) {
			t.Errorf("the first item is %+v", first)
		}
		if second.Priority != "URGENT" || second.Quantity != 1 || second.Instructions != nil || second.DueAt != nil || len(second.Data) != 0 {
			t.Errorf("the second item is %+v", second)
		}
		got, err := w.Get(ctx, tx, byID(made.ID))
		if err != nil || states(got) != states(made) || got.Items[0].ID != first.ID || got.Patient.ID != w.encounter.PatientID {
			t.Errorf("read %+v, %v", got, err)
		}
		want(t, told(ctx, t, tx, w.encounter.ID), "created")
	})
}

// Who hears of an order need not ask what its items are called, how urgent they are and when they are due.
func TestTheHouseHearsOfEachItem(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		var heard []ordersapi.CreatedItem
		events.Within(w.bus, "test.hear", func(_ context.Context, _ db.Tx, e ordersapi.Created) error {
			heard = e.Items
			return nil
		})
		request := asking("LAB", "CBC", "UREA")
		request.Items[0].Priority = "STAT"
		made := w.order(ctx, t, tx, request)
		for i, item := range heard {
			wanted := made.Items[i]
			sameDue := item.DueAt == nil && wanted.DueAt == nil || item.DueAt != nil && wanted.DueAt != nil && item.DueAt.Equal(*wanted.DueAt)
			if item.ItemID != wanted.ID || item.Name != wanted.Name || item.Priority != wanted.Priority || !sameDue {
				t.Errorf("heard %+v of %+v", item, wanted)
			}
		}
		if len(heard) != 2 || heard[0].DueAt == nil || heard[0].Priority != "STAT" {
			t.Errorf("heard %+v", heard)
		}
	})
}

func TestUnknownServicesAreNamedByTheirPlaces(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		request := asking("LAB", "NOPE", "CBC", "cbc", "NILAVEMBU")
		_, err := w.Place(ctx, tx, w.encounter.ID, request, nil)
		wantFaults(t, err, "orders.unknown_service", "body.items[0].service_code", "body.items[2].service_code", "body.items[3].service_code", "body.items[3].data.dose_ml")
	})
}

func TestAServiceOfAnotherTypeIsRefused(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		_, err := w.Place(ctx, tx, w.encounter.ID, asking("RADIOLOGY", "CBC"), nil)
		wantFaults(t, err, "orders.invalid", "body.items[0].service_code")
	})
}

func TestDataAreCheckedByTheServicesForm(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		for _, data := range []map[string]any{nil, {"dose_ml": 20.0}, {"dose_ml": "60"}} {
			request := asking("HERBAL", "NILAVEMBU")
			request.Items[0].Data = data
			_, err := w.Place(ctx, tx, w.encounter.ID, request, nil)
			wantFaults(t, err, "orders.invalid", "body.items[0].data.dose_ml")
		}
		plain := asking("LAB", "CBC")
		plain.Items[0].Data = map[string]any{"dose_ml": 60.0}
		_, err := w.Place(ctx, tx, w.encounter.ID, plain, nil)
		wantFaults(t, err, "orders.invalid", "body.items[0].data")
		made := w.order(ctx, t, tx, brew())
		if made.Items[0].Data["dose_ml"] != 60.0 || *made.Items[0].Instructions != "Twice a day before food" {
			t.Errorf("the item is %+v", made.Items[0])
		}
	})
}

func TestAPanelIsOrderedAsWhatItStandsFor(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		request := asking("LAB", "RENAL", "CHECKUP")
		request.Items[0].Priority, request.Items[0].Instructions = "STAT", "Before dialysis"
		made := w.order(ctx, t, tx, request)
		wantStates(t, made, "CREATED: CREAT REQUESTED, UREA REQUESTED, CREAT REQUESTED, UREA REQUESTED, CBC REQUESTED")
		for i, panel := range []string{"RENAL", "RENAL", "CHECKUP", "CHECKUP", "CHECKUP"} {
			if item := made.Items[i]; *item.PanelCode != panel || (item.Priority == "STAT") != (i < 2) || (item.Instructions != nil) != (i < 2) {
				t.Errorf("item %d is %+v", i, item)
			}
		}
		if got := messages(made); len(got) != 2 || !strings.HasPrefix(got[0], "Creatinine is in this order more than once") {
			t.Errorf("warned %q", got)
		}
	})
}

func TestAPanelOfServicesThatCannotBeOrderedTogetherIsRefused(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		_, err := w.Place(ctx, tx, w.encounter.ID, asking("LAB", "MIXED"), nil)
		wantFaults(t, err, "orders.invalid", "body.items[0].service_code")
		_, err = w.Place(ctx, tx, w.encounter.ID, asking("HERBAL", "BREWS"), nil)
		wantFaults(t, err, "orders.invalid", "body.items[0].service_code")
	})
}

func TestAnOrderNeedsAnEncounterUnderWay(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		for _, status := range []encountersapi.Status{encountersapi.StatusClosed, encountersapi.StatusCancelled} {
			over := encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: status})
			_, err := w.Place(ctx, tx, over.ID, asking("LAB", "CBC"), nil)
			wantCode(t, err, "encounters.not_open")
		}
		_, err := w.Place(ctx, tx, unknown, asking("LAB", "CBC"), nil)
		wantCode(t, err, "encounters.not_found")
	})
}

func TestWhatAFindingCallsForIsOrderedAlsoAfterTheClose(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		over := encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: encountersapi.StatusClosed})
		wantStates(t, must(t)(w.PlaceFurther(ctx, tx, over.ID, asking("LAB", "CBC"))), "CREATED: CBC REQUESTED")
		_, err := w.PlaceFurther(ctx, tx, over.ID, asking("LAB", "MERCURY"))
		wantCode(t, err, "rules.blocked")
		cancelled := encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: encountersapi.StatusCancelled})
		_, err = w.PlaceFurther(ctx, tx, cancelled.ID, asking("LAB", "CBC"))
		wantCode(t, err, "encounters.not_open")
	})
}

func messages(o ordersapi.Order) []string {
	var all []string
	for _, w := range o.Warnings {
		if w.Code == "orders.duplicate" {
			all = append(all, w.Message)
		}
	}
	return all
}

func TestARepetitionIsWarnedOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, service string
		after         time.Duration
		warned        string
	}{
		{"at once", "UREA", 0, "Urea was ordered for this patient a moment ago already."},
		{"within the usual day", "UREA", 23 * time.Hour, "Urea was ordered for this patient 23 hours ago already."},
		{"after the usual day", "UREA", 24 * time.Hour, ""},
		{"within the service's own time", "CREAT", 71 * time.Hour, "Creatinine was ordered for this patient 2 days ago already."},
		{"after the service's own time", "CREAT", 72 * time.Hour, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := testkit.NewDatabase(t)
			w, ctx := newModules(t), db.WithScope(context.Background(), testkit.NewScope())
			inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
				w.open(ctx, t, tx)
				w.order(ctx, t, tx, asking("LAB", c.service))
			})
			d.Clock.Advance(c.after)
			inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
				got := messages(w.order(ctx, t, tx, asking("LAB", c.service)))
				if strings.Join(got, "|") != c.warned {
					t.Errorf("warned %q, want %q", got, c.warned)
				}
			})
		})
	}
}

func TestWhatWasCancelledIsNotRepeated(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		first := w.order(ctx, t, tx, asking("LAB", "UREA"))
		must(t)(w.Cancel(ctx, tx, cancelling(first.ID, "A slip")))
		if got := w.order(ctx, t, tx, asking("LAB", "UREA")); len(got.Warnings) != 0 {
			t.Errorf("warned %+v", got.Warnings)
		}
	})
}

func TestRulesDecideOnOrders(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		_, err := w.Place(ctx, tx, w.encounter.ID, asking("LAB", "MERCURY"), []ordersapi.Override{{Rule: "base.no_mercury", Reason: "I want to"}})
		wantCode(t, err, "rules.blocked")
		_, err = w.Place(ctx, tx, w.encounter.ID, asking("LAB", "LEAD"), nil)
		wantCode(t, err, "rules.reason_required")
		in := orders.CreateInput{}
		in.Body.EncounterID, in.Body.Request = w.encounter.ID, asking("LAB", "LEAD")
		in.Body.Overrides = []rulesapi.Override{{Rule: "base.lead_needs_reason", Reason: "Poisoning"}}
		must(t)(w.Create(ctx, tx, in))
		stat := asking("LAB", "UREA")
		stat.Priority = "STAT"
		made := w.order(ctx, t, tx, stat)
		if len(made.Warnings) != 1 || made.Warnings[0].Code != "base.urgent_is_dear" || made.Warnings[0].Severity != "info" {
			t.Errorf("warned %+v", made.Warnings)
		}
		if got := must(t)(w.Get(ctx, tx, byID(made.ID))); got.Warnings != nil {
			t.Errorf("a reading repeats %+v", got.Warnings)
		}
	})
}

func TestRulesKnowTheOtherNamesOfAService(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		request := asking("LAB", "CBC")
		request.Note = "allergic"
		_, err := w.Place(ctx, tx, w.encounter.ID, request, nil)
		wantCode(t, err, "rules.blocked")
	})
}

func TestRulesKnowEarlierOrders(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		w.order(ctx, t, tx, asking("LAB", "IRON"))
		w.order(ctx, t, tx, asking("LAB", "COPPER"))
		_, err := w.Place(ctx, tx, w.encounter.ID, asking("LAB", "IRON"), nil)
		wantCode(t, err, "rules.blocked")
	})
}

func TestARefusedOrderLeavesNothing(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error {
			_, err := w.Place(ctx, tx, w.encounter.ID, asking("LAB", "CBC", "MERCURY"), nil)
			return err
		})
		wantCode(t, err, "rules.blocked")
		want(t, told(ctx, t, tx, w.encounter.ID))
	})
}

func TestTheEventCarriesTheTasksOfEachItem(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, brew())
		event := created(ctx, t, tx, w)
		if len(event.Items) != 1 || event.Items[0].ItemID != made.Items[0].ID || len(event.Items[0].Tasks) != 2 {
			t.Fatalf("told %+v", event)
		}
		short := made.Items[0].ID.String()[:8]
		first, second := event.Items[0].Tasks[0], event.Items[0].Tasks[1]
		if first.Code != "prepare-kashaya-"+short || first.Role != "pharmacist" || first.Title != "Prepare the decoction" || !first.DueAt.Equal(testkit.Epoch.Add(time.Hour)) {
			t.Errorf("the first task is %+v", first)
		}
		if second.Code != "hand-out-"+short || second.DueAt != nil {
			t.Errorf("the second task is %+v", second)
		}
	})
}

func TestItemsOfOneOrderHaveDifferentShortIds(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		request := ordersapi.Request{OrderType: "LAB"}
		for range 100 {
			request.Items = append(request.Items, ordersapi.RequestItem{ServiceCode: "CHECKUP"})
		}
		made := w.order(ctx, t, tx, request)
		var short []string
		for _, item := range made.Items {
			short = append(short, ordersapi.ShortID(item.ID))
		}
		slices.Sort(short)
		if n := len(slices.Compact(short)); n != 300 {
			t.Errorf("%d of 300 are different", n)
		}
		request.Items = append(slices.Clone(request.Items), request.Items...)
		_, err := w.Place(ctx, tx, w.encounter.ID, request, nil)
		wantFaults(t, err, "orders.invalid", "body.items")
	})
}

func TestActionsAreWhatTheCallerMayDo(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC"))
		for permissions, expected := range map[string][2][]string{
			orders.CanRead:     {{}, {}},
			orders.CanComplete: {{}, {"complete"}},
			orders.CanCancel:   {{"cancel"}, {"cancel"}},
		} {
			got := must(t)(w.Get(as(ctx, permissions), tx, byID(made.ID)))
			want(t, got.Actions, expected[0]...)
			want(t, got.Items[0].Actions, expected[1]...)
		}
		must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		got := must(t)(w.Get(ctx, tx, byID(made.ID)))
		if len(got.Actions)+len(got.Items[0].Actions) != 0 || got.Actions == nil || got.Items[0].Actions == nil {
			t.Errorf("done, it may be %v and %v", got.Actions, got.Items[0].Actions)
		}
	})
}

func created(ctx context.Context, t testing.TB, tx db.Tx, w ward) ordersapi.Created {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	var payload []byte
	var entity string
	var patientID uuid.UUID
	err := tx.QueryRow(ctx, `SELECT payload, entity, patient_id FROM events.event WHERE name = 'orders.created.v1' AND encounter_id = $1`, w.encounter.ID).Scan(&payload, &entity, &patientID)
	if err != nil || entity != "order" || patientID != w.encounter.PatientID {
		t.Fatalf("the event is about %s of %s, %v", entity, patientID, err)
	}
	event, err := w.bus.Decode("orders.created.v1", payload)
	if err != nil {
		t.Fatal(err)
	}
	return event.(ordersapi.Created)
}
