package tasks

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

var errQuery = errs.Invalid("request.invalid", "The request has faults; see errors.")

// ListInput filters tasks; filters given together must all hold.
type ListInput struct {
	httpx.PageParams
	EncounterID  uuid.UUID `query:"encounter_id" format:"uuid"`
	Status       []string  `query:"status,explode" maxItems:"20" doc:"OPEN IN_PROGRESS DONE CANCELLED; several by repetition or commas"`
	AssignedToID uuid.UUID `query:"assigned_to_id" format:"uuid"`
	Mine         bool      `query:"mine" doc:"Those assigned to the caller"`
	Overdue      bool      `query:"overdue" doc:"Those still to do after their due_at"`
	DueBefore    time.Time `query:"due_before" doc:"Due before this time"`
	DueAfter     time.Time `query:"due_after" doc:"Due at this time or after"`
	Code         string    `query:"code" maxLength:"100"`
	Ordering     string    `query:"ordering" enum:"created_at,-created_at,due_at,-due_at" default:"-created_at" doc:"- is descending; tasks without due_at come last either way"`
}

// part is a run of rows that an index gives in the list's order. A list is its parts, one after the other.
type part struct {
	only  string // what its rows have in common
	by    string
	after string // what follows a place in it; the time, if the part has one, and the id
}

const dated, undated = "due_at IS NOT NULL", "due_at IS NULL"

// orderings let undated tasks come last in both directions. They are sorted by due_at too, though it says nothing about
// them, so that no index but the one that has them together can be taken. Row-level security takes coalesce() for something that could
// tell on other rows, so that no index would be asked for it: the undated are a part of their own.
var orderings = map[string][]part{
	"created_at":  {{by: "created_at, id", after: "(created_at, id) > (?::timestamptz, ?::uuid)"}},
	"-created_at": {{by: "created_at DESC, id DESC", after: "(created_at, id) < (?::timestamptz, ?::uuid)"}},
	"due_at": {
		{only: dated, by: "due_at, id", after: "(due_at, id) > (?::timestamptz, ?::uuid)"},
		{only: undated, by: "due_at, id", after: "id > ?::uuid"},
	},
	"-due_at": {
		{only: dated, by: "due_at DESC, id DESC", after: "(due_at, id) < (?::timestamptz, ?::uuid)"},
		{only: undated, by: "due_at DESC, id DESC", after: "id < ?::uuid"},
	},
}

// keyset gives the place of a task in an ordering: no time among the undated.
func keyset(ordering string, t Task) listKey {
	if strings.HasSuffix(ordering, "created_at") {
		return listKey{ordering, &t.CreatedAt, t.ID}
	}
	return listKey{ordering, t.DueAt, t.ID}
}

// listKey is where a page ended, and in which ordering.
type listKey struct {
	Ordering string
	At       *time.Time
	ID       uuid.UUID
}

const taskColumns = `tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, assigned_to_id, due_at, assigned_at,
	started_at, completed_at, cancelled_at, created_by_id, assigned_by_id, started_by_id, completed_by_id, cancelled_by_id,
	encounter_over, outlives_encounter, version, created_at, updated_at`

// List gives the facility's tasks.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Task], error) {
	scope, _ := db.ScopeOf(ctx)
	now := m.deps.Clock.Now()
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	if more && after.Ordering != in.Ordering {
		return httpx.Page[Task]{}, errQuery.At("query.cursor", "Belongs to another ordering.")
	}
	where, err := filter(scope, now, in)
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM tasks.task`+where.SQL(), where.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Task]{}, err
		}
	}
	parts := orderings[in.Ordering]
	if in.Overdue || !in.DueBefore.IsZero() || !in.DueAfter.IsZero() {
		parts = parts[:1] // no undated ones
	} else if more && after.At == nil {
		parts = parts[len(parts)-1:]
	}
	var found []tasksdb.TasksTask
	for i, part := range parts {
		var place *listKey
		if more && i == 0 {
			place = &after
		}
		rows, err := readPart(ctx, q, *where, part, place, in.Limit+1-len(found))
		if err != nil {
			return httpx.Page[Task]{}, err
		}
		if found = append(found, rows...); len(found) > in.Limit {
			break
		}
	}
	tasks, err := m.present(ctx, q, scope, now, found)
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	page := httpx.NewPage(tasks, in.Limit, func(t Task) any { return keyset(in.Ordering, t) })
	page.Count = count
	return page, nil
}

// readPart reads the rows of a part that follow a place, or its first ones.
func readPart(ctx context.Context, q db.DBTX, where db.Where, p part, place *listKey, most int) ([]tasksdb.TasksTask, error) {
	if p.only != "" {
		where.And(p.only)
	}
	switch {
	case place != nil && p.only == undated:
		where.And(p.after, place.ID)
	case place != nil:
		where.And(p.after, place.At, place.ID)
	}
	limit := where.Arg(most)
	rows, err := q.Query(ctx, `SELECT `+taskColumns+` FROM tasks.task`+where.SQL()+` ORDER BY `+p.by+` LIMIT `+limit, where.Args()...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[tasksdb.TasksTask])
}

func filter(scope db.Scope, now time.Time, in ListInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	asked, err := httpx.Among("status", in.Status, statuses)
	if err != nil {
		return nil, err
	}
	if condition := db.AnyOf("status", asked, statuses, tasksapi.StatusCancelled); condition != "" {
		w.And(condition)
	}
	if in.AssignedToID != uuid.Nil {
		w.And("assigned_to_id = ?", in.AssignedToID)
	}
	if in.Mine {
		w.And("assigned_to_id = ?", scope.UserID)
	}
	if in.Overdue {
		w.And(whereToDo+" AND due_at < ?", now)
	}
	if !in.DueBefore.IsZero() {
		w.And("due_at < ?", in.DueBefore)
	}
	if !in.DueAfter.IsZero() {
		w.And("due_at >= ?", in.DueAfter)
	}
	if in.Code != "" {
		w.And("code = ?", in.Code)
	}
	return w, nil
}

// statuses of a task. What is to do and what was cancelled are few beside what is done and have indexes of their own.
var statuses = []tasksapi.Status{tasksapi.StatusOpen, tasksapi.StatusInProgress, tasksapi.StatusDone, tasksapi.StatusCancelled}

// whereToDo is how PostgreSQL knows the partial index of what is to do.
const whereToDo = "status IN ('OPEN', 'IN_PROGRESS')"
