-- name: InsertRun :one
INSERT INTO qualitycontrol.run (tenant_id, facility_id, id, lot_id, analyte, value, unit, mean, sd, status, rules, hold_id, at, comment, recorded_by_id, recorded_at)
VALUES (@tenant_id, @facility_id, @id, @lot_id, @analyte, @value, @unit, @mean, @sd, @status, @rules, sqlc.narg(hold_id), @at, sqlc.narg(comment), sqlc.narg(recorded_by_id), @now)
RETURNING *;

-- name: GetRun :one
SELECT * FROM qualitycontrol.run WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND lot_id = @lot_id AND id = @id;

-- name: NewestAt :one
-- When the analyte was last run in the lot.
SELECT at FROM qualitycontrol.run
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND lot_id = @lot_id AND analyte = @analyte
ORDER BY at DESC, id DESC LIMIT 1;

-- name: SeriesBefore :many
-- The runs of an analyte in a lot that count, the newest first, each with whether it was rejected and answered for.
SELECT r.value, r.mean, r.sd, r.at, (coalesce(h.status, '') = 'RESOLVED')::boolean AS answered_for
FROM qualitycontrol.run r
LEFT JOIN qualitycontrol.hold h ON h.tenant_id = r.tenant_id AND h.id = r.hold_id
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.lot_id = @lot_id AND r.analyte = @analyte AND r.at <= @at
  AND NOT EXISTS (SELECT FROM qualitycontrol.exclusion e WHERE e.tenant_id = r.tenant_id AND e.run_id = r.id)
ORDER BY r.at DESC, r.id DESC LIMIT @max_rows;

-- name: PeersOf :many
-- The newest run of each other level of the material that counts, between two moments, by level. A level may have
-- several lots at a change from one to the next; the newest run of any of them is its own.
SELECT DISTINCT ON (l.level) r.value, r.mean, r.sd, (coalesce(h.status, '') = 'RESOLVED')::boolean AS answered_for
FROM qualitycontrol.lot l
JOIN qualitycontrol.run r ON r.tenant_id = l.tenant_id AND r.lot_id = l.id AND r.analyte = @analyte AND r.at BETWEEN @since AND @at
LEFT JOIN qualitycontrol.hold h ON h.tenant_id = r.tenant_id AND h.id = r.hold_id
WHERE l.tenant_id = @tenant_id AND l.facility_id = @facility_id AND l.material = @material AND l.level <> @level
  AND NOT EXISTS (SELECT FROM qualitycontrol.exclusion e WHERE e.tenant_id = r.tenant_id AND e.run_id = r.id)
ORDER BY l.level, r.at DESC, r.id DESC;

-- name: ExclusionsOf :many
SELECT * FROM qualitycontrol.exclusion
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND run_id = ANY(@run_ids::uuid[]);

-- name: InsertExclusion :exec
INSERT INTO qualitycontrol.exclusion (tenant_id, facility_id, id, run_id, reason, excluded_by_id, excluded_at)
VALUES (@tenant_id, @facility_id, @id, @run_id, @reason, sqlc.narg(excluded_by_id), @now);
