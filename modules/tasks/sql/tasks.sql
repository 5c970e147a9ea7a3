-- name: InsertTask :one
-- Nothing comes back when the encounter has a task of this code already.
INSERT INTO tasks.task (tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, assigned_to_id, assigned_at,
    assigned_by_id, due_at, created_by_id, created_at, updated_at)
VALUES (@tenant_id, @id, @facility_id, @encounter_id, @patient_id, @code, @title, 'OPEN', sqlc.narg(assigned_to_id), sqlc.narg(assigned_at),
    sqlc.narg(assigned_by_id), sqlc.narg(due_at), sqlc.narg(created_by_id), @now, @now)
ON CONFLICT (tenant_id, encounter_id, code) DO NOTHING
RETURNING *;

-- name: InsertWorkflowTasks :many
-- All that one event opens, in one statement; those that are there already stay as they are. Steps are a JSON list
-- of {id, code, title, due_at, outlives_encounter}.
INSERT INTO tasks.task (tenant_id, id, facility_id, encounter_id, patient_id, code, title, status, due_at, outlives_encounter, created_by_id, created_at, updated_at)
SELECT @tenant_id::uuid, (step->>'id')::uuid, @facility_id::uuid, @encounter_id::uuid, @patient_id::uuid, step->>'code', step->>'title', 'OPEN',
    (step->>'due_at')::timestamptz, coalesce((step->>'outlives_encounter')::boolean, false), sqlc.narg(created_by_id)::uuid, @now::timestamptz, @now::timestamptz
FROM jsonb_array_elements(@steps::jsonb) AS step
ON CONFLICT (tenant_id, encounter_id, code) DO NOTHING
RETURNING *;

-- name: GetTask :one
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: GetTaskByCode :one
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND code = @code;

-- name: TasksOfEncounter :many
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id ORDER BY code;

-- name: LockTask :one
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: LockTaskByCode :one
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND code = @code FOR UPDATE;

-- name: LockTasksByCodes :many
-- Whatever their status. In the order of their codes, as LockTasksToDo.
SELECT * FROM tasks.task
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND code = ANY(@codes::text[])
ORDER BY code FOR UPDATE;

-- name: LockTasksToDo :many
-- In the order of their codes, so that two who lock several never wait for each other. Closing spares what outlives it.
SELECT * FROM tasks.task
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND status IN ('OPEN', 'IN_PROGRESS')
  AND (NOT @only_codes::boolean OR code = ANY(@codes::text[])) AND (@ending::text = '' OR right(code, length(@ending::text)) = @ending::text)
  AND NOT (@closing::boolean AND outlives_encounter)
ORDER BY code FOR UPDATE;

-- name: LockTasksOfAssignee :many
-- Over all facilities of the tenant, or one.
SELECT * FROM tasks.task
WHERE tenant_id = @tenant_id AND assigned_to_id = @assigned_to_id AND status IN ('OPEN', 'IN_PROGRESS')
  AND (sqlc.narg(facility_id)::uuid IS NULL OR facility_id = sqlc.narg(facility_id))
ORDER BY facility_id, encounter_id, code FOR UPDATE;

-- name: SaveTask :one
UPDATE tasks.task
SET status = @status, assigned_to_id = sqlc.narg(assigned_to_id), assigned_at = sqlc.narg(assigned_at), assigned_by_id = sqlc.narg(assigned_by_id),
    started_at = sqlc.narg(started_at), started_by_id = sqlc.narg(started_by_id), completed_at = sqlc.narg(completed_at),
    completed_by_id = sqlc.narg(completed_by_id), cancelled_at = sqlc.narg(cancelled_at), cancelled_by_id = sqlc.narg(cancelled_by_id),
    outlives_encounter = @outlives_encounter, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: EndTasksOfEncounter :exec
UPDATE tasks.task SET encounter_over = true, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND NOT encounter_over
  AND NOT (@closing::boolean AND outlives_encounter);

-- name: TasksAfter :many
-- For the backfill, over all facilities of the tenant.
SELECT * FROM tasks.task WHERE tenant_id = @tenant_id AND id > @after ORDER BY id LIMIT @max_rows;
