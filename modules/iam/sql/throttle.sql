-- name: LockThrottle :one
-- The row of a key, made when there is none; parallel attempts at one name count one after the other.
INSERT INTO iam.sign_in_throttle (key, failures, counted_at) VALUES (@key, 0, @now)
ON CONFLICT (key) DO UPDATE SET key = excluded.key
RETURNING failures, counted_at, blocked_until;

-- name: GetThrottle :one
SELECT failures, counted_at, blocked_until FROM iam.sign_in_throttle WHERE key = @key;

-- name: SetThrottle :exec
UPDATE iam.sign_in_throttle SET failures = @failures, counted_at = @now, blocked_until = @blocked_until WHERE key = @key;

-- name: TakeBackAttempt :exec
-- Only its own block is lifted, never that of another attempt.
UPDATE iam.sign_in_throttle SET failures = greatest(failures - 1, 0),
    blocked_until = CASE WHEN blocked_until = sqlc.narg(blocked_until)::timestamptz THEN NULL ELSE blocked_until END
WHERE key = @key;

-- name: ForgetThrottle :exec
DELETE FROM iam.sign_in_throttle WHERE key = @key;

-- name: DeleteOldThrottles :exec
DELETE FROM iam.sign_in_throttle WHERE counted_at < @before;

-- name: InsertRefusedSignIn :exec
INSERT INTO iam.refused_sign_in (id, user_id, reason, address, refused_at) VALUES (@id, @user_id, @reason, @address, @now);

-- name: TakeRefusedSignIns :many
DELETE FROM iam.refused_sign_in WHERE id IN (SELECT id FROM iam.refused_sign_in ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING *;
