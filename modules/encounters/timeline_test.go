package encounters_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestTheTimelineNamesWhoDidWhat(t *testing.T) {
	t.Parallel()
	h, scope := newHouse(t), testkit.NewScope()
	scope.UserID = h.doctor
	testkit.InScope(t, scope, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		h.hire(ctx, t, tx)
		e := h.create(ctx, t, tx, patientstest.Patient(ctx, t, tx, patientstest.With{}))
		recorded, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID))
		if err != nil {
			t.Fatal(err)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		timeline, err := h.encounters.Timeline(ctx, tx, byID(e.ID))
		if err != nil || timeline.EncounterID != e.ID {
			t.Fatal(timeline.EncounterID, err)
		}
		i := 0
		for ; timeline.Items[i].Code != "VITALS_RECORDED"; i++ {
		}
		item := timeline.Items[i]
		if item.Type != "ENCOUNTER" || item.Actor == nil || item.Actor.ID != h.doctor || item.Actor.Name != "Dr A. Rao" || !item.At.Equal(tx.Now()) ||
			item.Meta["document_id"] != recorded.Document.ID {
			t.Errorf("got %+v", item)
		}
	})
}

func TestATimelineOutlivesAnEventThatNobodyKnows(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		tx.AtCommit(events.InsertEvent, events.Recorded{ID: id.New(), TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID,
			Name: "later.happened.v9", Keys: events.Keys{Entity: "thing", EntityID: e.ID, EncounterID: e.ID}, OccurredAt: tx.Now(), Payload: []byte("{}")}.Args()...)
		if got := h.timeline(ctx, t, tx, e.ID); len(got) != 3 {
			t.Errorf("got %v", got)
		}
	})
}

// An encounter written by SQL has its whole story after the backfill, and one written by acts gains nothing.
func TestBackfillRebuildsWhatIsMissingAndNothingElse(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	h := newHouse(t)
	scope := testkit.NewScope()
	ctx := db.WithScope(context.Background(), scope)
	imported, author, yesterday := uuid.Nil, id.New(), testkit.Epoch.Add(-24*time.Hour)
	var lived uuid.UUID
	var before []string
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		lived = h.closed(ctx, t, tx, patientstest.Patient(ctx, t, tx, patientstest.With{})).ID
		before = h.timeline(ctx, t, tx, lived)
		imported = encounterstest.Encounter(ctx, t, tx, encounterstest.With{}).ID
		_, err := tx.Exec(ctx, `UPDATE encounters.encounter SET status = 'CLOSED', created_at = $1, checked_in_at = $1::timestamptz + interval '5 min',
			consult_started_at = $1::timestamptz + interval '9 min', closed_at = $1::timestamptz + interval '20 min', closed_by_id = $2 WHERE id = $3`, yesterday, author, imported)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO encounters.document (tenant_id, id, facility_id, encounter_id, kind, content, author_id, authored_at)
			VALUES ($1, $2, $3, $4, 'VITALS', '{"pain": 2}', $5, $6)`, scope.TenantID, id.New(), scope.FacilityID, imported, author, yesterday.Add(7*time.Minute))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	steps := append(h.encounters.BackfillSteps(), h.tasks.BackfillSteps()...)
	for round, want := range []int64{5, 0} {
		added, err := events.Backfill(context.Background(), d.Pool, []uuid.UUID{scope.TenantID}, steps...)
		if err != nil || added != want {
			t.Fatalf("round %d: added %d, want %d (%v)", round, added, want, err)
		}
	}
	err = d.Pool.InTx(ctx, func(tx db.Tx) error {
		if got := h.timeline(ctx, t, tx, lived); !slices.Equal(got, before) {
			t.Errorf("got %v, want %v", got, before)
		}
		timeline, err := h.encounters.Timeline(ctx, tx, byID(imported))
		if err != nil {
			return err
		}
		want := []string{"ENCOUNTER_CREATED", "ENCOUNTER_CHECKED_IN", "VITALS_RECORDED", "CONSULT_STARTED", "ENCOUNTER_CLOSED"}
		for i, item := range timeline.Items {
			if i >= len(want) || item.Code != want[i] {
				t.Fatalf("got %+v, want %v", timeline.Items, want)
			}
		}
		if last := timeline.Items[4]; last.Actor == nil || last.Actor.ID != author || !last.At.Equal(yesterday.Add(20*time.Minute)) {
			t.Errorf("got %+v", last)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
