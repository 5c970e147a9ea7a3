-- name: ListVersions :many
-- What tells the versions apart; their files are fetched when they are needed.
SELECT id, pack, version, digest, size, installed_at FROM packs.version WHERE tenant_id = @tenant_id;

-- name: ListManifests :many
SELECT id, pack, version, manifest, installed_by_id, installed_at FROM packs.version WHERE tenant_id = @tenant_id;

-- name: GetArchives :many
SELECT id, archive FROM packs.version WHERE tenant_id = @tenant_id AND id = ANY(@ids::uuid[]);

-- name: InsertVersion :exec
INSERT INTO packs.version (tenant_id, id, pack, version, digest, archive, size, manifest, installed_by_id, installed_at)
VALUES (@tenant_id, @id, @pack, @version, @digest, @archive, @size, @manifest, sqlc.narg(installed_by_id), @now);
