-- name: InsertEncounter :one
-- Nothing comes back when the patient already has an encounter under way here and may have only one. The index
-- decides between parallel inserts; NOT EXISTS sees those made while the facility allowed several.
INSERT INTO encounters.encounter (tenant_id, id, facility_id, patient_id, encounter_type, pack, status, exclusive, reason,
    attending_doctor_id, scheduled_at, system_data, created_by_id, created_at, updated_at)
SELECT @tenant_id::uuid, @id::uuid, @facility_id::uuid, @patient_id::uuid, @encounter_type::text, @pack::text, 'CREATED', @exclusive::boolean,
    sqlc.narg(reason)::text, sqlc.narg(attending_doctor_id)::uuid, sqlc.narg(scheduled_at)::timestamptz, @system_data::jsonb,
    sqlc.narg(created_by_id)::uuid, @now::timestamptz, @now::timestamptz
WHERE NOT (@exclusive::boolean AND EXISTS (
    SELECT FROM encounters.encounter e
    WHERE e.tenant_id = @tenant_id::uuid AND e.facility_id = @facility_id::uuid AND e.patient_id = @patient_id::uuid
      AND e.status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT')))
ON CONFLICT (tenant_id, facility_id, patient_id) WHERE exclusive AND status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT') DO NOTHING
RETURNING *;

-- name: ActiveEncounter :one
SELECT id FROM encounters.encounter
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id
  AND status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT')
ORDER BY created_at DESC LIMIT 1;

-- name: GetEncounter :one
SELECT * FROM encounters.encounter WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockEncounter :one
-- For a move: waits for all who hold the status as it is, and they for it.
SELECT * FROM encounters.encounter WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: HoldEncounter :one
-- For what is written beside the encounter: many at once, but not during a move.
SELECT * FROM encounters.encounter WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR SHARE;

-- name: UpdateEncounter :one
UPDATE encounters.encounter
SET reason = sqlc.narg(reason), attending_doctor_id = sqlc.narg(attending_doctor_id), system_data = @system_data,
    version = version + 1, updated_at = @now::timestamptz
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: CheckInEncounter :one
UPDATE encounters.encounter
SET status = 'CHECKED_IN', checked_in_at = @now::timestamptz, checked_in_by_id = sqlc.narg(actor_id), version = version + 1, updated_at = @now::timestamptz
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: StartConsult :one
UPDATE encounters.encounter
SET status = 'IN_CONSULT', consult_started_at = @now::timestamptz, consult_started_by_id = sqlc.narg(actor_id),
    attending_doctor_id = sqlc.narg(attending_doctor_id), version = version + 1, updated_at = @now::timestamptz
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: CloseEncounter :one
UPDATE encounters.encounter
SET status = 'CLOSED', closed_at = @now::timestamptz, closed_by_id = sqlc.narg(actor_id), version = version + 1, updated_at = @now::timestamptz
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: CancelEncounter :one
UPDATE encounters.encounter
SET status = 'CANCELLED', cancelled_at = @now::timestamptz, cancelled_by_id = sqlc.narg(actor_id), cancel_reason = @cancel_reason::text,
    version = version + 1, updated_at = @now::timestamptz
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: EncountersAfter :many
-- For the backfill, over all facilities of the tenant.
SELECT * FROM encounters.encounter WHERE tenant_id = @tenant_id AND id > @after ORDER BY id LIMIT @max_rows;

-- name: InsertData :exec
-- Data are a JSON list of {pack, field, value}.
INSERT INTO encounters.datum (tenant_id, facility_id, encounter_id, pack, field, value)
SELECT @tenant_id::uuid, @facility_id::uuid, @encounter_id::uuid, d->>'pack', d->>'field', d->>'value' FROM jsonb_array_elements(@data::jsonb) AS d;

-- name: DeleteData :exec
DELETE FROM encounters.datum WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id;
