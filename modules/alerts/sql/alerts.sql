-- name: InsertAlert :one
-- Nothing comes back when one of this kind and subject is open already.
INSERT INTO alerts.alert (tenant_id, id, facility_id, kind, severity, status, title, detail, encounter_id, patient_id, subject_kind,
    subject_id, cause_id, facts, next_escalation_at, raised_at, raised_by_id, updated_at)
VALUES (@tenant_id, @id, @facility_id, @kind, @severity, 'OPEN', @title, sqlc.narg(detail), sqlc.narg(encounter_id), sqlc.narg(patient_id),
    @subject_kind, @subject_id, @cause_id, @facts, sqlc.narg(next_escalation_at), @now, sqlc.narg(raised_by_id), @now)
ON CONFLICT (tenant_id, kind, subject_id) WHERE status = 'OPEN' DO NOTHING
RETURNING *;

-- name: GetAlert :one
SELECT * FROM alerts.alert WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: LockAlert :one
SELECT * FROM alerts.alert WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: LockUnresolvedOfCauses :many
-- In the order in which they were raised, so that two who lock several never wait for each other.
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND cause_id = ANY(@cause_ids::uuid[]) AND kind = @kind AND status IN ('OPEN', 'ACKNOWLEDGED')
ORDER BY raised_at, id FOR UPDATE;

-- name: LockOpenOfSubject :one
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND subject_id = @subject_id AND kind = @kind AND status = 'OPEN' FOR UPDATE;

-- name: LockOpenOfEncounter :many
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id::uuid AND kind = @kind AND status = 'OPEN'
ORDER BY raised_at, id FOR UPDATE;

-- name: LockUnresolvedOfEncounter :many
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id::uuid AND kind = @kind AND status IN ('OPEN', 'ACKNOWLEDGED')
ORDER BY raised_at, id FOR UPDATE;

-- name: SaveAlert :one
UPDATE alerts.alert
SET severity = @severity, status = @status, facts = @facts, level = @level, next_escalation_at = sqlc.narg(next_escalation_at),
    acknowledged_at = sqlc.narg(acknowledged_at), acknowledged_by_id = sqlc.narg(acknowledged_by_id),
    resolved_at = sqlc.narg(resolved_at), resolved_by_id = sqlc.narg(resolved_by_id), resolution = sqlc.narg(resolution),
    version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id
RETURNING *;

-- name: AlertsByID :many
SELECT * FROM alerts.alert WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = ANY(@ids::uuid[]);

-- name: OpenOfEncounter :many
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id::uuid AND kind = @kind AND status = 'OPEN';

-- name: AlertsOfResult :many
SELECT * FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id::uuid AND kind = @kind
    AND (subject_id = @result_id OR cause_id = @order_item_id AND status <> 'RESOLVED');

-- name: InsertTargets :exec
-- A JSON list of {id, user_id, role, team_id, on_duty}.
INSERT INTO alerts.target (tenant_id, id, facility_id, alert_id, level, user_id, role, team_id, on_duty, added_at)
SELECT @tenant_id::uuid, (t->>'id')::uuid, @facility_id::uuid, @alert_id::uuid, @level::integer, (t->>'user_id')::uuid, t->>'role',
    (t->>'team_id')::uuid, (t->>'on_duty')::boolean, @now::timestamptz
FROM jsonb_array_elements(@targets::jsonb) AS t;

-- name: TargetsOf :many
SELECT * FROM alerts.target WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND alert_id = ANY(@alert_ids::uuid[]) ORDER BY level, id;

-- name: InsertHistory :exec
INSERT INTO alerts.history (tenant_id, id, facility_id, alert_id, act, at, by_id, note, level, recipient_ids)
VALUES (@tenant_id, @id, @facility_id, @alert_id, @act, @at, sqlc.narg(by_id), sqlc.narg(note), @level, @recipient_ids);

-- name: HistoryOf :many
SELECT * FROM alerts.history WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND alert_id = @alert_id ORDER BY at, id;

-- name: Due :many
SELECT tenant_id::uuid AS tenant_id, facility_id::uuid AS facility_id, id::uuid AS id FROM alerts.due(@at, @most);

-- name: Analytics :many
-- Times to acknowledge in seconds.
SELECT kind, count(*)::bigint AS raised, count(acknowledged_at)::bigint AS acknowledged,
    (count(*) FILTER (WHERE status = 'OPEN'))::bigint AS open, (count(*) FILTER (WHERE status = 'RESOLVED'))::bigint AS resolved,
    (count(*) FILTER (WHERE level > 0))::bigint AS escalated,
    coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - raised_at)), -1)::double precision AS median_seconds,
    coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - raised_at)), -1)::double precision AS p90_seconds
FROM alerts.alert
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND raised_at >= @since AND raised_at < @until
GROUP BY kind ORDER BY kind;
