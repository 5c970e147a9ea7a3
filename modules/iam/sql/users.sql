-- name: InsertTenantUser :exec
INSERT INTO iam.tenant_user (tenant_id, user_id, created_at, updated_at) VALUES (@tenant_id, @user_id, @now, @now)
ON CONFLICT (tenant_id, user_id) DO NOTHING;

-- name: LockTenantUser :one
SELECT * FROM iam.tenant_user WHERE tenant_id = @tenant_id AND user_id = @user_id FOR UPDATE;

-- name: TouchTenantUser :exec
UPDATE iam.tenant_user SET version = version + 1, updated_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id;

-- name: SetTenantUserActive :exec
UPDATE iam.tenant_user SET is_active = @is_active, version = version + 1, updated_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id;

-- name: ListUsers :many
-- People with a place, present or past, in one of the visible facilities; only those places are shown.
SELECT u.id, u.username, u.full_name, u.email, (u.otp_confirmed_at IS NOT NULL)::boolean AS otp_enabled, t.is_active,
    (u.version + t.version)::integer AS version, t.created_at, greatest(u.updated_at, t.updated_at)::timestamptz AS updated_at,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', m.id, 'facility_id', m.facility_id, 'is_active', m.is_active,
            'roles', ARRAY(SELECT r.code FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
                WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY r.code)) ORDER BY m.id)
        FROM iam.membership m
        WHERE m.tenant_id = @tenant_id AND m.user_id = t.user_id AND (@everywhere::boolean OR m.facility_id = ANY(@visible::uuid[]))), '[]')::jsonb AS memberships
FROM iam.tenant_user t JOIN iam.user_account u ON u.id = t.user_id
WHERE t.tenant_id = @tenant_id
    AND (sqlc.narg(user_id)::uuid IS NULL OR t.user_id = sqlc.narg(user_id))
    AND (sqlc.narg(is_active)::boolean IS NULL OR t.is_active = sqlc.narg(is_active))
    AND (@q::text = '' OR position(lower(@q) IN lower(u.full_name)) > 0 OR position(lower(@q) IN lower(u.username)) > 0)
    AND EXISTS (SELECT FROM iam.membership m
        WHERE m.tenant_id = @tenant_id AND m.user_id = t.user_id AND (@everywhere::boolean OR m.facility_id = ANY(@visible::uuid[]))
            AND (sqlc.narg(facility_id)::uuid IS NULL OR m.facility_id = sqlc.narg(facility_id) AND m.is_active)
            AND (@role::text = '' OR m.is_active AND EXISTS (SELECT FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
                WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id AND r.code = @role)))
    AND lower(u.username) > @after_username::text
ORDER BY lower(u.username) LIMIT @max_rows;

-- name: CountUsers :one
SELECT count(*) FROM iam.tenant_user t JOIN iam.user_account u ON u.id = t.user_id
WHERE t.tenant_id = @tenant_id
    AND (sqlc.narg(is_active)::boolean IS NULL OR t.is_active = sqlc.narg(is_active))
    AND (@q::text = '' OR position(lower(@q) IN lower(u.full_name)) > 0 OR position(lower(@q) IN lower(u.username)) > 0)
    AND EXISTS (SELECT FROM iam.membership m
        WHERE m.tenant_id = @tenant_id AND m.user_id = t.user_id AND (@everywhere::boolean OR m.facility_id = ANY(@visible::uuid[]))
            AND (sqlc.narg(facility_id)::uuid IS NULL OR m.facility_id = sqlc.narg(facility_id) AND m.is_active)
            AND (@role::text = '' OR m.is_active AND EXISTS (SELECT FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
                WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id AND r.code = @role)));

-- name: NamesOf :many
SELECT u.id, u.full_name FROM iam.tenant_user t JOIN iam.user_account u ON u.id = t.user_id
WHERE t.tenant_id = @tenant_id AND t.user_id = ANY(@user_ids::uuid[]);

-- name: ContactsOf :many
SELECT u.id, u.full_name, u.email FROM iam.tenant_user t JOIN iam.user_account u ON u.id = t.user_id
WHERE t.tenant_id = @tenant_id AND t.user_id = ANY(@user_ids::uuid[]) AND t.is_active;

-- name: IsMember :one
SELECT EXISTS (SELECT FROM iam.membership m JOIN iam.tenant_user t ON t.tenant_id = m.tenant_id AND t.user_id = m.user_id
    WHERE m.tenant_id = @tenant_id AND m.user_id = @user_id AND m.facility_id = @facility_id AND m.is_active AND t.is_active)::boolean;

-- name: WithRole :many
-- Those who may act in the facility now and hold the role there.
SELECT m.user_id FROM iam.membership m
JOIN iam.tenant_user t ON t.tenant_id = m.tenant_id AND t.user_id = m.user_id
JOIN iam.membership_role mr ON mr.tenant_id = m.tenant_id AND mr.membership_id = m.id
JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
WHERE m.tenant_id = @tenant_id AND m.facility_id = @facility_id AND m.is_active AND t.is_active AND r.code = @code
ORDER BY m.user_id;
