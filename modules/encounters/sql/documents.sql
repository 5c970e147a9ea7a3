-- name: InsertDocument :one
INSERT INTO encounters.document (tenant_id, id, facility_id, encounter_id, kind, content, author_id, authored_at)
VALUES (@tenant_id, @id, @facility_id, @encounter_id, @kind, @content, sqlc.narg(author_id), @now)
RETURNING *;

-- name: CountDocuments :one
SELECT count(*) FROM encounters.document
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id
  AND (sqlc.narg(kind)::text IS NULL OR kind = sqlc.narg(kind));

-- name: ListDocuments :many
-- One encounter's documents are few, so its index alone finds them, with a kind or without.
SELECT * FROM encounters.document
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id
  AND (sqlc.narg(kind)::text IS NULL OR kind = sqlc.narg(kind))
  AND (authored_at, id) < (@before_at::timestamptz, @before_id::uuid)
ORDER BY authored_at DESC, id DESC LIMIT @max_rows;

-- name: DocumentsAfter :many
-- For the backfill, over all facilities of the tenant.
SELECT d.id, d.facility_id, d.encounter_id, d.kind, d.author_id, d.authored_at, e.patient_id
FROM encounters.document d JOIN encounters.encounter e ON e.tenant_id = d.tenant_id AND e.id = d.encounter_id
WHERE d.tenant_id = @tenant_id AND d.id > @after ORDER BY d.id LIMIT @max_rows;

-- name: GetVitals :one
SELECT d.encounter_id, d.content, d.authored_at, e.patient_id
FROM encounters.document d JOIN encounters.encounter e ON e.tenant_id = d.tenant_id AND e.id = d.encounter_id
WHERE d.tenant_id = @tenant_id AND d.facility_id = @facility_id AND d.id = @id AND d.kind = 'VITALS';
