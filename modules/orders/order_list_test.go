package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// listed gives the ids of every page of a list, two at a time.
func (w ward) listed(ctx context.Context, t testing.TB, tx db.Tx, in orders.ListInput) []uuid.UUID {
	t.Helper()
	in.Limit, in.Count = 2, true
	var all []uuid.UUID
	for {
		page, err := w.List(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Results {
			all = append(all, o.ID)
		}
		if page.Next == nil {
			if int(*page.Count) != len(all) {
				t.Errorf("counted %d, gave %d", *page.Count, len(all))
			}
			return all
		}
		in.Cursor = *page.Next
	}
}

func TestListsGiveWhatTheirFiltersSay(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		lab, herbal := w.order(ctx, t, tx, asking("LAB", "CBC")), w.order(ctx, t, tx, brew())
		elsewhere := must(t)(w.Place(ctx, tx, other.ID, asking("LAB", "UREA"), nil))
		begun := w.order(ctx, t, tx, asking("LAB", "COPPER", "UREA"))
		must(t)(w.CompleteItem(ctx, tx, item(begun, 0)))
		must(t)(w.Cancel(ctx, tx, cancelling(herbal.ID, "A slip")))
		for name, c := range map[string]struct {
			in   orders.ListInput
			want []ordersapi.Order
		}{
			"all":           {orders.ListInput{}, []ordersapi.Order{begun, elsewhere, herbal, lab}},
			"encounter":     {orders.ListInput{EncounterID: w.encounter.ID}, []ordersapi.Order{begun, herbal, lab}},
			"patient":       {orders.ListInput{PatientID: other.PatientID}, []ordersapi.Order{elsewhere}},
			"type":          {orders.ListInput{OrderType: "HERBAL"}, []ordersapi.Order{herbal}},
			"status":        {orders.ListInput{Status: []string{"CREATED"}}, []ordersapi.Order{elsewhere, lab}},
			"statuses":      {orders.ListInput{Status: []string{"IN_PROGRESS,CANCELLED"}}, []ordersapi.Order{begun, herbal}},
			"every status":  {orders.ListInput{Status: []string{"CREATED,IN_PROGRESS", "COMPLETED", "CANCELLED"}}, []ordersapi.Order{begun, elsewhere, herbal, lab}},
			"together":      {orders.ListInput{EncounterID: w.encounter.ID, OrderType: "LAB", Status: []string{"CREATED"}}, []ordersapi.Order{lab}},
			"nothing":       {orders.ListInput{EncounterID: unknown}, nil},
			"unknown types": {orders.ListInput{OrderType: "NOPE"}, nil},
		} {
			var ids []uuid.UUID
			for _, o := range c.want {
				ids = append(ids, o.ID)
			}
			if got := w.listed(ctx, t, tx, c.in); !slices.Equal(got, ids) {
				t.Errorf("%s: got %v, want %v", name, got, ids)
			}
		}
		_, err := w.List(ctx, tx, orders.ListInput{PageParams: httpx.PageParams{Limit: 2}, Status: []string{"DONE"}})
		wantFaults(t, err, "request.invalid", "query.status")
		page, err := w.List(ctx, tx, orders.ListInput{PageParams: httpx.PageParams{Limit: 1}})
		if err != nil || len(page.Results[0].Items) != 2 || len(page.AuditSubject().PatientIDs) != 1 {
			t.Errorf("the list shows %+v, %v", page, err)
		}
	})
}

var kolkata = time.FixedZone("IST", 5*3600+1800)

func TestTheReaderGivesWhatWasNotCancelled(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		made := w.order(ctx, t, tx, asking("LAB", "CBC", "UREA", "COPPER"))
		must(t)(w.CompleteItem(ctx, tx, item(made, 0)))
		must(t)(w.CancelItem(ctx, tx, cancellingItem(made, 1)))
		recent, err := (orders.Reader{}).Recent(ctx, tx, tx.Scope(), w.encounter.PatientID, tx.Now().AddDate(0, 0, -1))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range recent {
			got = append(got, r.ServiceCode+" "+string(r.Status))
			fact := r.Fact(tx.Now().AddDate(0, 0, 3))
			if fact["days_ago"] != int64(3) || fact["order_type"] != "LAB" || fact["service_code"] != r.ServiceCode || fact["status"] != string(r.Status) {
				t.Errorf("the fact is %v", fact)
			}
		}
		slices.Sort(got)
		want(t, got, "CBC COMPLETED", "COPPER REQUESTED")
		evening := ordersapi.RecentItem{OrderedAt: time.Date(2026, 3, 9, 23, 50, 0, 0, kolkata)}
		for now, days := range map[time.Time]int64{
			evening.OrderedAt.Add(5 * time.Minute):        0,
			evening.OrderedAt.Add(20 * time.Minute):       1, // a day ends at midnight, not after 24 hours
			evening.OrderedAt.Add(24 * time.Hour):         1,
			evening.OrderedAt.Add(20 * time.Minute).UTC(): 0, // there it is still the 9th
		} {
			if got := evening.Fact(now)["days_ago"]; got != days {
				t.Errorf("at %s it is %v days ago, want %d", now, got, days)
			}
		}
		ofOrder, err := (orders.Reader{}).ItemsOf(ctx, tx, tx.Scope(), []uuid.UUID{made.ID, uuid.New()})
		if err != nil || len(ofOrder) != 2 || ofOrder[0].ServiceCode != "CBC" || ofOrder[1].ServiceCode != "COPPER" || ofOrder[1].OrderID != made.ID || ofOrder[1].Name == "" {
			t.Errorf("the order has %+v, %v", ofOrder, err)
		}
		later, err := (orders.Reader{}).Recent(ctx, tx, tx.Scope(), w.encounter.PatientID, tx.Now().AddDate(0, 0, 1))
		if err != nil || len(later) != 0 {
			t.Errorf("since tomorrow: %v, %v", later, err)
		}
	})
}
