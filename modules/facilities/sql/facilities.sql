-- name: InsertFacility :one
INSERT INTO facilities.facility (tenant_id, id, code, name, time_zone, mrn_pattern, several_active_encounters, packs, created_at, updated_at)
VALUES (@tenant_id, @id, @code, @name, @time_zone, @mrn_pattern, @several_active_encounters, @packs, @now, @now)
RETURNING *;

-- name: GetFacility :one
SELECT * FROM facilities.facility WHERE tenant_id = @tenant_id AND id = @id;

-- name: LockFacility :one
SELECT * FROM facilities.facility WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: ListFacilities :many
-- The caller's own facilities only, in the order of their codes.
SELECT * FROM facilities.facility
WHERE tenant_id = @tenant_id AND id = ANY(@visible::uuid[]) AND code > @after_code
ORDER BY code LIMIT @max_rows;

-- name: CountFacilities :one
SELECT count(*) FROM facilities.facility WHERE tenant_id = @tenant_id AND id = ANY(@visible::uuid[]);

-- name: UpdateFacility :one
UPDATE facilities.facility
SET name = @name, time_zone = @time_zone, mrn_pattern = @mrn_pattern, several_active_encounters = @several_active_encounters,
    is_active = @is_active, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id
RETURNING *;

-- name: FacilitiesOfTenant :many
SELECT * FROM facilities.facility WHERE tenant_id = @tenant_id ORDER BY code;

-- name: SetPacks :one
UPDATE facilities.facility SET packs = @packs, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id
RETURNING *;
