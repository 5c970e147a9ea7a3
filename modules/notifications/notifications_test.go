package notifications_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
)

func TestAnAlertIsToldOnceHoweverOftenItsJobRuns(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		raised := h.raised(h.doctor, h.nurse, h.doctor)
		for range 2 {
			if err := h.AlertRaised(ctx, tx, raised); err != nil {
				t.Fatal(err)
			}
		}
		found := h.list(ctx, t, tx, h.doctor)
		if len(found) != 1 || len(h.list(ctx, t, tx, h.nurse)) != 1 {
			t.Fatalf("got %+v", found)
		}
		n := found[0]
		if n.Title != "Critical result: K" || n.Patient == nil || n.Patient.FullName != "Zyxwvuta Iyer" || n.Link.Screen != "alert" ||
			n.Link.Params["alert_id"] != raised.AlertID.String() || n.IsRead {
			t.Errorf("got %+v", n)
		}
		var deliveries int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM notifications.delivery WHERE tenant_id = $1`, tx.Scope().TenantID).Scan(&deliveries); err != nil || deliveries != 8 {
			t.Errorf("%d deliveries, want one for each of two people and four channels (%v)", deliveries, err)
		}
	})
}

func TestReadingIsTheReadersOwn(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		if err := h.AlertRaised(ctx, tx, h.raised(h.doctor, h.nurse)); err != nil {
			t.Fatal(err)
		}
		mine := h.list(ctx, t, tx, h.nurse)[0]
		if _, err := h.Get(h.as(ctx, h.doctor), tx, byID(mine.ID)); errs.Of(err) == nil || errs.Of(err).Code != "notifications.not_found" {
			t.Errorf("the doctor reads the nurse's: %v", err)
		}
		err := tx.Nested(ctx, h.scopeOf(h.doctor), func(tx db.Tx) error {
			_, err := h.MarkRead(ctx, tx, byID(mine.ID))
			return err
		})
		if errs.Of(err) == nil || errs.Of(err).Kind != errs.KindNotFound {
			t.Errorf("the doctor marks the nurse's: %v", err)
		}
		err = tx.Nested(ctx, h.scopeOf(h.nurse), func(tx db.Tx) error {
			for range 2 {
				read, err := h.MarkRead(ctx, tx, byID(mine.ID))
				if err != nil || !read.IsRead {
					t.Errorf("got %+v, %v", read, err)
				}
			}
			_, err := h.MarkRead(ctx, tx, byID(id.New()))
			return err
		})
		if errs.Of(err) == nil || errs.Of(err).Code != "notifications.not_found" {
			t.Errorf("an unknown one: %v", err)
		}
	})
}

func TestMarkingAllReadLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		for range 3 {
			if err := h.AlertRaised(ctx, tx, h.raised(h.doctor, h.nurse)); err != nil {
				t.Fatal(err)
			}
		}
		err := tx.Nested(ctx, h.scopeOf(h.nurse), func(tx db.Tx) error {
			marked, err := h.MarkAllRead(ctx, tx, allRead())
			if marked.Marked != 3 {
				t.Errorf("marked %d", marked.Marked)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for user, want := range map[string]int64{"nurse": 0, "doctor": 3} {
			userID := h.nurse
			if user == "doctor" {
				userID = h.doctor
			}
			if got, err := h.Unread(h.as(ctx, userID), tx, struct{}{}); err != nil || got.Unread != want {
				t.Errorf("the %s has %d unread, want %d (%v)", user, got.Unread, want, err)
			}
		}
	})
}
