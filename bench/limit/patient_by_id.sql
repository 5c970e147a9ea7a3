-- A patient by id: the one row that the screen needs, under row-level security, in one round trip.
\set n random(1, :patients)
\startpipeline
SELECT set_config('app.tenant_id', p.tenant_id::text, true), set_config('app.facility_id', p.facility_id::text, true),
    set_config('app.tenant_wide', 'off', true), set_config('bench.id', p.id::text, true)
FROM bench.patient p WHERE p.n = :n;
SELECT * FROM patients.patient
WHERE tenant_id = current_setting('app.tenant_id')::uuid AND facility_id = current_setting('app.facility_id')::uuid
    AND id = current_setting('bench.id')::uuid;
\endpipeline
