package alerts_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

func TestACriticalResultSaysThatItsSampleWasRejected(t *testing.T) {
	t.Parallel()
	for _, acknowledged := range []bool{false, true} {
		t.Run(fmt.Sprint("acknowledged ", acknowledged), func(t *testing.T) {
			t.Parallel()
			inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				var told []uuid.UUID
				events.Within(h.bus, "test.hear", func(_ context.Context, _ db.Tx, e alertsapi.Voided) error { told = e.RecipientIDs; return nil })
				entered, other := h.result(e), h.result(e)
				h.happen(ctx, t, tx, entered)
				alertID, want := h.only(ctx, t, tx).ID, []string{"raised", "sample_rejected"}
				if acknowledged {
					if _, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID)); err != nil {
						t.Fatal(err)
					}
					want = []string{"raised", "acknowledged", "sample_rejected"}
				}
				h.happen(ctx, t, tx, other)
				before := h.get(ctx, t, tx, alertID)
				h.happen(ctx, t, tx, labapi.SampleRejected{ReasonCode: "HEMOLYZED", AboutSample: labapi.AboutSample{
					SampleID: entered.SampleID, EncounterID: e.ID, PatientID: e.PatientID, Items: []labapi.ItemRef{entered.ItemRef}}})
				got := h.get(ctx, t, tx, alertID)
				if got.Status != before.Status || !slices.Equal(acts(got), want) {
					t.Fatalf("%s, %v", got.Status, acts(got))
				}
				if line := got.History[len(got.History)-1]; line.Note == nil || *line.Note != "HEMOLYZED" || got.Facts.ReasonCode != "HEMOLYZED" || got.Facts.ServiceCode != "LYTES" {
					t.Errorf("got %v, %+v", line.Note, got.Facts)
				}
				if got.Version == before.Version {
					t.Error("who has read it before may not notice")
				}
				if !same(told, []uuid.UUID{h.doctor}) {
					t.Errorf("of the rejection are told %v", told)
				}
				for _, alert := range h.list(ctx, t, tx, func(in *alerts.ListInput) { in.Kind = "critical_result" }) {
					if alert.Subject.ID == other.ResultID && alert.Facts.ReasonCode != "" {
						t.Error("the other test's sample was not rejected")
					}
				}
			})
		})
	}
}

func TestACancelledTestEndsWhatWaitedForIt(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		item := labapi.ItemRef{ItemID: id.New(), OrderID: id.New(), ServiceCode: "LYTES"}
		h.happen(ctx, t, tx, labapi.SampleRejected{AboutSample: labapi.AboutSample{SampleID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Items: []labapi.ItemRef{item}}, ReasonCode: "CLOTTED"})
		h.happen(ctx, t, tx, labapi.TestOverdue{EncounterID: e.ID, PatientID: e.PatientID, ItemRef: item, Priority: "STAT"})
		critical := h.result(e)
		critical.ItemID = item.ItemID
		h.happen(ctx, t, tx, critical)
		h.happen(ctx, t, tx, ordersapi.ItemCancelled{AboutItem: aboutItem(e, item)})
		for _, a := range h.list(ctx, t, tx) {
			if over := a.Status == "RESOLVED" && *a.Resolution == "test_cancelled"; over != (a.Kind != "critical_result") {
				t.Errorf("%s is %s", a.Kind, a.Status)
			}
		}
	})
}

// One tube was for three tests: the call for another ends when the last of them waits no more.
func TestARejectedSampleIsAskedForUntilNoTestWaits(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]func(e encountersapi.Encounter, item labapi.ItemRef) (events.Event, string){
		"cancelled": func(e encountersapi.Encounter, item labapi.ItemRef) (events.Event, string) {
			return ordersapi.ItemCancelled{AboutItem: aboutItem(e, item)}, "test_cancelled"
		},
		"completed by hand": func(e encountersapi.Encounter, item labapi.ItemRef) (events.Event, string) {
			return ordersapi.ItemCompleted{AboutItem: aboutItem(e, item)}, "test_completed"
		},
		"collected": func(e encountersapi.Encounter, item labapi.ItemRef) (events.Event, string) {
			return labapi.SampleCollected{AboutSample: labapi.AboutSample{SampleID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Items: []labapi.ItemRef{item}}}, "sample_collected"
		},
	} {
		t.Run(name, func(t *testing.T) {
			inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				var items []labapi.ItemRef
				for _, code := range []string{"LYTES", "CREA", "GLUF"} {
					items = append(items, labapi.ItemRef{ItemID: id.New(), OrderID: id.New(), ServiceCode: code})
				}
				h.happen(ctx, t, tx, labapi.SampleRejected{AboutSample: labapi.AboutSample{SampleID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Items: items}, ReasonCode: "CLOTTED"})
				h.happen(ctx, t, tx, ordersapi.ItemCancelled{AboutItem: aboutItem(e, items[0])})
				h.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: labapi.AboutSample{SampleID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Items: items[2:]}})
				if a := h.only(ctx, t, tx); a.Status != "OPEN" || !slices.Equal(a.Facts.Codes, []string{"CREA"}) || a.Facts.OrderItemIDs[0] != items[1].ItemID {
					t.Errorf("while one waits it is %s of %+v", a.Status, a.Facts)
				}
				event, resolution := last(e, items[1])
				h.happen(ctx, t, tx, event)
				if a := h.only(ctx, t, tx); a.Status != "RESOLVED" || *a.Resolution != resolution {
					t.Errorf("at the end it is %s", a.Status)
				}
			})
		})
	}
}

func aboutItem(e encountersapi.Encounter, item labapi.ItemRef) ordersapi.AboutItem {
	return ordersapi.AboutItem{About: ordersapi.About{OrderID: item.OrderID, EncounterID: e.ID, PatientID: e.PatientID}, ItemID: item.ItemID, ServiceCode: item.ServiceCode}
}
