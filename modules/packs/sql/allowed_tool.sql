-- name: ListAllowedTools :many
SELECT id, url, integrity FROM packs.allowed_tool WHERE tenant_id = @tenant_id ORDER BY url, integrity;

-- name: DeleteAllowedTools :exec
DELETE FROM packs.allowed_tool WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- name: InsertAllowedTool :exec
INSERT INTO packs.allowed_tool (tenant_id, id, url, integrity, allowed_by_id, allowed_at)
VALUES (@tenant_id, @id, @url, @integrity, sqlc.narg(allowed_by_id), @now);
