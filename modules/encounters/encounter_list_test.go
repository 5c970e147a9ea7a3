package encounters_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

// listed gives the ids of a list, page by page, in order.
func (h house) listed(ctx context.Context, t testing.TB, tx db.Tx, in encounters.ListInput) []uuid.UUID {
	t.Helper()
	in.Count = true
	ids := []uuid.UUID{}
	for {
		page, err := h.encounters.List(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Results {
			ids = append(ids, e.ID)
		}
		if page.Next == nil {
			if *page.Count != int64(len(ids)) {
				t.Errorf("count says %d of %d", *page.Count, len(ids))
			}
			return ids
		}
		in.Cursor = *page.Next
	}
}

// moveTo puts an encounter on another time.
func moveTo(ctx context.Context, t testing.TB, tx db.Tx, encounterID uuid.UUID, created time.Time, scheduled *time.Time) {
	t.Helper()
	if _, err := tx.Exec(ctx, `UPDATE encounters.encounter SET created_at = $1, scheduled_at = $2 WHERE id = $3`, created, scheduled, encounterID); err != nil {
		t.Fatal(err)
	}
}

func TestListIsNewestFirstAndItsPagesMeet(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, _ uuid.UUID) {
		var want []uuid.UUID
		for i := range 5 {
			e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
			// Two share a moment: the id decides.
			moveTo(ctx, t, tx, e.ID, tx.Now().Add(time.Duration(i/2)*time.Minute), nil)
			want = append(want, e.ID)
		}
		slices.Reverse(want)
		in := listInput()
		in.Limit = 2
		if got := h.listed(ctx, t, tx, in); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{SeveralActiveEncounters: true}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		ipd := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Type: "IPD", SeveralActive: true})
		consult := encounterstest.Encounter(ctx, t, tx, encounterstest.With{Status: encountersapi.StatusInConsult, AttendingDoctorID: ptr(h.doctor)})
		closed := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Status: encountersapi.StatusClosed})
		for name, c := range map[string]struct {
			filter func(*encounters.ListInput)
			want   []uuid.UUID
		}{
			"patient":          {func(in *encounters.ListInput) { in.PatientID = patientID }, []uuid.UUID{closed.ID, ipd.ID}},
			"type":             {func(in *encounters.ListInput) { in.EncounterType = "IPD" }, []uuid.UUID{ipd.ID}},
			"doctor":           {func(in *encounters.ListInput) { in.AttendingDoctorID = h.doctor }, []uuid.UUID{consult.ID}},
			"status":           {func(in *encounters.ListInput) { in.Status = []string{"CLOSED"} }, []uuid.UUID{closed.ID}},
			"statuses":         {func(in *encounters.ListInput) { in.Status = []string{"CLOSED", "IN_CONSULT"} }, []uuid.UUID{closed.ID, consult.ID}},
			"statuses, commas": {func(in *encounters.ListInput) { in.Status = []string{"CLOSED,CREATED"} }, []uuid.UUID{closed.ID, ipd.ID}},
			"both":             {func(in *encounters.ListInput) { in.PatientID, in.Status = patientID, []string{"CREATED"} }, []uuid.UUID{ipd.ID}},
			"a stranger":       {func(in *encounters.ListInput) { in.PatientID = unknown }, []uuid.UUID{}},
		} {
			in := listInput()
			c.filter(&in)
			if got := h.listed(ctx, t, tx, in); !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	})
}

func TestADayIsTheFacilitysOwn(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{TimeZone: "Asia/Kolkata"}, func(ctx context.Context, tx db.Tx, h house, _ uuid.UUID) {
		at := func(text string) time.Time {
			moment, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			return moment
		}
		// 10 March in Kolkata is from 18:30 UTC on the 9th until 18:30 UTC on the 10th.
		first, last := encounterstest.Encounter(ctx, t, tx, encounterstest.With{}), encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		moveTo(ctx, t, tx, first.ID, at("2026-03-09T18:30:00Z"), nil)
		moveTo(ctx, t, tx, last.ID, at("2026-03-10T18:29:59Z"), nil)
		scheduled := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		moveTo(ctx, t, tx, scheduled.ID, at("2026-03-01T10:00:00Z"), ptr(at("2026-03-10T04:00:00Z")))
		dayBefore, dayAfter := encounterstest.Encounter(ctx, t, tx, encounterstest.With{}), encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		moveTo(ctx, t, tx, dayBefore.ID, at("2026-03-09T18:29:59Z"), nil)
		moveTo(ctx, t, tx, dayAfter.ID, at("2026-03-10T18:30:00Z"), nil)
		in := listInput()
		in.Date = "2026-03-10"
		if got, want := h.listed(ctx, t, tx, in), []uuid.UUID{last.ID, first.ID, scheduled.ID}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestListRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, _ uuid.UUID) {
		for location, in := range map[string]encounters.ListInput{
			"query.status": {Status: []string{"CREATED,LOST"}}, "query.date": {Date: "2026-02-30"},
		} {
			_, err := h.encounters.List(ctx, tx, in)
			wantFaults(t, err, location)
		}
		in := listInput()
		in.Cursor = "bm90IG91cnM"
		_, err := h.encounters.List(ctx, tx, in)
		wantFaults(t, err, "query.cursor")
	})
}
