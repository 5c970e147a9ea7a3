-- +goose Up
-- A failed control says that something was measured wrong, not since when: since the last good run of that level at the
-- latest. And who resolves a hold says whether a control was good again.
ALTER TABLE qualitycontrol.hold ADD COLUMN resolved_after_good_run boolean;
ALTER TABLE qualitycontrol.hold ADD CONSTRAINT hold_good_run CHECK (status = 'RESOLVED' OR resolved_after_good_run IS NULL);
COMMENT ON COLUMN qualitycontrol.hold.resolved_after_good_run IS
    'Whether every level that was rejected had been run well again when somebody resolved it. NULL while it is open, and of those resolved before this was asked.';
GRANT UPDATE (resolved_after_good_run) ON qualitycontrol.hold TO hm_app;

-- security_invoker: the reader's own row-level security holds, not that of the view's owner.
CREATE VIEW qualitycontrol.good_run WITH (security_invoker = true) AS
SELECT r.tenant_id, r.facility_id, r.id, l.material, l.level, r.analyte, r.at
FROM qualitycontrol.run r
JOIN qualitycontrol.lot l ON l.tenant_id = r.tenant_id AND l.id = r.lot_id
WHERE r.status <> 'REJECTED'
    AND NOT EXISTS (SELECT FROM qualitycontrol.exclusion e WHERE e.tenant_id = r.tenant_id AND e.run_id = r.id);
COMMENT ON VIEW qualitycontrol.good_run IS 'Runs that vouch for what was measured before them: not rejected, and not excluded.';
GRANT SELECT ON qualitycontrol.good_run TO hm_app;

CREATE VIEW qualitycontrol.hold_record WITH (security_invoker = true) AS
SELECT h.tenant_id, h.facility_id, h.id, h.analyte, h.lot_id, h.run_id, h.rules, h.run_count, h.status, h.opened_at, h.last_violated_at,
    h.resolved_at, h.resolved_by_id, h.reason, h.version, l.material, l.lot_number, l.level,
    coalesce(
        (SELECT min((SELECT max(g.at) FROM qualitycontrol.good_run g
                WHERE g.tenant_id = r.tenant_id AND g.facility_id = r.facility_id AND g.material = b.material AND g.level = b.level
                    AND g.analyte = r.analyte AND (g.at, g.id) < (r.at, r.id)))
            FROM qualitycontrol.run r JOIN qualitycontrol.lot b ON b.tenant_id = r.tenant_id AND b.id = r.lot_id
            WHERE r.tenant_id = h.tenant_id AND r.hold_id = h.id),
        (SELECT max(g.at) FROM qualitycontrol.run r
            JOIN qualitycontrol.good_run g ON g.tenant_id = r.tenant_id AND g.facility_id = r.facility_id AND g.analyte = r.analyte AND (g.at, g.id) < (r.at, r.id)
            WHERE r.tenant_id = h.tenant_id AND r.id = h.run_id)
    )::timestamptz AS last_good_run_at,
    CASE WHEN h.status = 'RESOLVED' THEN h.resolved_after_good_run ELSE
        (SELECT bool_and(EXISTS (SELECT FROM qualitycontrol.good_run g
                WHERE g.tenant_id = r.tenant_id AND g.facility_id = r.facility_id AND g.material = b.material AND g.level = b.level
                    AND g.analyte = r.analyte AND (g.at, g.id) > (r.at, r.id)))
            FROM qualitycontrol.run r JOIN qualitycontrol.lot b ON b.tenant_id = r.tenant_id AND b.id = r.lot_id
            WHERE r.tenant_id = h.tenant_id AND r.hold_id = h.id)
    END AS has_good_run_since
FROM qualitycontrol.hold h
JOIN qualitycontrol.lot l ON l.tenant_id = h.tenant_id AND l.id = h.lot_id;
COMMENT ON VIEW qualitycontrol.hold_record IS
    'Holds with the lot that began them; last_good_run_at is the newest good run before the violation, of the level that broke a rule or, where it never had one, of any; has_good_run_since says that every rejected level was good after its last rejected run.';
GRANT SELECT ON qualitycontrol.hold_record TO hm_app;

-- What was vouched for in a time, of which a failed control casts doubt on an analyte; entered in a time there is already.
CREATE INDEX result_verified ON lab.result (tenant_id, facility_id, verified_at, id) WHERE verified_at IS NOT NULL;
