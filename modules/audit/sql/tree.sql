-- name: UnsealedTenants :many
SELECT t::uuid AS tenant_id FROM audit.unsealed_tenants() AS t;

-- name: TryLock :one
-- Elects the one sealer of a tenant until the transaction ends; the others go on to the next tenant.
SELECT pg_try_advisory_xact_lock(@key);

-- name: NewestSeal :one
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id ORDER BY tree_size DESC LIMIT 1;

-- name: SealsBefore :many
-- Newest first.
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id AND tree_size < @before_size ORDER BY tree_size DESC LIMIT @max_rows;

-- name: SealsBetween :many
SELECT * FROM audit.seal WHERE tenant_id = @tenant_id AND tree_size > @after_size AND tree_size <= @last_size ORDER BY tree_size;

-- name: InsertSeal :exec
INSERT INTO audit.seal (tenant_id, tree_size, root_hash, sealed_at, last_xid, last_entry_id, previous_hash, signature)
VALUES (@tenant_id, @tree_size, @root_hash, @sealed_at, @last_xid, @last_entry_id, @previous_hash, @signature);

-- name: EntriesToSeal :many
-- Below the snapshot's xmin no transaction is still running, so what is read is complete and nothing can slip in before it.
SELECT * FROM audit.entry
WHERE tenant_id = @tenant_id AND (xid, id) > (@after_xid::xid8, @after_id::uuid) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xid, id LIMIT @max_rows;

-- name: InsertLeaves :exec
INSERT INTO audit.leaf (tenant_id, leaf_index, entry_id, event_hash, hashes)
SELECT @tenant_id, unnest(@leaf_indexes::bigint[]), unnest(@entry_ids::uuid[]), unnest(@event_hashes::bytea[]), unnest(@hashes::bytea[]);

-- name: LeafOfEntry :one
SELECT * FROM audit.leaf WHERE tenant_id = @tenant_id AND entry_id = @entry_id;

-- name: LeavesOfEntries :many
SELECT entry_id, leaf_index FROM audit.leaf WHERE tenant_id = @tenant_id AND entry_id = ANY (@entry_ids::uuid[]);

-- name: LeavesAt :many
SELECT * FROM audit.leaf WHERE tenant_id = @tenant_id AND leaf_index = ANY (@leaf_indexes::bigint[]);

-- name: CountSeals :one
SELECT count(*) FROM audit.seal WHERE tenant_id = @tenant_id;
