-- Verifying reads in ranges, so that its memory and each statement's time stay small whatever the tree's size.

-- name: TreeExtent :one
-- In one statement, since the tree grows meanwhile: the size the newest seal gives it, where its leaves end, how many of
-- them no seal covers, and how far the sealer has come.
WITH newest AS (
    SELECT coalesce(max(s.tree_size), 0)::bigint AS tree_size FROM audit.seal s WHERE s.tenant_id = @tenant_id
), extents AS (
    SELECT f.leaf_index AS first, f.leaf_index + 1 AS past FROM audit.leaf f WHERE f.tenant_id = @tenant_id
    UNION ALL
    SELECT b.first_leaf, b.first_leaf + length(b.record_ids) / 16 FROM audit.batch b WHERE b.tenant_id = @tenant_id
)
SELECT n.tree_size::bigint AS newest_size,
       (SELECT coalesce(max(x.past), 0) FROM extents x)::bigint AS leaves_end,
       (SELECT coalesce(sum(x.past - greatest(x.first, n.tree_size)), 0) FROM extents x WHERE x.past > n.tree_size)::bigint AS uncovered,
       z.xid AS sealer_xid, z.id AS sealer_id, (@tenant_id::uuid = ANY (z.behind))::boolean AS behind
FROM newest n CROSS JOIN audit.sealer z;

-- name: LeavesBetween :many
SELECT * FROM audit.leaf WHERE tenant_id = @tenant_id AND leaf_index >= @first AND leaf_index < @past ORDER BY leaf_index LIMIT @max_rows;

-- name: BatchesBetween :many
-- The batches that have leaves in a range, and one more on either side, if there is.
SELECT * FROM audit.batch b
WHERE b.tenant_id = @tenant_id
  AND b.first_leaf >= coalesce((SELECT max(a.first_leaf) FROM audit.batch a WHERE a.tenant_id = @tenant_id AND a.first_leaf <= @first::bigint), 0)
  AND b.first_leaf <= coalesce((SELECT min(a.first_leaf) FROM audit.batch a WHERE a.tenant_id = @tenant_id AND a.first_leaf >= @past::bigint), 9223372036854775807)
ORDER BY b.first_leaf;

-- name: RecordsByID :many
SELECT * FROM audit.record WHERE tenant_id = @tenant_id AND id = ANY (@ids::uuid[]);

-- name: RecordsBetween :many
-- Strictly between two places in the order of sealing.
SELECT * FROM audit.record
WHERE tenant_id = @tenant_id AND (xid, id) > (@after_xid::xid8, @after_id::uuid) AND (xid, id) < (@before_xid::xid8, @before_id::uuid)
ORDER BY xid, id LIMIT @max_rows;

-- name: CountSealedAndWaiting :one
-- How many records stand up to the head, between it and the sealer's place, and behind the head.
SELECT count(*) FILTER (WHERE (xid, id) <= (@xid::xid8, @id::uuid)) AS sealed,
       count(*) FILTER (WHERE (xid, id) > (@xid::xid8, @id::uuid) AND (xid, id) <= (@sealer_xid::xid8, @sealer_id::uuid)) AS passed_by,
       count(*) FILTER (WHERE (xid, id) > (@xid::xid8, @id::uuid)) AS waiting
FROM audit.record WHERE tenant_id = @tenant_id;

-- name: PlacesBetween :many
-- Behind a place and up to another.
SELECT xid, id FROM audit.record
WHERE tenant_id = @tenant_id AND (xid, id) > (@after_xid::xid8, @after_id::uuid) AND (xid, id) <= (@last_xid::xid8, @last_id::uuid)
ORDER BY xid, id LIMIT @max_rows;

-- name: MentionsMissing :many
-- The records among these that can no longer be found by something that they are about.
SELECT shown.record_id::uuid AS record_id FROM (
    SELECT unnest(@subject_ids::uuid[]) AS subject_id, unnest(@times::timestamptz[]) AS at, unnest(@record_ids::uuid[]) AS record_id
) shown
WHERE NOT EXISTS (SELECT FROM audit.mention m WHERE m.tenant_id = @tenant_id AND m.subject_id = shown.subject_id AND m.at = shown.at AND m.record_id = shown.record_id)
GROUP BY shown.record_id;
