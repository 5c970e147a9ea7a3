-- name: InsertTeam :one
INSERT INTO alerts.team (tenant_id, id, facility_id, code, name, created_at, updated_at)
VALUES (@tenant_id, @id, @facility_id, @code, @name, @now, @now)
RETURNING *;

-- name: GetTeam :one
SELECT * FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockTeam :one
SELECT * FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: TeamByCode :one
SELECT * FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND code = @code AND is_active;

-- name: TeamsByID :many
SELECT * FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = ANY(@ids::uuid[]);

-- name: ListTeams :many
SELECT * FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND code > @after_code ORDER BY code LIMIT @max_rows;

-- name: CountTeams :one
SELECT count(*) FROM alerts.team WHERE tenant_id = @tenant_id AND facility_id = @facility_id;

-- name: SaveTeam :one
UPDATE alerts.team SET name = @name, is_active = @is_active, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: SetTeamMembers :exec
WITH gone AS (
    DELETE FROM alerts.team_member m WHERE m.tenant_id = @tenant_id::uuid AND m.facility_id = @facility_id::uuid AND m.team_id = @team_id::uuid
        AND m.user_id <> ALL(@user_ids::uuid[])
)
INSERT INTO alerts.team_member (tenant_id, facility_id, team_id, user_id)
SELECT @tenant_id::uuid, @facility_id::uuid, @team_id::uuid, u FROM unnest(@user_ids::uuid[]) AS u
ON CONFLICT DO NOTHING;

-- name: MembersOf :many
SELECT * FROM alerts.team_member WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND team_id = ANY(@team_ids::uuid[]) ORDER BY team_id, user_id;

-- name: InsertDuty :one
INSERT INTO alerts.duty (tenant_id, id, facility_id, user_id, role, team_id, starts_at, ends_at, created_by_id, created_at, updated_at)
VALUES (@tenant_id, @id, @facility_id, @user_id, sqlc.narg(role), sqlc.narg(team_id), @starts_at, @ends_at, sqlc.narg(created_by_id), @now, @now)
RETURNING *;

-- name: GetDuty :one
SELECT * FROM alerts.duty WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockDuty :one
SELECT * FROM alerts.duty WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: SaveDuty :one
UPDATE alerts.duty SET starts_at = @starts_at, ends_at = @ends_at, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: DeleteDuty :execrows
DELETE FROM alerts.duty WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: DutiesAt :many
SELECT * FROM alerts.duty
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND starts_at <= @at AND ends_at > @at
ORDER BY starts_at, id;
