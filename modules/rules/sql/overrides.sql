-- name: ListOverrides :many
SELECT * FROM rules.override WHERE tenant_id = @tenant_id;

-- name: GetOverride :one
SELECT * FROM rules.override WHERE tenant_id = @tenant_id AND code = @code;

-- name: InsertOverride :one
INSERT INTO rules.override (tenant_id, id, code, enabled, severity, parameters, created_at, updated_at)
VALUES (@tenant_id, @id, @code, @enabled, sqlc.narg(severity), @parameters, @now, @now)
RETURNING *;

-- name: UpdateOverride :one
UPDATE rules.override
SET enabled = @enabled, severity = sqlc.narg(severity), parameters = @parameters, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND code = @code
RETURNING *;
