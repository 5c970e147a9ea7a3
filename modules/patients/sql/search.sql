-- name: SearchPatients :many
-- The places of the function's page, joined with the records under row-level security, in one round trip.
SELECT sqlc.embed(p), found.score::integer AS score, found.total::bigint AS total, found.place::bigint AS place
FROM patients.search(@codes::bigint[], @code_points::integer[], @ladders::bigint[], @slips::bigint[], @slip_ends::integer[], @grams::bigint[],
    @births::bigint[], @after_score::integer, sqlc.narg('after_id')::uuid, @max_rows::integer) AS found
JOIN patients.patient p ON p.tenant_id = @tenant_id AND p.facility_id = @facility_id AND p.id = found.patient_id
ORDER BY place;

-- name: OutdatedSearchEntries :many
SELECT tenant_id::uuid AS tenant_id, facility_id::uuid AS facility_id, patient_id::uuid AS patient_id
FROM patients.outdated_search_entries(@current_version::integer, @max_rows::integer);

-- name: LockOutdatedPatients :many
-- Locked as a change of the patient would be, so that no newer keys are overwritten with older ones.
SELECT * FROM patients.patient
WHERE patient.tenant_id = @tenant_id AND patient.facility_id = @facility_id AND patient.id = ANY (@ids::uuid[])
ORDER BY patient.id FOR UPDATE SKIP LOCKED;

-- name: RebuildSearchEntry :exec
UPDATE patients.search_entry SET key_version = @key_version, sort_name = @sort_name, keys = @keys::bigint[]
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id AND key_version < @key_version;
