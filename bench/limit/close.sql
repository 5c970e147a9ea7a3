-- Closing an encounter: its row, the end of its tasks, the event and the answer kept for the idempotency
-- key. Each run takes the next of the encounters that were made ready.
\startpipeline
BEGIN;
SELECT set_config('app.tenant_id', r.tenant_id::text, true), set_config('app.facility_id', r.facility_id::text, true),
    set_config('app.tenant_wide', 'off', true), set_config('bench.encounter', r.encounter_id::text, true),
    set_config('bench.patient', r.patient_id::text, true), set_config('bench.user', r.user_id::text, true),
    set_config('bench.event', bench.new_id()::text, true)
FROM bench.ready r WHERE r.n = (SELECT nextval('bench.ready_n'));
UPDATE encounters.encounter
SET status = 'CLOSED', closed_at = clock_timestamp(), closed_by_id = current_setting('bench.user')::uuid, version = version + 1,
    updated_at = clock_timestamp()
WHERE tenant_id = current_setting('app.tenant_id')::uuid AND facility_id = current_setting('app.facility_id')::uuid
    AND id = current_setting('bench.encounter')::uuid
RETURNING *;
UPDATE tasks.task SET encounter_over = true, version = version + 1, updated_at = clock_timestamp()
WHERE tenant_id = current_setting('app.tenant_id')::uuid AND facility_id = current_setting('app.facility_id')::uuid
    AND encounter_id = current_setting('bench.encounter')::uuid AND NOT encounter_over;
INSERT INTO events.event (tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at, payload, origin)
VALUES (current_setting('app.tenant_id')::uuid, current_setting('bench.event')::uuid, 'encounters.closed.v1',
    current_setting('app.facility_id')::uuid, 'encounter', current_setting('bench.encounter')::uuid, current_setting('bench.patient')::uuid,
    current_setting('bench.encounter')::uuid, current_setting('bench.user')::uuid, current_setting('bench.event'), clock_timestamp(),
    jsonb_build_object('patient_id', current_setting('bench.patient'), 'encounter_id', current_setting('bench.encounter')), '127.0.0.1');
INSERT INTO httpx.idempotency (tenant_id, facility_id, user_id, method, path, key, request_hash, status, etag, body, created_at)
SELECT current_setting('app.tenant_id')::uuid, current_setting('app.facility_id')::uuid, current_setting('bench.user')::uuid, 'POST',
    '/api/encounters/' || current_setting('bench.encounter') || '/close', current_setting('bench.event'), a.request_hash, a.status, a.etag, a.body,
    clock_timestamp()
FROM bench.answer a WHERE a.act = 'close'
ON CONFLICT (tenant_id, facility_id, user_id, method, path, key) DO UPDATE SET request_hash = excluded.request_hash,
    status = excluded.status, etag = excluded.etag, body = excluded.body, created_at = excluded.created_at;
COMMIT;
\endpipeline
