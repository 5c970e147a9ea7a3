-- name: SealerPlace :one
SELECT xid, id, behind, EXISTS (SELECT FROM audit.tail(s.xid, s.id, 1)) AS waiting FROM audit.sealer s;

-- name: LockSealer :one
-- Elects the one sealer until the transaction ends; the others find nothing to do.
SELECT xid, id, behind FROM audit.sealer FOR UPDATE SKIP LOCKED;

-- name: MoveSealer :exec
UPDATE audit.sealer SET xid = @xid, id = @id, behind = @behind::uuid[];

-- name: RecordsBehind :many
-- What a tenant's tree lacks of what the sealer has passed. No index serves this: a tree is not broken every day.
SELECT * FROM audit.record
WHERE tenant_id = @tenant_id AND (xid, id) > (@after_xid::xid8, @after_id::uuid) AND (xid, id) <= (@last_xid::xid8, @last_id::uuid)
ORDER BY xid, id LIMIT @max_rows;

-- name: NewestSeal :one
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id ORDER BY tree_size DESC LIMIT 1;

-- name: SealsBefore :many
-- Newest first.
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id AND tree_size < @before_size ORDER BY tree_size DESC LIMIT @max_rows;

-- name: SealsBetween :many
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id AND tree_size > @after_size AND tree_size <= @last_size ORDER BY tree_size;

-- name: CountSeals :one
SELECT count(*) FROM audit.seal WHERE tenant_id = @tenant_id;

-- name: InsertSeal :exec
INSERT INTO audit.seal (tenant_id, tree_size, root_hash, sealed_at, last_xid, last_entry_id, previous_hash, signature)
VALUES (@tenant_id, @tree_size, @root_hash, @sealed_at, @last_xid, @last_entry_id, @previous_hash, @signature);

-- name: InsertBatch :execrows
-- No row when there are leaves already where these belong.
INSERT INTO audit.batch (tenant_id, first_leaf, record_ids, event_hashes, hashes)
SELECT @tenant_id, @first_leaf::bigint, @record_ids::bytea, sqlc.narg('event_hashes')::bytea, @hashes::bytea
WHERE NOT EXISTS (SELECT FROM audit.leaf f WHERE f.tenant_id = @tenant_id AND f.leaf_index >= @first_leaf::bigint)
  AND NOT EXISTS (SELECT FROM audit.batch b WHERE b.tenant_id = @tenant_id AND b.first_leaf >= @first_leaf::bigint);

-- name: LeavesOfRecords :many
-- Leaves that are rows of their own, of earlier versions.
SELECT * FROM audit.leaf WHERE tenant_id = @tenant_id AND entry_id = ANY (@record_ids::uuid[]);

-- name: BatchesOfPlaces :many
-- The batches in which records with these places must be, if they are sealed: those of the first seal that reaches them.
SELECT DISTINCT b.first_leaf, b.record_ids, b.event_hashes
FROM (SELECT unnest(@xids::text[]) AS xid, unnest(@record_ids::uuid[]) AS id) p
CROSS JOIN LATERAL (
    SELECT s.tree_size FROM audit.seal s
    WHERE s.tenant_id = @tenant_id AND (s.last_xid, s.last_entry_id) >= (p.xid::xid8, p.id)
    ORDER BY s.last_xid, s.last_entry_id LIMIT 1
) s
CROSS JOIN LATERAL (
    SELECT * FROM audit.batch b WHERE b.tenant_id = @tenant_id AND b.first_leaf < s.tree_size ORDER BY b.first_leaf DESC LIMIT 1
) b;

-- name: StoredHashes :many
-- Hashes by the index that package tlog gives them, each read out of the row of the leaf that completes its subtree. A
-- batch begins with the stored hash 2n - popcount(n), n being its first leaf.
SELECT h.stored_index::bigint AS stored_index, coalesce(
    (SELECT substring(f.hashes FROM h.level * 32 + 1 FOR 32) FROM audit.leaf f WHERE f.tenant_id = @tenant_id AND f.leaf_index = h.leaf_index),
    (SELECT substring(b.hashes FROM ((h.leaf_hash + h.level - (2 * b.first_leaf - bit_count(b.first_leaf::bit(64)))) * 32 + 1)::integer FOR 32)
     FROM audit.batch b WHERE b.tenant_id = @tenant_id AND b.first_leaf <= h.leaf_index ORDER BY b.first_leaf DESC LIMIT 1),
    '')::bytea AS hash
FROM (SELECT unnest(@stored_indexes::bigint[]) AS stored_index, unnest(@leaf_indexes::bigint[]) AS leaf_index,
    unnest(@leaf_hashes::bigint[]) AS leaf_hash, unnest(@levels::integer[]) AS level) h;
