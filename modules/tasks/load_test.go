package tasks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/tasks"
)

// rowsOf gives an encounter's tasks and their events without ids, in an order of their own.
func rowsOf(ctx context.Context, t *testing.T, tx db.Tx, encounterID uuid.UUID) []string {
	t.Helper()
	if err := tx.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	rows, err := tx.Query(ctx, `
		SELECT (to_jsonb(k) - ARRAY['id', 'encounter_id', 'patient_id'])::text FROM tasks.task k WHERE tenant_id = $1 AND encounter_id = $2
		UNION ALL
		SELECT (to_jsonb(e) - ARRAY['id', 'entity_id', 'encounter_id', 'patient_id', 'request_id', 'payload']
			|| jsonb_build_object('payload', e.payload - ARRAY['task_id', 'encounter_id', 'patient_id']))::text
		FROM events.event e WHERE tenant_id = $1 AND encounter_id = $2 AND name LIKE 'tasks.%'`, tx.Scope().TenantID, encounterID)
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

func TestALoadedTaskIsAsTheActsLeaveOne(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		ids := id.NewSource(1, 1)
		now, due := tasks.Moment{At: tx.Now(), By: tx.Scope().UserID}, tx.Now().Add(time.Hour)
		for code, change := range map[string]func(*tasks.CreateInput, *tasks.Loaded, func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))){
			"open": func(in *tasks.CreateInput, l *tasks.Loaded, _ func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))) {
				in.Body.Title, l.Title = "Call the relatives", "Call the relatives"
				in.Body.DueAt, l.DueAt = &due, &due
			},
			"assigned": func(in *tasks.CreateInput, l *tasks.Loaded, do func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))) {
				in.Body.AssignedToID, l.AssignedToID = &h.nurse, &h.nurse
				do(h.tasks.Start)
				l.Started = &now
			},
			"done": func(_ *tasks.CreateInput, l *tasks.Loaded, do func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))) {
				do(h.tasks.Start)
				do(h.completed)
				l.Started, l.Done = &now, &now
			},
			"record-vitals": func(_ *tasks.CreateInput, l *tasks.Loaded, do func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))) {
				do(h.completed)
				l.Done = &now
			},
			"cancelled": func(_ *tasks.CreateInput, l *tasks.Loaded, do func(func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error))) {
				do(h.tasks.Cancel)
				l.Cancelled = &now
			},
		} {
			var in tasks.CreateInput
			in.Body.EncounterID, in.Body.Code = e.ID, code
			loaded := tasks.Loaded{ID: id.New(), Encounter: other, Code: code, Created: now}
			var acts []func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error)
			change(&in, &loaded, func(act func(context.Context, db.Tx, tasks.ByID) (tasks.Task, error)) { acts = append(acts, act) })
			made, err := h.tasks.Create(ctx, tx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, act := range acts {
				if _, err := act(ctx, tx, tasks.ByID{ID: made.ID}); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.tasks.Load(ctx, tx, ids, []tasks.Loaded{loaded}); err != nil {
				t.Fatal(err)
			}
		}
		got, want := rowsOf(ctx, t, tx, other.ID), rowsOf(ctx, t, tx, e.ID)
		if len(want) < 15 || !slices.Equal(got, want) {
			t.Errorf("loaded %d rows, the acts made %d\nloaded %s\nmade   %s", len(got), len(want), got, want)
		}
	})
}

func TestTasksOfALoadedEncounterThatIsOverAreAsItLeavesThem(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		now := tasks.Moment{At: tx.Now(), By: tx.Scope().UserID}
		publish := func(happened ...interface{}) {
			for _, what := range happened {
				var err error
				switch event := what.(type) {
				case encountersapi.Created:
					err = h.bus.Publish(ctx, tx, event)
				case encountersapi.VitalsRecorded:
					err = h.bus.Publish(ctx, tx, event)
				case encountersapi.Cancelled:
					err = h.bus.Publish(ctx, tx, event)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		publish(encountersapi.Created{EncounterID: e.ID, PatientID: e.PatientID, Type: "OPD", Pack: "base"},
			encountersapi.VitalsRecorded{EncounterID: e.ID, PatientID: e.PatientID, DocumentID: id.New()},
			encountersapi.Cancelled{EncounterID: e.ID, PatientID: e.PatientID})
		err := h.tasks.Load(ctx, tx, id.NewSource(1, 1), []tasks.Loaded{
			{ID: id.New(), Encounter: other, Code: "record-vitals", Created: now, Done: &now, EncounterOver: &now.At, Followed: true},
			{ID: id.New(), Encounter: other, Code: "doctor-consult", Created: now, Cancelled: &now, EncounterOver: &now.At, Followed: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		got, want := rowsOf(ctx, t, tx, other.ID), rowsOf(ctx, t, tx, e.ID)
		if len(want) != 7 || !slices.Equal(got, want) {
			t.Errorf("loaded %d rows, the acts made %d\nloaded %s\nmade   %s", len(got), len(want), got, want)
		}
	})
}

func TestALoadRefusesWaysThatNoTaskGoes(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		now := tasks.Moment{At: tx.Now(), By: tx.Scope().UserID}
		before := tasks.Moment{At: tx.Now().Add(-time.Minute), By: tx.Scope().UserID}
		for name, l := range map[string]tasks.Loaded{
			"done and then cancelled":         {Done: &now, Cancelled: &now},
			"done before it was made":         {Done: &before},
			"open in an encounter that ended": {EncounterOver: &now.At},
		} {
			l.ID, l.Encounter, l.Code, l.Created = id.New(), e, "record-vitals", now
			if err := h.tasks.Load(ctx, tx, id.NewSource(1, 1), []tasks.Loaded{l}); err == nil {
				t.Errorf("a task %s was loaded", name)
			}
		}
	})
}
