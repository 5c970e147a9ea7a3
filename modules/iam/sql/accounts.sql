-- name: InsertAccount :exec
INSERT INTO iam.user_account (id, username, full_name, email, password_hash, is_superuser, created_at, updated_at)
VALUES (@id, @username, @full_name, @email, @password_hash, @is_superuser, @now, @now);

-- name: FindAccount :one
SELECT * FROM iam.user_account WHERE lower(username) = lower(@username::text);

-- name: Standing :one
-- Asked for unknown names too, with the zero id, so that a sign-in takes the same steps for every name.
SELECT iam.is_open(@user_id)::boolean AS is_open, iam.open_tenants_of(@user_id)::uuid[] AS open_tenants;

-- name: LockAccount :one
SELECT * FROM iam.user_account WHERE id = @id FOR NO KEY UPDATE;

-- name: AllTenants :one
SELECT iam.tenants_of(@user_id)::uuid[];

-- name: WorksElsewhere :one
SELECT iam.works_elsewhere(@user_id, @tenant_id)::boolean;

-- name: MembershipsOf :many
SELECT m.tenant_id::uuid AS tenant_id, m.facility_id::uuid AS facility_id FROM iam.memberships_of(@user_id) m;

-- name: DescribeUser :one
SELECT d.username::text AS username, d.full_name::text AS full_name, coalesce(d.email, '')::text AS email, d.is_superuser::boolean AS is_superuser, d.memberships::jsonb AS memberships
FROM iam.describe_user(@user_id) d;

-- name: UpdateAccount :exec
UPDATE iam.user_account SET full_name = @full_name, email = @email, version = version + 1, updated_at = @now WHERE id = @id;

-- name: SetPassword :exec
UPDATE iam.user_account SET password_hash = @password_hash, version = version + 1, updated_at = @now WHERE id = @id;

-- name: SetSuperuser :one
UPDATE iam.user_account SET is_superuser = @is_superuser, version = version + 1, updated_at = @now
WHERE lower(username) = lower(@username::text)
RETURNING id;

-- name: RememberScope :exec
UPDATE iam.user_account SET last_tenant_id = @tenant_id, last_facility_id = @facility_id WHERE id = @id;

-- name: SetOTPSecret :exec
UPDATE iam.user_account SET otp_secret = @otp_secret, otp_confirmed_at = NULL, otp_last_step = NULL, updated_at = @now WHERE id = @id;

-- name: ConfirmOTP :exec
UPDATE iam.user_account SET otp_confirmed_at = @now, otp_last_step = @step::bigint, version = version + 1, updated_at = @now WHERE id = @id;

-- name: RemoveOTP :exec
UPDATE iam.user_account SET otp_secret = NULL, otp_confirmed_at = NULL, otp_last_step = NULL, version = version + 1, updated_at = @now WHERE id = @id;

-- name: AcceptOTP :execrows
-- No row: a code of this step or a later one was accepted before.
UPDATE iam.user_account SET otp_last_step = @step::bigint WHERE id = @id AND (otp_last_step IS NULL OR otp_last_step < @step::bigint);

-- name: GetAccount :one
SELECT * FROM iam.user_account WHERE id = @id;

-- name: OTPEnrolled :one
SELECT (otp_confirmed_at IS NOT NULL)::boolean FROM iam.user_account WHERE id = @id;

-- name: SetEmail :exec
UPDATE iam.user_account SET email = @email, version = version + 1, updated_at = @now WHERE id = @id;
