-- name: GetSettings :one
SELECT * FROM lab.settings WHERE tenant_id = @tenant_id AND facility_id = @facility_id;

-- name: SaveSettings :one
-- Under the version that was seen; 0 where there were none. No row where somebody changed them since.
INSERT INTO lab.settings AS s (tenant_id, facility_id, four_eyes, autoverification, suspended_reason, updated_at, updated_by_id)
VALUES (@tenant_id, @facility_id, @four_eyes, @autoverification, sqlc.narg(suspended_reason), @now, sqlc.narg(updated_by_id))
ON CONFLICT (tenant_id, facility_id) DO UPDATE
SET four_eyes = EXCLUDED.four_eyes, autoverification = EXCLUDED.autoverification, suspended_reason = EXCLUDED.suspended_reason,
    updated_at = EXCLUDED.updated_at, updated_by_id = EXCLUDED.updated_by_id, version = s.version + 1
WHERE s.version = @version
RETURNING *;
