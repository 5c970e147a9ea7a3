-- name: InsertSession :exec
INSERT INTO iam.session (id, user_id, active_tenant_id, active_facility_id, address, created_at, refreshed_at, expires_at)
VALUES (@id, @user_id, @active_tenant_id, @active_facility_id, @address, @now, @now, @expires_at);

-- name: LockSession :one
SELECT * FROM iam.session WHERE id = @id FOR UPDATE;

-- name: LockSessionOfRefreshToken :one
-- Parallel uses of one token queue here; what became of it is read afterwards, with a new snapshot.
SELECT * FROM iam.session WHERE id = (SELECT session_id FROM iam.refresh_token WHERE hash = @hash) FOR UPDATE;

-- name: InsertRefreshToken :exec
INSERT INTO iam.refresh_token (hash, session_id, created_at) VALUES (@hash, @session_id, @now);

-- name: UseRefreshToken :execrows
UPDATE iam.refresh_token SET used_at = @now::timestamptz WHERE hash = @hash AND used_at IS NULL;

-- name: ProlongSession :exec
UPDATE iam.session SET refreshed_at = @now, expires_at = @expires_at, active_tenant_id = @active_tenant_id, active_facility_id = @active_facility_id
WHERE id = @id;

-- name: ChooseScope :execrows
UPDATE iam.session SET active_tenant_id = @tenant_id, active_facility_id = @facility_id WHERE id = @id AND ended_at IS NULL;

-- name: EndSession :exec
UPDATE iam.session SET ended_at = @now::timestamptz, end_reason = @reason::text WHERE id = @id AND ended_at IS NULL;

-- name: EndSessions :exec
-- All of a user's sessions but one; the zero id spares none.
UPDATE iam.session SET ended_at = @now::timestamptz, end_reason = @reason::text
WHERE user_id = @user_id AND id <> @spared AND ended_at IS NULL;

-- name: EndSessionsOfClosed :exec
-- When no tenant lets the user in any more, the sessions end for good: being let in again does not revive them.
UPDATE iam.session SET ended_at = @now::timestamptz, end_reason = 'account_closed'
WHERE user_id = @user_id AND ended_at IS NULL AND NOT iam.is_open(@user_id);

-- name: LoadAccount :one
SELECT a.user_id::uuid AS user_id, a.is_superuser::boolean AS is_superuser, a.expires_at::timestamptz AS expires_at, a.memberships::jsonb AS memberships
FROM iam.load_account(@session_id, @now) a;

-- name: DeleteOldSessions :exec
DELETE FROM iam.session WHERE expires_at < @before OR ended_at < @before;
