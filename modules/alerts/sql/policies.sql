-- name: ListPolicies :many
SELECT * FROM alerts.policy WHERE tenant_id = @tenant_id ORDER BY kind;

-- name: GetPolicy :one
SELECT * FROM alerts.policy WHERE tenant_id = @tenant_id AND kind = @kind;

-- name: PoliciesOf :many
SELECT * FROM alerts.policy WHERE tenant_id = @tenant_id AND kind = ANY(@kinds::text[]);

-- name: LockPolicy :one
SELECT * FROM alerts.policy WHERE tenant_id = @tenant_id AND kind = @kind FOR UPDATE;

-- name: PutPolicy :one
INSERT INTO alerts.policy (tenant_id, id, kind, severity, steps, repeats, updated_by_id, updated_at)
VALUES (@tenant_id, @id, @kind, sqlc.narg(severity), @steps, @repeats, sqlc.narg(updated_by_id), @now)
ON CONFLICT (tenant_id, kind) DO UPDATE SET severity = excluded.severity, steps = excluded.steps, repeats = excluded.repeats,
    updated_by_id = excluded.updated_by_id, updated_at = excluded.updated_at, version = policy.version + 1
RETURNING *;
