-- name: InsertLot :one
INSERT INTO qualitycontrol.lot (tenant_id, facility_id, id, material, lot_number, level, expires_on, created_by_id, created_at, updated_at)
VALUES (@tenant_id, @facility_id, @id, @material, @lot_number, @level, @expires_on, sqlc.narg(created_by_id), @now, @now)
RETURNING *;

-- name: SaveTarget :exec
-- A target of an analyte that the lot has already is changed; runs keep the one they were judged by.
INSERT INTO qualitycontrol.target (tenant_id, facility_id, id, lot_id, place, analyte, mean, sd, unit, created_at, updated_at)
VALUES (@tenant_id, @facility_id, @id, @lot_id, @place, @analyte, @mean, @sd, @unit, @now, @now)
ON CONFLICT (tenant_id, lot_id, analyte) DO UPDATE SET mean = excluded.mean, sd = excluded.sd, unit = excluded.unit, updated_at = excluded.updated_at;

-- name: GetLot :one
SELECT * FROM qualitycontrol.lot WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockLot :one
SELECT * FROM qualitycontrol.lot WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: ShareLot :one
-- Nobody changes the lot or its targets until the transaction ends; others may run it too.
SELECT * FROM qualitycontrol.lot WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR SHARE;

-- name: UpdateLot :one
UPDATE qualitycontrol.lot SET expires_on = @expires_on, is_active = @is_active, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: TargetsOfLots :many
SELECT * FROM qualitycontrol.target
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND lot_id = ANY(@lot_ids::uuid[])
ORDER BY lot_id, place, analyte;

-- name: GetTarget :one
SELECT * FROM qualitycontrol.target
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND lot_id = @lot_id AND analyte = @analyte;

-- name: Observed :many
-- What was found, beside the targets: of the runs that are not excluded.
SELECT r.analyte, count(*) AS runs, avg(r.value)::text AS mean, coalesce(stddev_samp(r.value)::text, '')::text AS sd
FROM qualitycontrol.run r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.lot_id = @lot_id
  AND NOT EXISTS (SELECT FROM qualitycontrol.exclusion e WHERE e.tenant_id = r.tenant_id AND e.run_id = r.id)
GROUP BY r.analyte;

-- name: LatestRuns :many
-- The newest run of each target of some lots.
SELECT r.* FROM qualitycontrol.target t
CROSS JOIN LATERAL (
    SELECT * FROM qualitycontrol.run n
    WHERE n.tenant_id = t.tenant_id AND n.lot_id = t.lot_id AND n.analyte = t.analyte
    ORDER BY n.at DESC, n.id DESC LIMIT 1) r
WHERE t.tenant_id = @tenant_id AND t.facility_id = @facility_id AND t.lot_id = ANY(@lot_ids::uuid[]);
