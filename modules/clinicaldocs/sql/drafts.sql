-- name: InsertDraft :one
-- Nothing comes back when this author already used the key on this encounter; the loser of a race waits here until
-- the winner has committed.
INSERT INTO clinicaldocs.draft (tenant_id, facility_id, id, encounter_id, patient_id, pack, template_code, template_version,
    payload, computed, summary, author_id, idempotency_key, request_hash, created_at, updated_at)
VALUES (@tenant_id, @facility_id, @id, @encounter_id, @patient_id, @pack, @template_code, @template_version,
    @payload, @computed, @summary, @author_id, sqlc.narg('idempotency_key'), sqlc.narg('request_hash'), @now, @now)
ON CONFLICT ON CONSTRAINT draft_idempotency_key DO NOTHING
RETURNING id;

-- name: DraftOfKey :one
SELECT id, request_hash, discarded_at FROM clinicaldocs.draft
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND author_id = @author_id
    AND idempotency_key = @idempotency_key::text;

-- name: EncounterOfDraft :one
SELECT encounter_id FROM clinicaldocs.draft
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id AND discarded_at IS NULL;

-- name: LockDraft :one
SELECT * FROM clinicaldocs.draft
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id AND discarded_at IS NULL
FOR UPDATE;

-- name: ReplaceDraft :exec
UPDATE clinicaldocs.draft
SET payload = @payload, computed = @computed, summary = @summary, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id;

-- name: MarkFinalized :exec
UPDATE clinicaldocs.draft SET finalized_at = @now::timestamptz, updated_at = @now::timestamptz WHERE tenant_id = @tenant_id AND id = @id;

-- name: MarkDiscarded :exec
UPDATE clinicaldocs.draft SET discarded_at = @now::timestamptz, updated_at = @now::timestamptz WHERE tenant_id = @tenant_id AND id = @id;

-- name: EndDraftsOfEncounter :exec
UPDATE clinicaldocs.draft SET encounter_open = false
WHERE tenant_id = @tenant_id AND encounter_id = @encounter_id AND finalized_at IS NULL AND discarded_at IS NULL;

-- name: DraftsAfter :many
-- For the backfill, over all facilities of the tenant.
SELECT id, facility_id, version, encounter_id, patient_id, template_code, template_version, author_id, created_at, discarded_at
FROM clinicaldocs.draft WHERE tenant_id = @tenant_id AND id > @after ORDER BY id LIMIT @max_rows;
