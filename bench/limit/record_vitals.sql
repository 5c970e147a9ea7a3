-- Vital signs in an encounter under way: the encounter is held, then the document, what it says as observations, the event
-- and the answer kept for the idempotency key.
\set n random(1, :open)
\set pulse random(60, 119)
\set systolic random(100, 159)
\set diastolic random(60, 94)
\startpipeline
BEGIN;
SELECT set_config('app.tenant_id', o.tenant_id::text, true), set_config('app.facility_id', o.facility_id::text, true),
    set_config('app.tenant_wide', 'off', true), set_config('bench.encounter', o.encounter_id::text, true),
    set_config('bench.patient', o.patient_id::text, true), set_config('bench.user', o.user_id::text, true),
    set_config('bench.id', bench.new_id()::text, true), set_config('bench.event', bench.new_id()::text, true)
FROM bench.open o WHERE o.n = :n;
SELECT * FROM encounters.encounter
WHERE tenant_id = current_setting('app.tenant_id')::uuid AND facility_id = current_setting('app.facility_id')::uuid
    AND id = current_setting('bench.encounter')::uuid FOR SHARE;
INSERT INTO encounters.document (tenant_id, id, facility_id, encounter_id, kind, content, author_id, authored_at)
VALUES (current_setting('app.tenant_id')::uuid, current_setting('bench.id')::uuid, current_setting('app.facility_id')::uuid,
    current_setting('bench.encounter')::uuid, 'VITALS', jsonb_build_object('temperature_c', 37.5, 'pulse_bpm', :pulse::int, 'resp_rate', 16,
    'bp_systolic', :systolic::int, 'bp_diastolic', :diastolic::int, 'spo2', 97), current_setting('bench.user')::uuid, clock_timestamp())
RETURNING *;
INSERT INTO clinicaldocs.observation (tenant_id, id, facility_id, patient_id, encounter_id, source, document_id, field, code, system, value_number, unit, at)
SELECT current_setting('app.tenant_id')::uuid, bench.new_id(), current_setting('app.facility_id')::uuid, current_setting('bench.patient')::uuid,
    current_setting('bench.encounter')::uuid, 'VITALS', current_setting('bench.id')::uuid, v.field, v.code, 'loinc', v.value, v.unit, clock_timestamp()
FROM (VALUES ('temperature_c', '8310-5', 37.5::double precision, 'Cel'), ('pulse_bpm', '8867-4', :pulse, '/min'), ('resp_rate', '9279-1', 16, '/min'),
    ('bp_systolic', '8480-6', :systolic, 'mm[Hg]'), ('bp_diastolic', '8462-4', :diastolic, 'mm[Hg]'), ('spo2', '59408-5', 97, '%')) AS v (field, code, value, unit);
INSERT INTO events.event (tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at, payload, origin)
VALUES (current_setting('app.tenant_id')::uuid, current_setting('bench.event')::uuid, 'encounters.vitals_recorded.v1',
    current_setting('app.facility_id')::uuid, 'encounter_document', current_setting('bench.id')::uuid, current_setting('bench.patient')::uuid,
    current_setting('bench.encounter')::uuid, current_setting('bench.user')::uuid, current_setting('bench.event'), clock_timestamp(),
    jsonb_build_object('patient_id', current_setting('bench.patient'), 'document_id', current_setting('bench.id'), 'encounter_id', current_setting('bench.encounter')), '127.0.0.1');
INSERT INTO httpx.idempotency (tenant_id, facility_id, user_id, method, path, key, request_hash, status, etag, body, created_at)
SELECT current_setting('app.tenant_id')::uuid, current_setting('app.facility_id')::uuid, current_setting('bench.user')::uuid, 'POST',
    '/api/encounters/' || current_setting('bench.encounter') || '/vitals', current_setting('bench.event'), a.request_hash, a.status, a.etag, a.body,
    clock_timestamp()
FROM bench.answer a WHERE a.act = 'vitals'
ON CONFLICT (tenant_id, facility_id, user_id, method, path, key) DO UPDATE SET request_hash = excluded.request_hash,
    status = excluded.status, etag = excluded.etag, body = excluded.body, created_at = excluded.created_at;
COMMIT;
\endpipeline
