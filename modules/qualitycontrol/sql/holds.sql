-- name: JoinHold :one
-- A further rejected run under the hold that is open, if there is one.
UPDATE qualitycontrol.hold SET run_count = run_count + 1, last_violated_at = @at, version = version + 1
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND analyte = @analyte AND status = 'OPEN'
RETURNING id;

-- name: InsertHold :exec
INSERT INTO qualitycontrol.hold (tenant_id, facility_id, id, analyte, lot_id, run_id, rules, status, opened_at, last_violated_at)
VALUES (@tenant_id, @facility_id, @id, @analyte, @lot_id, @run_id, @rules, 'OPEN', @now, @at);

-- name: GetHold :one
SELECT * FROM qualitycontrol.hold_record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockHold :one
SELECT * FROM qualitycontrol.hold WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: ResolveHold :exec
UPDATE qualitycontrol.hold
SET status = 'RESOLVED', resolved_at = @now::timestamptz, resolved_by_id = sqlc.narg(resolved_by_id), reason = @reason::text,
    resolved_after_good_run = @resolved_after_good_run::boolean, version = version + 1
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: OpenHolds :many
SELECT id, analyte, rules, opened_at FROM qualitycontrol.hold
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND status = 'OPEN'
ORDER BY analyte;
