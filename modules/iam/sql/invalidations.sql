-- name: Invalidations :many
-- Every row that the snapshot whose horizon was @after could not see, and some it could. Always one row at least, for
-- the new horizon and the database's time.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, clock_timestamp()::timestamptz AS at, i.id, i.kind, i.subject_id
FROM (SELECT 1) AS one LEFT JOIN iam.invalidation i ON i.xid >= (@after::text)::xid8;

-- name: Horizon :one
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, clock_timestamp()::timestamptz AS at;

-- name: DeleteOldInvalidations :exec
DELETE FROM iam.invalidation WHERE created_at < clock_timestamp() - interval '1 hour';
