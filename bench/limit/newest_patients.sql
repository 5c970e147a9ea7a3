-- The newest 50 patients of a facility, read as HM reads a page: one more, to know whether another page follows.
\set n random(1, :sites)
\startpipeline
SELECT set_config('app.tenant_id', s.tenant_id::text, true), set_config('app.facility_id', s.facility_id::text, true),
    set_config('app.tenant_wide', 'off', true)
FROM bench.site s WHERE s.n = :n;
SELECT * FROM patients.patient
WHERE tenant_id = current_setting('app.tenant_id')::uuid AND facility_id = current_setting('app.facility_id')::uuid
    AND (created_at, id) < ('infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
ORDER BY created_at DESC, id DESC LIMIT 51;
\endpipeline
