-- name: PreferencesOf :many
SELECT * FROM notifications.preference WHERE tenant_id = @tenant_id AND user_id = ANY(@user_ids::uuid[]);

-- name: LockPreference :one
SELECT * FROM notifications.preference WHERE tenant_id = @tenant_id AND user_id = @user_id FOR UPDATE;

-- name: SavePreference :one
INSERT INTO notifications.preference (tenant_id, user_id, channels, quiet_from, quiet_to, sms_to, language, version, updated_at)
VALUES (@tenant_id, @user_id, @channels, sqlc.narg(quiet_from), sqlc.narg(quiet_to), sqlc.narg(sms_to), @language, 1, @now)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET channels = excluded.channels, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
    sms_to = excluded.sms_to, language = excluded.language, version = notifications.preference.version + 1, updated_at = excluded.updated_at
RETURNING *;

-- name: SettingOf :one
SELECT * FROM notifications.setting WHERE tenant_id = @tenant_id;

-- name: LockSetting :one
SELECT * FROM notifications.setting WHERE tenant_id = @tenant_id FOR UPDATE;

-- name: SaveSetting :one
INSERT INTO notifications.setting (tenant_id, names_outside, version, updated_at) VALUES (@tenant_id, @names_outside, 1, @now)
ON CONFLICT (tenant_id) DO UPDATE SET names_outside = excluded.names_outside, version = notifications.setting.version + 1, updated_at = excluded.updated_at
RETURNING *;

-- name: Templates :many
SELECT * FROM notifications.template WHERE tenant_id = @tenant_id ORDER BY kind, channel, language;

-- name: TemplatesOfKinds :many
SELECT * FROM notifications.template WHERE tenant_id = @tenant_id AND channel = @channel AND kind = ANY(@kinds::text[]);

-- name: SaveTemplate :one
INSERT INTO notifications.template (tenant_id, kind, channel, language, subject, body, updated_by_id, updated_at)
VALUES (@tenant_id, @kind, @channel, @language, @subject, @body, sqlc.narg(updated_by_id), @now)
ON CONFLICT (tenant_id, kind, channel, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
    updated_by_id = excluded.updated_by_id, updated_at = excluded.updated_at
RETURNING *;

-- name: DropTemplate :execrows
DELETE FROM notifications.template WHERE tenant_id = @tenant_id AND kind = @kind AND channel = @channel AND language = @language;

-- name: PushSubscriptionsOf :many
SELECT * FROM notifications.push_subscription WHERE tenant_id = @tenant_id AND user_id = @user_id ORDER BY created_at, id;

-- name: UsersWithPush :many
SELECT DISTINCT user_id FROM notifications.push_subscription WHERE tenant_id = @tenant_id AND user_id = ANY(@user_ids::uuid[]);

-- name: SavePushSubscription :one
INSERT INTO notifications.push_subscription (tenant_id, id, user_id, endpoint, p256dh, auth, device, created_at)
VALUES (@tenant_id, @id, @user_id, @endpoint, @p256dh, @auth, @device, @now)
ON CONFLICT (tenant_id, endpoint) DO UPDATE SET user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device
RETURNING *;

-- name: DropPushSubscription :execrows
DELETE FROM notifications.push_subscription WHERE tenant_id = @tenant_id AND user_id = @user_id AND id = @id;

-- name: DropPushEndpoint :exec
DELETE FROM notifications.push_subscription WHERE tenant_id = @tenant_id AND id = @id;
