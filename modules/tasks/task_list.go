package tasks

import (
	"context"
	"slices"
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

// ordering is how one value of the parameter sorts and continues. At is nil for a task without a due time.
type ordering struct {
	by     string
	after  string
	keyset func(Task) *time.Time
}

func createdAt(t Task) *time.Time { return &t.CreatedAt }
func dueAt(t Task) *time.Time     { return t.DueAt }

// orderings let undated tasks come last in both directions, and each be read from an index.
var orderings = map[string]ordering{
	"created_at":  {by: "created_at, id", after: "(created_at, id) > (?::timestamptz, ?::uuid)", keyset: createdAt},
	"-created_at": {by: "created_at DESC, id DESC", after: "(created_at, id) < (?::timestamptz, ?::uuid)", keyset: createdAt},
	"due_at":      {by: "coalesce(due_at, 'infinity'), id", after: "(coalesce(due_at, 'infinity'), id) > (coalesce(?::timestamptz, 'infinity'), ?::uuid)", keyset: dueAt},
	"-due_at":     {by: "coalesce(due_at, '-infinity') DESC, id DESC", after: "(coalesce(due_at, '-infinity'), id) < (coalesce(?::timestamptz, '-infinity'), ?::uuid)", keyset: dueAt},
}

// listKey is where a page ended, and in which ordering.
type listKey struct {
	Ordering string
	At       *time.Time
	ID       uuid.UUID
}

const taskColumns = `tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, assigned_to_id, due_at, assigned_at,
	started_at, completed_at, cancelled_at, created_by_id, assigned_by_id, started_by_id, completed_by_id, cancelled_by_id,
	encounter_over, version, created_at, updated_at`

// List gives the facility's tasks.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Task], error) {
	scope, _ := db.ScopeOf(ctx)
	now := m.deps.Clock.Now()
	order := orderings[in.Ordering]
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
	if more {
		where.And(order.after, after.At, after.ID)
	}
	limit := where.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+taskColumns+` FROM tasks.task`+where.SQL()+` ORDER BY `+order.by+` LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[tasksdb.TasksTask])
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	tasks, err := m.present(ctx, q, scope, now, found)
	if err != nil {
		return httpx.Page[Task]{}, err
	}
	page := httpx.NewPage(tasks, in.Limit, func(t Task) any { return listKey{in.Ordering, order.keyset(t), t.ID} })
	page.Count = count
	return page, nil
}

func filter(scope db.Scope, now time.Time, in ListInput) (*db.Where, error) {
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.EncounterID != uuid.Nil {
		w.And("encounter_id = ?", in.EncounterID)
	}
	statuses, err := statusesOf(in.Status)
	if err != nil {
		return nil, err
	}
	if len(statuses) > 0 {
		w.And("status = ANY(?::text[])", statuses)
	}
	if in.AssignedToID != uuid.Nil {
		w.And("assigned_to_id = ?", in.AssignedToID)
	}
	if in.Mine {
		w.And("assigned_to_id = ?", scope.UserID)
	}
	if in.Overdue {
		w.And("status IN ('OPEN', 'IN_PROGRESS') AND due_at < ?", now)
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

var statuses = []tasksapi.Status{tasksapi.StatusOpen, tasksapi.StatusInProgress, tasksapi.StatusDone, tasksapi.StatusCancelled}

// statusesOf takes "?status=A&status=B" and "?status=A,B" alike.
func statusesOf(sent []string) ([]string, error) {
	var asked []string
	for _, each := range sent {
		for status := range strings.SplitSeq(each, ",") {
			if status == "" {
				continue
			}
			if !slices.Contains(statuses, tasksapi.Status(status)) {
				return nil, errQuery.At("query.status", "Must be among OPEN, IN_PROGRESS, DONE and CANCELLED.")
			}
			asked = append(asked, status)
		}
	}
	return asked, nil
}
