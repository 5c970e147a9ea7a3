-- Verifying reads in ranges, so that its memory and each statement's time stay small whatever the tree's size.

-- name: TreeExtent :one
-- In one statement, since the tree grows meanwhile: the size the newest seal gives it, where its leaves end, and how
-- many of them no seal covers.
WITH newest AS (
    SELECT coalesce(max(s.tree_size), 0)::bigint AS tree_size FROM audit.seal s WHERE s.tenant_id = @tenant_id
)
SELECT n.tree_size::bigint AS newest_size,
       (SELECT coalesce(max(f.leaf_index) + 1, 0) FROM audit.leaf f WHERE f.tenant_id = @tenant_id)::bigint AS leaves_end,
       (SELECT count(*) FROM audit.leaf f WHERE f.tenant_id = @tenant_id AND f.leaf_index >= n.tree_size)::bigint AS uncovered
FROM newest n;

-- name: LeavesBetween :many
SELECT * FROM audit.leaf WHERE tenant_id = @tenant_id AND leaf_index >= @first AND leaf_index < @past ORDER BY leaf_index LIMIT @max_rows;

-- name: EntriesByID :many
SELECT * FROM audit.entry WHERE tenant_id = @tenant_id AND id = ANY (@ids::uuid[]);

-- name: EntriesBetween :many
-- Strictly between two places in the order of sealing.
SELECT * FROM audit.entry
WHERE tenant_id = @tenant_id AND (xid, id) > (@after_xid::xid8, @after_id::uuid) AND (xid, id) < (@before_xid::xid8, @before_id::uuid)
ORDER BY xid, id LIMIT @max_rows;

-- name: CountEntriesUpTo :one
SELECT count(*) FROM audit.entry WHERE tenant_id = @tenant_id AND (xid, id) <= (@xid::xid8, @id::uuid);

-- name: CountEntriesAfter :one
SELECT count(*) FROM audit.entry WHERE tenant_id = @tenant_id AND (xid, id) > (@xid::xid8, @id::uuid);

-- name: EntriesWithoutLeaf :many
-- Looks at max_rows entries behind a place; reached is the last of them.
WITH looked AS (
    SELECT e.xid, e.id FROM audit.entry e
    WHERE e.tenant_id = @tenant_id AND (e.xid, e.id) > (@after_xid::xid8, @after_id::uuid) AND (e.xid, e.id) <= (@last_xid::xid8, @last_id::uuid)
    ORDER BY e.xid, e.id LIMIT @max_rows
), reached AS (
    SELECT l.xid, l.id FROM looked l ORDER BY l.xid DESC, l.id DESC LIMIT 1
)
SELECT l.xid, l.id, (l.id = r.id)::boolean AS is_last,
       NOT EXISTS (SELECT FROM audit.leaf f WHERE f.tenant_id = @tenant_id AND f.entry_id = l.id) AS without_leaf
FROM looked l CROSS JOIN reached r
WHERE l.id = r.id OR NOT EXISTS (SELECT FROM audit.leaf f WHERE f.tenant_id = @tenant_id AND f.entry_id = l.id)
ORDER BY l.xid, l.id;

-- name: ListedPatientsMissing :many
-- The entries among these whose patient can no longer be found by the list that showed them.
SELECT shown.entry_id::uuid AS entry_id FROM (
    SELECT unnest(@entry_ids::uuid[]) AS entry_id, unnest(@patient_ids::uuid[]) AS patient_id, unnest(@times::timestamptz[]) AS at,
           unnest(@facility_ids::uuid[]) AS facility_id
) shown
LEFT JOIN audit.entry_patient p ON p.tenant_id = @tenant_id AND p.patient_id = shown.patient_id AND p.at = shown.at
    AND p.entry_id = shown.entry_id AND p.facility_id IS NOT DISTINCT FROM nullif(shown.facility_id, '00000000-0000-0000-0000-000000000000')
WHERE p.entry_id IS NULL
GROUP BY shown.entry_id;
