-- name: InsertNotifications :many
-- A JSON list of {id, user_id, in_app}; who was told of this cause before gives no row.
INSERT INTO notifications.notification (tenant_id, id, facility_id, user_id, cause, kind, severity, title, service_code, subject_kind, subject_id,
    alert_id, encounter_id, patient_id, is_in_app, created_at)
SELECT @tenant_id::uuid, (told->>'id')::uuid, @facility_id::uuid, (told->>'user_id')::uuid, @cause::text, @kind::text, @severity::text, @title::text,
    @service_code::text, @subject_kind::text, @subject_id::uuid, sqlc.narg(alert_id)::uuid, sqlc.narg(encounter_id)::uuid,
    sqlc.narg(patient_id)::uuid, (told->>'in_app')::boolean, @now::timestamptz
FROM jsonb_array_elements(@told::jsonb) AS told
ON CONFLICT (tenant_id, user_id, cause) DO NOTHING
RETURNING id, user_id;

-- name: GetNotification :one
SELECT * FROM notifications.notification
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND user_id = @user_id AND is_in_app AND id = @id;

-- name: NotificationOfDelivery :one
SELECT n.* FROM notifications.notification n JOIN notifications.delivery d ON d.tenant_id = n.tenant_id AND d.notification_id = n.id
WHERE d.tenant_id = @tenant_id AND d.id = @delivery_id;

-- name: MarkRead :one
UPDATE notifications.notification SET read_at = coalesce(read_at, @now)
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND user_id = @user_id AND is_in_app AND id = @id
RETURNING *;

-- name: MarkAllRead :execrows
UPDATE notifications.notification SET read_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND user_id = @user_id AND is_in_app AND read_at IS NULL AND created_at <= @until;
