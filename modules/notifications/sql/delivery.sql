-- name: InsertDeliveries :exec
-- A JSON list of {id, notification_id, channel, is_critical, status, reason, next_try_at, expires_at, sent_at}.
INSERT INTO notifications.delivery (tenant_id, id, facility_id, notification_id, channel, is_critical, status, reason, next_try_at, expires_at, sent_at,
    created_at, updated_at)
SELECT @tenant_id::uuid, (d->>'id')::uuid, @facility_id::uuid, (d->>'notification_id')::uuid, d->>'channel', (d->>'is_critical')::boolean, d->>'status',
    d->>'reason', (d->>'next_try_at')::timestamptz, (d->>'expires_at')::timestamptz, (d->>'sent_at')::timestamptz, @now::timestamptz, @now::timestamptz
FROM jsonb_array_elements(@deliveries::jsonb) AS d
ON CONFLICT (tenant_id, notification_id, channel) DO NOTHING;

-- name: TryAgain :one
SELECT notifications.try_again(@of_channel::text, @because::text, @at::timestamptz)::bigint;

-- name: ClaimedDelivery :one
-- Nothing where the claim is over.
SELECT * FROM notifications.delivery WHERE tenant_id = @tenant_id AND id = @id AND claim_id = @claim_id AND status = 'SENDING';

-- name: CommitDelivery :execrows
-- Nothing where the claim is over: somebody else has the message by now, and this attempt must end before it is sent.
UPDATE notifications.delivery SET committed_at = @now, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id AND claim_id = @claim_id AND status = 'SENDING' AND next_try_at > @now;

-- name: EndAttempt :execrows
UPDATE notifications.delivery SET status = @status, reason = sqlc.narg(reason), next_try_at = sqlc.narg(next_try_at), last_error = sqlc.narg(last_error),
    is_in_doubt = @is_in_doubt, sent_at = sqlc.narg(sent_at), tries = tries - @untried::integer, claim_id = NULL, committed_at = NULL, updated_at = @now
WHERE tenant_id = @tenant_id AND id = @id AND claim_id = @claim_id AND status = 'SENDING';

-- name: LockDelivery :one
SELECT * FROM notifications.delivery WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id AND channel <> 'in_app' FOR UPDATE;

-- name: RetryDelivery :one
UPDATE notifications.delivery SET status = 'PENDING', reason = NULL, next_try_at = @now, expires_at = @expires_at,
    is_in_doubt = false, committed_at = NULL, claim_id = NULL, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: DeliveriesOf :many
SELECT notification_id, channel, status FROM notifications.delivery
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND notification_id = ANY(@notification_ids::uuid[])
ORDER BY notification_id, channel;
