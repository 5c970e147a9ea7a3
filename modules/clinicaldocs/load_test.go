package clinicaldocs_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// rowsOf gives an encounter's drafts, documents and events without ids, in an order of their own.
func rowsOf(ctx context.Context, t *testing.T, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	const ids = `ARRAY['id', 'encounter_id', 'patient_id', 'chain_id', 'draft_id', 'document_id', 'entity_id', 'request_id', 'payload']`
	rows, err := tx.Query(ctx, `
		SELECT (to_jsonb(d) - `+ids+` || jsonb_build_object('payload', d.payload))::text FROM clinicaldocs.draft d WHERE tenant_id = $1 AND encounter_id = $2
		UNION ALL
		SELECT (to_jsonb(d) - `+ids+` || jsonb_build_object('payload', d.payload))::text FROM clinicaldocs.document d
		WHERE tenant_id = $1 AND encounter_id = $2 AND chain_id = id AND draft_id IS NOT NULL
		UNION ALL
		SELECT (to_jsonb(l) - `+ids+`)::text FROM clinicaldocs.latest l WHERE tenant_id = $1 AND encounter_id = $2
		UNION ALL
		SELECT (to_jsonb(e) - `+ids+` || jsonb_build_object('payload', e.payload - `+ids+`))::text
		FROM events.event e WHERE tenant_id = $1 AND encounter_id = $2 AND name LIKE 'clinicaldocs.%'`, tx.Scope().TenantID, encounterID)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// loadedBeside is a document like those of w, of another encounter.
func loadedBeside(ctx context.Context, t *testing.T, tx db.Tx, payload object, finalizedAt *time.Time) (uuid.UUID, clinicaldocs.Loaded) {
	t.Helper()
	born := clock.Date{Year: 1986, Month: 3, Day: 10}
	patientID := patientstest.Patient(ctx, t, tx, patientstest.With{DateOfBirth: &born})
	e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID})
	encounter, err := encounters.Reader{}.Get(ctx, tx, tx.Scope(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := patients.Reader{}.Facts(ctx, tx, tx.Scope(), patientID)
	if err != nil {
		t.Fatal(err)
	}
	return e.ID, clinicaldocs.Loaded{
		DraftID: id.New(), DocumentID: id.New(), Encounter: encounter, Patient: facts, TemplateCode: "score", Payload: payload,
		AuthorID: tx.Scope().UserID, DraftedAt: tx.Now(), FinalizedAt: finalizedAt,
	}
}

func load(ctx context.Context, t *testing.T, tx db.Tx, w ward, l clinicaldocs.Loaded) error {
	t.Helper()
	settings, err := facilities.Reader{}.Settings(ctx, tx, tx.Scope().TenantID, tx.Scope().FacilityID)
	if err != nil {
		t.Fatal(err)
	}
	return w.Load(ctx, tx, settings, id.NewSource(1, 1), []clinicaldocs.Loaded{l})
}

func TestALoadedDocumentIsAsTheActsLeaveOne(t *testing.T) {
	t.Parallel()
	for name, final := range map[string]bool{"draft": false, "final": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				w := newWard(ctx, t, tx)
				draft := w.draft(ctx, t, tx, whole())
				var finalizedAt *time.Time
				if final {
					var in clinicaldocs.FinalizeInput
					in.Body.DocumentID = draft.ID
					must(t)(w.Finalize(ctx, tx, in))
					now := tx.Now()
					finalizedAt = &now
				}
				encounterID, loaded := loadedBeside(ctx, t, tx, whole(), finalizedAt)
				if err := load(ctx, t, tx, w, loaded); err != nil {
					t.Fatal(err)
				}
				got, want := rowsOf(ctx, t, tx, encounterID), rowsOf(ctx, t, tx, w.encounter)
				if len(want) < 2 || !slices.Equal(got, want) {
					t.Errorf("loaded %d rows, the acts made %d\nloaded %s\nmade   %s", len(got), len(want), got, want)
				}
			})
		})
	}
}

func TestALoadRefusesWhatTheActsRefuse(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		now, before := tx.Now(), tx.Now().Add(-time.Minute)
		for name, change := range map[string]func(*clinicaldocs.Loaded){
			"unknown template":           func(l *clinicaldocs.Loaded) { l.TemplateCode = "nothing" },
			"field of no template":       func(l *clinicaldocs.Loaded) { l.Payload = object{"kapha": 1.0} },
			"final that is not whole":    func(l *clinicaldocs.Loaded) { l.Payload, l.FinalizedAt = object{"vata": 1.0}, &now },
			"final older than its draft": func(l *clinicaldocs.Loaded) { l.FinalizedAt = &before },
		} {
			_, l := loadedBeside(ctx, t, tx, whole(), nil)
			change(&l)
			if err := load(ctx, t, tx, w, l); err == nil {
				t.Errorf("a document with %s was loaded", name)
			}
		}
	})
}
