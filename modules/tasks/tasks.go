package tasks

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/internal/tasksdb"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

var (
	errNotFound          = errs.NotFound("tasks.not_found", "There is no such task.")
	errIllegalTransition = errs.Conflict("tasks.illegal_transition", "A task of this status cannot make this move.")
	errInvalid           = errs.Invalid("tasks.invalid", "The task has faults; see errors.")
)

// Task as the API shows it.
type Task struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID          `json:"id" format:"uuid"`
	EncounterID   uuid.UUID          `json:"encounter_id" format:"uuid"`
	PatientID     uuid.UUID          `json:"patient_id" format:"uuid"`
	Patient       Patient            `json:"patient"`
	Code          string             `json:"code" example:"record-vitals"`
	Title         string             `json:"title"`
	Status        tasksapi.Status    `json:"status" enum:"OPEN,IN_PROGRESS,DONE,CANCELLED"`
	AssignedToID  *uuid.UUID         `json:"assigned_to_id" format:"uuid"`
	AssignedTo    *Person            `json:"assigned_to"`
	DueAt         *time.Time         `json:"due_at"`
	StartedAt     *time.Time         `json:"started_at"`
	CompletedAt   *time.Time         `json:"completed_at"`
	IsOverdue     bool               `json:"is_overdue" doc:"Still to do after due_at"`
	CreatedAt     time.Time          `json:"created_at"`
	Actions       []string           `json:"actions" nullable:"false" doc:"What the caller may do to it now: start, complete, reopen, cancel, assign, unassign"`
	Warnings      []rulesapi.Warning `json:"warnings,omitempty" nullable:"false" doc:"What rules had to say when it was completed; only in that answer"`

	made bool
}

