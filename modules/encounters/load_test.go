package encounters_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func load(ctx context.Context, t *testing.T, tx db.Tx, h house, all ...encounters.Loaded) error {
	t.Helper()
	settings, err := facilities.Reader{}.Settings(ctx, tx, tx.Scope().TenantID, tx.Scope().FacilityID)
	if err != nil {
		t.Fatal(err)
	}
	return h.encounters.Load(ctx, tx, settings, id.NewSource(1, 1), all)
}

// rowsOf gives an encounter's rows of the module and its own events, without ids and in an order of their own.
func rowsOf(ctx context.Context, t *testing.T, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	rows, err := tx.Query(ctx, `
		SELECT (to_jsonb(e) - ARRAY['id', 'patient_id'])::text FROM encounters.encounter e WHERE tenant_id = $1 AND id = $2
		UNION ALL
		SELECT (to_jsonb(d) - ARRAY['id', 'encounter_id'])::text FROM encounters.document d WHERE tenant_id = $1 AND encounter_id = $2
		UNION ALL
		SELECT (to_jsonb(e) - ARRAY['id', 'entity_id', 'encounter_id', 'patient_id', 'request_id', 'payload']
			|| jsonb_build_object('payload', e.payload - ARRAY['encounter_id', 'patient_id', 'document_id']))::text
		FROM events.event e WHERE tenant_id = $1 AND encounter_id = $2 AND name LIKE 'encounters.%'`, tx.Scope().TenantID, encounterID)
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

func wantSameRows(ctx context.Context, t *testing.T, tx db.Tx, loaded, made uuid.UUID) {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	got, want := rowsOf(ctx, t, tx, loaded), rowsOf(ctx, t, tx, made)
	if len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("loaded %d rows, the acts made %d", len(got), len(want))
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Errorf("loaded %s\nmade   %s", got[i], want[i])
			}
		}
	}
}

func TestALoadedEncounterIsAsTheActsLeaveOne(t *testing.T) {
	t.Parallel()
	words := encounters.Note{Subjective: "Better", Plan: "Go on"}
	plan := encounters.Plan{Medications: []encounters.PlanItem{{Words: "Paracetamol"}}, Advice: "Rest"}
	for name, steps := range map[string]int{"created": 0, "checked in": 1, "in consult": 2, "written": 3, "closed": 4, "cancelled": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				in := createInput(patientID)
				in.Body.Reason = " Fever "
				made, err := h.encounters.Create(ctx, tx, in)
				if err != nil {
					t.Fatal(err)
				}
				now := &encounters.Moment{At: tx.Now(), By: tx.Scope().UserID}
				ids := id.NewSource(2, 2)
				loaded := encounters.Loaded{
					ID: id.New(), PatientID: patientstest.Patient(ctx, t, tx, patientstest.With{}), Reason: " Fever ", Created: *now,
				}
				do := func(step func() error) {
					if err := step(); err != nil {
						t.Fatal(err)
					}
				}
				write := func(content any) {
					loaded.Documents = append(loaded.Documents, encounters.LoadedDocument{ID: ids.At(now.At), Authored: *now, Content: content})
				}
				if steps >= 1 && steps < 5 {
					do(func() error { _, err := h.encounters.CheckIn(ctx, tx, byID(made.ID)); return err })
					loaded.CheckedIn = now
				}
				if steps >= 2 && steps < 5 {
					do(func() error {
						_, err := h.encounters.StartConsult(ctx, tx, encounters.StartConsultInput{ByID: byID(made.ID)})
						return err
					})
					loaded.ConsultStarted = now
				}
				if steps >= 3 && steps < 5 {
					do(func() error { _, err := h.encounters.RecordVitals(ctx, tx, vitals(made.ID)); return err })
					do(func() error { _, err := h.encounters.RecordAssessment(ctx, tx, assessment(made.ID)); return err })
					do(func() error {
						_, err := h.encounters.RecordPlan(ctx, tx, encounters.PlanInput{ByID: byID(made.ID), Body: plan})
						return err
					})
					do(func() error {
						_, err := h.encounters.RecordNote(ctx, tx, encounters.NoteInput{ByID: byID(made.ID), Body: words})
						return err
					})
					write(vitals(made.ID).Body)
					write(assessment(made.ID).Body)
					write(plan)
					write(words)
				}
				if steps == 4 {
					do(func() error { _, err := h.encounters.Close(ctx, tx, closing(made.ID)); return err })
					loaded.Closed = now
				}
				if steps == 5 {
					do(func() error { _, err := h.encounters.Cancel(ctx, tx, cancelInput(made.ID, "Left")); return err })
					loaded.Cancelled, loaded.CancelReason = now, "Left"
				}
				if err := load(ctx, t, tx, h, loaded); err != nil {
					t.Fatal(err)
				}
				wantSameRows(ctx, t, tx, loaded.ID, made.ID)
			})
		})
	}
}

func TestALoadRefusesWaysThatNoEncounterGoes(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		at := func(minutes int) *encounters.Moment {
			return &encounters.Moment{At: tx.Now().Add(time.Duration(minutes) * time.Minute), By: tx.Scope().UserID}
		}
		good := encounters.Loaded{ID: id.New(), PatientID: patientID, Created: *at(0)}
		for name, change := range map[string]func(*encounters.Loaded){
			"closed before it began":        func(l *encounters.Loaded) { l.Closed = at(1) },
			"a consult nobody came to":      func(l *encounters.Loaded) { l.ConsultStarted = at(1) },
			"checked in before it was made": func(l *encounters.Loaded) { l.CheckedIn = at(-1) },
			"a document of no kind": func(l *encounters.Loaded) {
				l.Documents = []encounters.LoadedDocument{{ID: id.New(), Authored: *at(1), Content: "words"}}
			},
			"vitals that cannot be": func(l *encounters.Loaded) {
				l.Documents = []encounters.LoadedDocument{{ID: id.New(), Authored: *at(1), Content: encounters.Vitals{}}}
			},
		} {
			bad := good
			change(&bad)
			if err := load(ctx, t, tx, h, bad); err == nil {
				t.Errorf("%s was loaded", name)
			}
		}
	})
}
