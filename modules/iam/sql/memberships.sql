-- name: InsertMembership :exec
INSERT INTO iam.membership (tenant_id, id, user_id, facility_id, created_at, updated_at)
VALUES (@tenant_id, @id, @user_id, @facility_id, @now, @now);

-- name: SetMembershipActive :exec
UPDATE iam.membership SET is_active = @is_active, version = version + 1, updated_at = @now WHERE tenant_id = @tenant_id AND id = @id;

-- name: AddMembershipRoles :exec
INSERT INTO iam.membership_role (tenant_id, membership_id, role_id)
SELECT @tenant_id, @membership_id, unnest(@role_ids::uuid[]) ON CONFLICT DO NOTHING;

-- name: RemoveMembershipRoles :exec
DELETE FROM iam.membership_role WHERE tenant_id = @tenant_id AND membership_id = @membership_id AND role_id <> ALL(@kept::uuid[]);

-- name: FindMembership :one
SELECT * FROM iam.membership WHERE tenant_id = @tenant_id AND user_id = @user_id AND facility_id = @facility_id;

-- name: LockMembership :one
SELECT * FROM iam.membership WHERE tenant_id = @tenant_id AND id = @id FOR UPDATE;

-- name: ListMemberships :many
SELECT m.id, m.user_id, u.username, u.full_name, m.facility_id, m.is_active, m.version, m.created_at, m.updated_at,
    ARRAY(SELECT r.code FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
        WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY r.code)::text[] AS roles
FROM iam.membership m JOIN iam.user_account u ON u.id = m.user_id
WHERE m.tenant_id = @tenant_id AND (@everywhere::boolean OR m.facility_id = ANY(@visible::uuid[]))
    AND (sqlc.narg(id)::uuid IS NULL OR m.id = sqlc.narg(id))
    AND (sqlc.narg(user_id)::uuid IS NULL OR m.user_id = sqlc.narg(user_id))
    AND (sqlc.narg(facility_id)::uuid IS NULL OR m.facility_id = sqlc.narg(facility_id))
    AND m.id > @after_id
ORDER BY m.id LIMIT @max_rows;

-- name: CountMemberships :one
SELECT count(*) FROM iam.membership m
WHERE m.tenant_id = @tenant_id AND (@everywhere::boolean OR m.facility_id = ANY(@visible::uuid[]))
    AND (sqlc.narg(user_id)::uuid IS NULL OR m.user_id = sqlc.narg(user_id))
    AND (sqlc.narg(facility_id)::uuid IS NULL OR m.facility_id = sqlc.narg(facility_id));

-- name: PlacesOf :many
-- Everywhere the user works or worked in the tenant, with what is allowed there and whether as its administrator.
SELECT m.id, m.facility_id, m.is_active,
    ARRAY(SELECT DISTINCT p.permission FROM iam.membership_role mr JOIN iam.role_permission p ON p.tenant_id = mr.tenant_id AND p.role_id = mr.role_id
        WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id)::text[] AS permissions,
    EXISTS (SELECT FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
        WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id AND r.built_in AND r.code = 'admin')::boolean AS is_admin
FROM iam.membership m WHERE m.tenant_id = @tenant_id AND m.user_id = @user_id;

-- name: HasAdmin :one
-- Whether somebody administers each of the facilities and is let in.
SELECT (NOT EXISTS (
    SELECT FROM unnest(@facility_ids::uuid[]) AS f (facility_id) WHERE NOT EXISTS (
        SELECT FROM iam.membership m
        JOIN iam.tenant_user t ON t.tenant_id = m.tenant_id AND t.user_id = m.user_id
        JOIN iam.membership_role mr ON mr.tenant_id = m.tenant_id AND mr.membership_id = m.id
        JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
        WHERE m.tenant_id = @tenant_id AND m.facility_id = f.facility_id AND m.is_active AND t.is_active AND r.built_in AND r.code = 'admin')))::boolean;
