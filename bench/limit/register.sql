-- The rows of a registration: the record with its search entry and its number, the event, which is what the audit trail
-- seals, and the answer kept for the idempotency key. Names and search keys are those of patients that HM has just registered.
\set site random(1, :sites)
\set sample random(1, :samples)
\startpipeline
BEGIN;
SELECT set_config('app.tenant_id', s.tenant_id::text, true), set_config('app.facility_id', s.facility_id::text, true),
    set_config('app.tenant_wide', 'off', true), set_config('bench.user', s.user_id::text, true), set_config('bench.prefix', s.prefix, true),
    set_config('bench.suffix', s.suffix, true), set_config('bench.id', bench.new_id()::text, true), set_config('bench.event', bench.new_id()::text, true)
FROM bench.site s WHERE s.n = :site;
SELECT set_config('bench.mrn', m.mrn, true), set_config('bench.number', m.number::text, true)
FROM patients.next_mrn(current_setting('bench.prefix'), current_setting('bench.suffix'), 6) m;
WITH sample AS (
    SELECT * FROM bench.sample WHERE n = :sample
), made AS (
    INSERT INTO patients.patient (tenant_id, id, facility_id, mrn, mrn_series, mrn_number, full_name, date_of_birth, birth_date_estimated,
        gender, phone, phone_digits, email, address, blood_group, identifiers, system_specific_data, created_at, updated_at)
    SELECT current_setting('app.tenant_id')::uuid, current_setting('bench.id')::uuid, current_setting('app.facility_id')::uuid,
        current_setting('bench.mrn'), current_setting('bench.prefix') || '#' || current_setting('bench.suffix'),
        current_setting('bench.number')::bigint, full_name, date_of_birth, birth_date_estimated, gender, phone, phone_digits, email,
        address, blood_group, identifiers, system_specific_data, clock_timestamp(), clock_timestamp()
    FROM sample
    ON CONFLICT ON CONSTRAINT patient_mrn_key DO NOTHING
    RETURNING *
), entered AS (
    INSERT INTO patients.search_entry (tenant_id, patient_id, facility_id, key_version, sort_name, keys)
    SELECT made.tenant_id, made.id, made.facility_id, sample.key_version, sample.sort_name, sample.keys FROM made, sample
)
SELECT * FROM made;
INSERT INTO events.event (tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at, payload, origin)
VALUES (current_setting('app.tenant_id')::uuid, current_setting('bench.event')::uuid, 'patients.registered.v1', current_setting('app.facility_id')::uuid,
    'patient', current_setting('bench.id')::uuid, current_setting('bench.id')::uuid, NULL, current_setting('bench.user')::uuid,
    current_setting('bench.event'), clock_timestamp(), jsonb_build_object('patient_id', current_setting('bench.id')), '127.0.0.1');
INSERT INTO httpx.idempotency (tenant_id, facility_id, user_id, method, path, key, request_hash, status, etag, body, created_at)
SELECT current_setting('app.tenant_id')::uuid, current_setting('app.facility_id')::uuid, current_setting('bench.user')::uuid, 'POST',
    '/api/patients', current_setting('bench.event'), a.request_hash, a.status, a.etag, a.body, clock_timestamp()
FROM bench.answer a WHERE a.act = 'register'
ON CONFLICT (tenant_id, facility_id, user_id, method, path, key) DO UPDATE SET request_hash = excluded.request_hash,
    status = excluded.status, etag = excluded.etag, body = excluded.body, created_at = excluded.created_at;
COMMIT;
\endpipeline
