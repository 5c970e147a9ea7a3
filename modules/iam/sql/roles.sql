-- name: InsertRole :exec
INSERT INTO iam.role (tenant_id, id, code, name, built_in, created_at, updated_at)
VALUES (@tenant_id, @id, @code, @name, @built_in, @now, @now);

-- name: ListRoles :many
SELECT r.*, ARRAY(SELECT p.permission FROM iam.role_permission p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id ORDER BY p.permission)::text[] AS permissions
FROM iam.role r WHERE r.tenant_id = @tenant_id AND r.code > @after_code ORDER BY r.code LIMIT @max_rows;

-- name: CountRoles :one
SELECT count(*) FROM iam.role WHERE tenant_id = @tenant_id;

-- name: GetRole :one
SELECT r.*, ARRAY(SELECT p.permission FROM iam.role_permission p WHERE p.tenant_id = r.tenant_id AND p.role_id = r.id ORDER BY p.permission)::text[] AS permissions
FROM iam.role r WHERE r.tenant_id = @tenant_id AND r.id = @id;

-- name: UpdateRole :exec
UPDATE iam.role SET name = @name, version = version + 1, updated_at = @now WHERE tenant_id = @tenant_id AND id = @id;

-- name: AddRolePermissions :exec
INSERT INTO iam.role_permission (tenant_id, role_id, permission) SELECT @tenant_id, @role_id, unnest(@permissions::text[]) ON CONFLICT DO NOTHING;

-- name: RemoveRolePermissions :exec
DELETE FROM iam.role_permission WHERE tenant_id = @tenant_id AND role_id = @role_id AND permission = ANY(@permissions::text[]);

-- name: FacilitiesUsingRole :many
SELECT DISTINCT m.facility_id FROM iam.membership_role mr JOIN iam.membership m ON m.tenant_id = mr.tenant_id AND m.id = mr.membership_id
WHERE mr.tenant_id = @tenant_id AND mr.role_id = @role_id;
