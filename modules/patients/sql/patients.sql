-- name: NextMRN :one
SELECT mrn::text AS mrn, number::bigint AS number FROM patients.next_mrn(@prefix, @suffix, @width);

-- name: InsertPatient :one
-- The record, its outside numbers and its search entry in one statement. No row comes back when the MRN is taken:
-- unlike an error, that leaves the transaction usable for the next number. A number that is guessed is claimed as
-- patients.next_mrn does; when somebody else has it under way, no row comes back either.
WITH made AS (
    INSERT INTO patients.patient (tenant_id, id, facility_id, mrn, mrn_series, mrn_number, full_name, date_of_birth, birth_date_estimated,
        gender, phone, phone_digits, email, address, blood_group, identifiers, system_specific_data, created_at, updated_at)
    SELECT sqlc.arg('tenant_id')::uuid, sqlc.arg('id')::uuid, sqlc.arg('facility_id')::uuid, sqlc.arg('mrn')::text, sqlc.narg('mrn_series')::text, sqlc.narg('mrn_number')::bigint, @full_name::text,
        sqlc.narg('date_of_birth')::date, @birth_date_estimated::boolean, @gender::text, sqlc.narg('phone')::text, sqlc.narg('phone_digits')::text,
        sqlc.narg('email')::text, sqlc.narg('address')::text, sqlc.narg('blood_group')::text, @identifiers::jsonb, @system_specific_data::jsonb,
        @now::timestamptz, @now::timestamptz
    WHERE NOT @guessed::boolean
        OR pg_try_advisory_xact_lock(hashtext(cast(sqlc.arg('facility_id')::uuid AS text) || sqlc.narg('mrn_series')::text), (sqlc.narg('mrn_number')::bigint % 1024)::integer)
    ON CONFLICT ON CONSTRAINT patient_mrn_key DO NOTHING
    RETURNING *
), numbered AS (
    INSERT INTO patients.identifier (tenant_id, facility_id, system, value, patient_id)
    SELECT made.tenant_id, made.facility_id, unnest(@systems::text[]), unnest(@values::text[]), made.id FROM made
), entered AS (
    INSERT INTO patients.search_entry (tenant_id, patient_id, facility_id, key_version, sort_name, keys)
    SELECT made.tenant_id, made.id, made.facility_id, @key_version, @sort_name, @keys::bigint[] FROM made
)
SELECT * FROM made;

-- name: GetPatient :one
SELECT * FROM patients.patient WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockPatient :one
SELECT * FROM patients.patient WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: UpdatePatient :one
WITH entered AS (
    UPDATE patients.search_entry SET key_version = @key_version, sort_name = @sort_name, keys = @keys::bigint[]
    WHERE search_entry.tenant_id = @tenant_id AND search_entry.facility_id = @facility_id AND search_entry.patient_id = @id
)
UPDATE patients.patient
SET mrn = @mrn, mrn_series = sqlc.narg('mrn_series'), mrn_number = sqlc.narg('mrn_number'), full_name = @full_name,
    date_of_birth = sqlc.narg('date_of_birth'), birth_date_estimated = @birth_date_estimated, gender = @gender, phone = sqlc.narg('phone'),
    phone_digits = sqlc.narg('phone_digits'), email = sqlc.narg('email'), address = sqlc.narg('address'), blood_group = sqlc.narg('blood_group'),
    identifiers = @identifiers, system_specific_data = @system_specific_data, version = version + 1, updated_at = @now
WHERE patient.tenant_id = @tenant_id AND patient.facility_id = @facility_id AND patient.id = @id
RETURNING *;

-- name: DeleteIdentifiers :exec
DELETE FROM patients.identifier WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id;

-- name: InsertIdentifiers :exec
INSERT INTO patients.identifier (tenant_id, facility_id, system, value, patient_id)
SELECT @tenant_id, @facility_id, unnest(@systems::text[]), unnest(@values::text[]), @patient_id;

-- name: ListPatients :many
-- Newest first.
SELECT * FROM patients.patient
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND (created_at, id) < (@before_created_at::timestamptz, @before_id::uuid)
ORDER BY created_at DESC, id DESC LIMIT @max_rows;

-- name: CountPatients :one
SELECT count(*) FROM patients.patient WHERE tenant_id = @tenant_id AND facility_id = @facility_id;

-- name: ListPatientsByPhone :many
SELECT * FROM patients.patient
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND phone_digits = @phone_digits::text
    AND (created_at, id) < (@before_created_at::timestamptz, @before_id::uuid)
ORDER BY created_at DESC, id DESC LIMIT @max_rows;

-- name: CountPatientsByPhone :one
SELECT count(*) FROM patients.patient WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND phone_digits = @phone_digits::text;

-- name: ListPatientsByMRN :many
-- One at most; with a phone as well, only if it is that patient's.
SELECT * FROM patients.patient
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND mrn = @mrn
    AND (phone_digits = sqlc.narg('phone_digits') OR sqlc.narg('phone_digits')::text IS NULL);

-- name: SummarisePatients :many
SELECT id, full_name, mrn, date_of_birth, gender FROM patients.patient
WHERE tenant_id = @tenant_id AND (facility_id = @facility_id OR @tenant_wide::boolean) AND id = ANY (@ids::uuid[]);

-- name: PatientFacts :one
SELECT date_of_birth, gender, system_specific_data FROM patients.patient
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: InsertData :exec
-- Data are a JSON list of {pack, field, value}.
INSERT INTO patients.datum (tenant_id, facility_id, patient_id, pack, field, value)
SELECT @tenant_id::uuid, @facility_id::uuid, @patient_id::uuid, d->>'pack', d->>'field', d->>'value' FROM jsonb_array_elements(@data::jsonb) AS d;

-- name: DeleteData :exec
DELETE FROM patients.datum WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id;