// Patient is whose task it is about.
type Patient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
	MRN      string    `json:"mrn"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// WasCreated tells whether this call made the task, or found it.
func (t Task) WasCreated() bool { return t.made }

// AuditSubject says whose record an answer shows.
func (t Task) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "task", EntityID: t.ID, EncounterID: t.EncounterID, PatientIDs: []uuid.UUID{t.PatientID}}
}

// CreateInput opens a task.
type CreateInput struct {
	Body struct {
		EncounterID  uuid.UUID  `json:"encounter_id" format:"uuid"`
		Code         string     `json:"code" pattern:"^[a-z0-9][a-z0-9_-]{0,99}$" patternDescription:"small letters, digits, - and _, at most 100" doc:"One task per encounter and code"`
		Title        string     `json:"title,omitempty" maxLength:"255" doc:"The workflow's title for the code when absent, else made of it"`
		AssignedToID *uuid.UUID `json:"assigned_to_id,omitempty" format:"uuid" doc:"An active user of this facility"`
		DueAt        *time.Time `json:"due_at,omitempty"`
	}
}

// Create opens a task, or gives the one that the encounter has of this code, as it is. Of parallel calls one makes it.
func (m *Module) Create(ctx context.Context, tx db.Tx, in CreateInput) (Task, error) {
	scope, body := tx.Scope(), in.Body
	encounter, err := m.deps.Encounters.Lock(ctx, tx, body.EncounterID)
	if err != nil {
		return Task{}, err
	}
	queries := tasksdb.New(tx)
	existing := func() (Task, error) {
		row, err := queries.GetTaskByCode(ctx, tasksdb.GetTaskByCodeParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounter.ID, Code: body.Code})
		if err != nil {
			return Task{}, err
		}
		return m.presentOne(ctx, tx, scope, tx.Now(), row)
	}
	if !encountersapi.Open(encounter.Status) {
		task, err := existing()
		if db.IsNoRows(err) {
			err = encountersapi.ErrNotOpen
		}
		return task, err
	}
	if err := m.checkAssignee(ctx, tx, body.AssignedToID); err != nil {
		return Task{}, err
	}
	actor, now := id.Ptr(scope.UserID), tx.Now()
	params := tasksdb.InsertTaskParams{
		TenantID: scope.TenantID, ID: id.New(), FacilityID: scope.FacilityID, EncounterID: encounter.ID, PatientID: encounter.PatientID,
		Code: body.Code, Title: m.title(ctx, tx, encounter, body.Code, body.Title), DueAt: body.DueAt, CreatedByID: actor, Now: now,
	}
	if body.AssignedToID != nil {
		params.AssignedToID, params.AssignedAt, params.AssignedByID = body.AssignedToID, &now, actor
	}
	row, err := queries.InsertTask(ctx, params)
	if db.IsNoRows(err) {
		return existing()
	}
	if err != nil {
		return Task{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, createdEvent(row)); err != nil {
		return Task{}, err
	}
	if row.AssignedToID != nil {
		if err := m.deps.Bus.Publish(ctx, tx, assignedEvent(row)); err != nil {
			return Task{}, err
		}
	}
	task, err := m.presentOne(ctx, tx, scope, now, row)
	task.made = true
	return task, err
}

// title gives the words for a task: those sent, the workflow's, or the code's own.
func (m *Module) title(ctx context.Context, tx db.Tx, encounter encountersapi.Encounter, code, sent string) string {
	if sent = strings.TrimSpace(sent); sent != "" {
		return sent
	}
	if workflow, err := m.workflow(ctx, tx, encounter); err == nil {
		if step, ok := workflow.Step(code); ok {
			return step.Title.In(packsapi.DefaultLocale)
		}
	}
	words := strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(code))
	return strings.ToUpper(words[:1]) + words[1:]
}

// checkAssignee refuses anyone but an active user of this facility.
func (m *Module) checkAssignee(ctx context.Context, tx db.Tx, userID *uuid.UUID) error {
	if userID == nil {
		return nil
	}
	member, err := m.deps.Users.IsMember(ctx, tx, *userID, tx.Scope().TenantID, tx.Scope().FacilityID)
	if err == nil && !member {
		err = errInvalid.At("body.assigned_to_id", "Not an active user of this facility.")
	}
	return err
}

// ByID names one task.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one task.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Task, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return Task{}, err
	}
	return m.presentOne(ctx, q, scope, m.deps.Clock.Now(), row)
}

func get(ctx context.Context, q db.DBTX, scope db.Scope, taskID uuid.UUID) (tasksdb.TasksTask, error) {
	row, err := tasksdb.New(q).GetTask(ctx, tasksdb.GetTaskParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: taskID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return row, err
}

func (m *Module) presentOne(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, row tasksdb.TasksTask) (Task, error) {
	all, err := m.present(ctx, q, scope, now, []tasksdb.TasksTask{row})
	if err != nil {
		return Task{}, err
	}
	return all[0], nil
}

// present shows rows with their patients' and assignees' names, which it asks for all at once.
func (m *Module) present(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, rows []tasksdb.TasksTask) ([]Task, error) {
	if len(rows) == 0 {
		return []Task{}, nil
	}
	var patientIDs, userIDs []uuid.UUID
	for _, row := range rows {
		patientIDs = append(patientIDs, row.PatientID)
		if row.AssignedToID != nil {
			userIDs = append(userIDs, *row.AssignedToID)
		}
	}
	patients, err := m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(patientIDs))
	if err != nil {
		return nil, err
	}
	var names map[uuid.UUID]string
	if len(userIDs) > 0 {
		if names, err = m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(userIDs)); err != nil {
			return nil, err
		}
	}
	tasks := make([]Task, len(rows))
	for i, row := range rows {
		patient, status := patients[row.PatientID], tasksapi.Status(row.Status)
		t := Task{
			Version: httpx.Version(row.Version), ID: row.ID, EncounterID: row.EncounterID, PatientID: row.PatientID,
			Patient: Patient{ID: row.PatientID, FullName: patient.FullName, MRN: patient.MRN}, Code: row.Code, Title: row.Title,
			Status: status, AssignedToID: row.AssignedToID, DueAt: row.DueAt, StartedAt: row.StartedAt, CompletedAt: row.CompletedAt,
			IsOverdue: toDo(status) && row.DueAt != nil && row.DueAt.Before(now), CreatedAt: row.CreatedAt, Actions: actions(ctx, row),
		}
		if row.AssignedToID != nil {
			t.AssignedTo = &Person{ID: *row.AssignedToID, FullName: names[*row.AssignedToID]}
		}
		tasks[i] = t
	}
	return tasks, nil
}

// permissionTo says who may make each move.
var permissionTo = map[move]string{start: CanWork, complete: CanWork, reopen: CanWork, cancel: CanCancel, assign: CanAssign, unassign: CanAssign}

// actions lists what the caller may do to a task now.
func actions(ctx context.Context, row tasksdb.TasksTask) []string {
	may := []string{}
	if row.EncounterOver {
		return may
	}
	for _, m := range moves {
		if changes(tasksapi.Status(row.Status), row.AssignedToID != nil, m) && auth.Can(ctx, permissionTo[m]) {
			may = append(may, string(m))
		}
	}
	return may
}
