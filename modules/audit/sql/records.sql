-- name: FindRecords :many
-- Records that the sealer has passed are found by whom they mention, the last second's by looking at each. What is asked
-- is asked of the record itself, which is sealed: a row put into mention accuses nobody.
SELECT * FROM (
    (SELECT r.* FROM audit.mention m JOIN audit.record r ON r.tenant_id = m.tenant_id AND r.id = m.record_id
     WHERE m.tenant_id = @tenant_id AND m.subject_id = @subject_id::uuid
       AND m.at >= coalesce(sqlc.narg('since'), '0001-01-01Z'::timestamptz) AND m.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
       AND (m.at, m.record_id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
       AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
     ORDER BY m.at DESC, m.record_id DESC LIMIT @max_rows)
    UNION ALL
    -- Without a filter: what belongs to the tenant as a whole, beside what belongs to the facility.
    (SELECT r.* FROM audit.mention m JOIN audit.record r ON r.tenant_id = m.tenant_id AND r.id = m.record_id
     WHERE m.tenant_id = @tenant_id AND m.subject_id = sqlc.narg('other_subject_id')::uuid
       AND m.at >= coalesce(sqlc.narg('since'), '0001-01-01Z'::timestamptz) AND m.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
       AND (m.at, m.record_id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
     ORDER BY m.at DESC, m.record_id DESC LIMIT @max_rows)
    UNION ALL
    (SELECT r.* FROM audit.record r
     WHERE r.tenant_id = @tenant_id AND (r.xid, r.id) > ((SELECT s.xid FROM audit.sealer s), (SELECT s.id FROM audit.sealer s))
       AND r.at >= coalesce(sqlc.narg('since'), '0001-01-01Z'::timestamptz) AND r.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
       AND (r.at, r.id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
       AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
     ORDER BY r.at DESC, r.id DESC LIMIT @max_rows)
) found
ORDER BY found.at DESC, found.id DESC LIMIT @max_rows;

-- name: CountRecords :one
SELECT ((
    SELECT count(*) FROM audit.mention m JOIN audit.record r ON r.tenant_id = m.tenant_id AND r.id = m.record_id
    WHERE m.tenant_id = @tenant_id AND m.subject_id = ANY (@subject_ids::uuid[])
      AND m.at >= coalesce(sqlc.narg('since'), '0001-01-01Z'::timestamptz) AND m.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
      AND (@entity_type::text = '' OR r.entity_type = @entity_type)
      AND (@code::text = '' OR r.code = @code)
      AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
      AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
      AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
) + (
    SELECT count(*) FROM audit.record r
    WHERE r.tenant_id = @tenant_id AND (r.xid, r.id) > ((SELECT s.xid FROM audit.sealer s), (SELECT s.id FROM audit.sealer s))
      AND r.at >= coalesce(sqlc.narg('since'), '0001-01-01Z'::timestamptz) AND r.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
      AND (@entity_type::text = '' OR r.entity_type = @entity_type)
      AND (@code::text = '' OR r.code = @code)
      AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
      AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
      AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
))::bigint AS records;

-- name: GetRecord :one
SELECT * FROM audit.record WHERE tenant_id = @tenant_id AND id = @id;

-- name: InsertMentions :exec
-- Again after the sealer's place was taken back: then they are there.
INSERT INTO audit.mention (tenant_id, subject_id, at, record_id)
SELECT @tenant_id, unnest(@subject_ids::uuid[]), unnest(@times::timestamptz[]), unnest(@record_ids::uuid[])
ON CONFLICT DO NOTHING;
