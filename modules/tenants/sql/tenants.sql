-- name: InsertTenant :exec
INSERT INTO tenants.tenant (id, code, name, created_at, updated_at) VALUES (@id, @code, @name, @now, @now);

-- name: GetTenant :one
SELECT * FROM tenants.tenant WHERE id = @id;

-- name: LockTenant :one
SELECT * FROM tenants.tenant WHERE id = @id FOR UPDATE;

-- name: TenantByCode :one
SELECT id FROM tenants.tenant WHERE code = @code;

-- name: AllTenants :many
SELECT id FROM tenants.tenant ORDER BY code;

-- name: ListTenants :many
SELECT * FROM tenants.tenant WHERE code > @after_code ORDER BY code LIMIT @max_rows;

-- name: CountTenants :one
SELECT count(*) FROM tenants.tenant;

-- name: UpdateTenant :one
UPDATE tenants.tenant SET name = @name, is_active = @is_active, version = version + 1, updated_at = @now WHERE id = @id RETURNING *;
