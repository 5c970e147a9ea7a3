-- name: FindRecords :many
-- Records that the sealer has passed are found by whom they mention, the last second's by looking at each. What is asked
-- is asked of the record itself, which is sealed: a row put into mention accuses nobody. OFFSET 0 keeps PostgreSQL from
-- joining the whole trail with all its mentions; bounds come as plain values, since with coalesce row-level security
-- would keep them from the index.
SELECT found.tenant_id, found.id, found.xid, found.at, found.facility_id, found.actor_id, found.code, found.entity_type, found.entity_id,
    found.patient_id, found.patient_ids, found.encounter_id, found.outcome, found.request_id, found.origin, found.event_id, found.detail, found.event_name
FROM (
    (SELECT m.at AS place_at, m.record_id AS place_id, r.*
     FROM audit.mention m
     CROSS JOIN LATERAL (SELECT * FROM audit.record x WHERE x.tenant_id = m.tenant_id AND x.id = m.record_id OFFSET 0) r
     WHERE m.tenant_id = @tenant_id AND m.subject_id = @subject_id::uuid AND m.at >= @since AND m.at < @until
       AND (m.at, m.record_id) < (@before_at, @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
       AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
     ORDER BY m.at DESC, m.record_id DESC LIMIT @max_rows)
    UNION ALL
    -- Without a filter: what belongs to the tenant as a whole, beside what belongs to the facility.
    (SELECT m.at, m.record_id, r.*
     FROM audit.mention m
     CROSS JOIN LATERAL (SELECT * FROM audit.record x WHERE x.tenant_id = m.tenant_id AND x.id = m.record_id OFFSET 0) r
     WHERE m.tenant_id = @tenant_id AND m.subject_id = sqlc.narg('other_subject_id')::uuid AND m.at >= @since AND m.at < @until
       AND (m.at, m.record_id) < (@before_at, @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
     ORDER BY m.at DESC, m.record_id DESC LIMIT @max_rows)
    UNION ALL
    (SELECT r.at, r.id, r.*
     FROM (SELECT * FROM audit.record x
           WHERE x.tenant_id = @tenant_id AND (x.xid, x.id) > ((SELECT s.xid FROM audit.sealer s), (SELECT s.id FROM audit.sealer s)) OFFSET 0) r
     WHERE r.at >= @since AND r.at < @until AND (r.at, r.id) < (@before_at, @before_id::uuid)
       AND (@entity_type::text = '' OR r.entity_type = @entity_type)
       AND (@code::text = '' OR r.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
       AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
     ORDER BY r.at DESC, r.id DESC LIMIT @max_rows)
) found
ORDER BY found.place_at DESC, found.place_id DESC LIMIT @max_rows;

-- name: CountRecords :one
SELECT ((
    SELECT count(*) FROM audit.mention m
    CROSS JOIN LATERAL (SELECT * FROM audit.record x WHERE x.tenant_id = m.tenant_id AND x.id = m.record_id OFFSET 0) r
    WHERE m.tenant_id = @tenant_id AND m.subject_id = ANY (@subject_ids::uuid[]) AND m.at >= @since AND m.at < @until
      AND (@entity_type::text = '' OR r.entity_type = @entity_type)
      AND (@code::text = '' OR r.code = @code)
      AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
      AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
      AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
) + (
    SELECT count(*)
    FROM (SELECT * FROM audit.record x
          WHERE x.tenant_id = @tenant_id AND (x.xid, x.id) > ((SELECT s.xid FROM audit.sealer s), (SELECT s.id FROM audit.sealer s)) OFFSET 0) r
    WHERE r.at >= @since AND r.at < @until
      AND (@entity_type::text = '' OR r.entity_type = @entity_type)
      AND (@code::text = '' OR r.code = @code)
      AND (sqlc.narg('actor_id')::uuid IS NULL OR r.actor_id = sqlc.narg('actor_id'))
      AND (sqlc.narg('entity_id')::uuid IS NULL OR r.entity_id = sqlc.narg('entity_id'))
      AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (r.patient_ids))
))::bigint AS records;

-- name: GetRecord :one
SELECT * FROM audit.record WHERE tenant_id = @tenant_id AND id = @id;
