package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// order is one of two items, the first with two tasks and the second with one.
func order(e encountersapi.Encounter, due time.Time) (made ordersapi.Created, blood, urine ordersapi.AboutItem) {
	made.About = ordersapi.About{OrderID: uuid.New(), EncounterID: e.ID, PatientID: e.PatientID, OrderType: "HERBAL"}
	blood = ordersapi.AboutItem{About: made.About, ItemID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000000"), ServiceCode: "CBC"}
	urine = ordersapi.AboutItem{About: made.About, ItemID: uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000000"), ServiceCode: "URINE"}
	made.Items = []ordersapi.CreatedItem{
		{ItemID: blood.ItemID, ServiceCode: "CBC", Tasks: []ordersapi.ItemTask{
			{Code: ordersapi.TaskCode("collect", blood.ItemID), Title: "Draw blood", Role: "nurse", DueAt: &due},
			{Code: ordersapi.TaskCode("measure", blood.ItemID), Title: "Count", Role: "lab_technician"}}},
		{ItemID: urine.ItemID, ServiceCode: "URINE", Tasks: []ordersapi.ItemTask{{Code: ordersapi.TaskCode("collect", urine.ItemID), Title: "Take urine", Role: "nurse"}}},
	}
	return made, blood, urine
}

func TestAnOrderOpensTheTasksOfItsItems(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		due := tx.Now().Add(time.Hour)
		made, _, _ := order(e, due)
		for range 2 {
			h.happen(ctx, t, tx, made)
		}
		want(t, states(ctx, t, tx, e.ID), "collect-aaaaaaaa OPEN", "collect-bbbbbbbb OPEN", "measure-aaaaaaaa OPEN")
		first := h.create(ctx, t, tx, e.ID, "collect-aaaaaaaa") // finds it
		if first.Title != "Draw blood" || first.DueAt == nil || !first.DueAt.Equal(due) {
			t.Errorf("got %+v", first)
		}
	})
}

func TestTheTasksOfAnEndedItemNeedNotBeDone(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		made, blood, urine := order(e, tx.Now())
		h.happen(ctx, t, tx, made)
		task := h.create(ctx, t, tx, e.ID, "collect-aaaaaaaa")
		if _, err := h.act(ctx, tx, task.ID, "complete"); err != nil {
			t.Fatal(err)
		}
		h.happen(ctx, t, tx, ordersapi.ItemCompleted{AboutItem: blood})
		want(t, states(ctx, t, tx, e.ID), "collect-aaaaaaaa DONE", "collect-bbbbbbbb OPEN", "measure-aaaaaaaa CANCELLED")
		h.happen(ctx, t, tx, ordersapi.ItemCancelled{AboutItem: urine})
		want(t, states(ctx, t, tx, e.ID), "collect-aaaaaaaa DONE", "collect-bbbbbbbb CANCELLED", "measure-aaaaaaaa CANCELLED")
	})
}

func TestAnOrderOfAnEndedEncounterOpensNothing(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{Status: encountersapi.StatusCancelled}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		made, blood, _ := order(e, tx.Now())
		h.happen(ctx, t, tx, made)
		h.happen(ctx, t, tx, ordersapi.ItemCancelled{AboutItem: blood})
		want(t, states(ctx, t, tx, e.ID))
	})
}
