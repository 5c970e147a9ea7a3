-- One query for each filter that an index serves: what else is asked for narrows it. A single query with every filter
-- optional would be planned for none of them.

-- name: ListEntries :many
SELECT * FROM audit.entry e
WHERE e.tenant_id = @tenant_id
  AND e.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND e.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
  AND (e.at, e.id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
  AND (@entity_type::text = '' OR e.entity_type = @entity_type)
  AND (@code::text = '' OR e.code = @code)
ORDER BY e.at DESC, e.id DESC LIMIT @max_rows;

-- name: ListEntriesByActor :many
SELECT * FROM audit.entry e
WHERE e.tenant_id = @tenant_id AND e.actor_id = @actor_id::uuid
  AND e.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND e.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
  AND (e.at, e.id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
  AND (@entity_type::text = '' OR e.entity_type = @entity_type)
  AND (@code::text = '' OR e.code = @code)
ORDER BY e.at DESC, e.id DESC LIMIT @max_rows;

-- name: ListEntriesByEntity :many
SELECT * FROM audit.entry e
WHERE e.tenant_id = @tenant_id AND e.entity_id = @entity_id::uuid
  AND e.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND e.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
  AND (e.at, e.id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
  AND (@entity_type::text = '' OR e.entity_type = @entity_type)
  AND (@code::text = '' OR e.code = @code)
  AND (sqlc.narg('actor_id')::uuid IS NULL OR e.actor_id = sqlc.narg('actor_id'))
ORDER BY e.at DESC, e.id DESC LIMIT @max_rows;

-- name: ListEntriesByPatient :many
-- Entries of the patient alone, and those whose list showed the patient among others. That the list holds the patient
-- is asked of the entry itself, which is sealed: a row put into entry_patient accuses nobody.
SELECT * FROM (
    (SELECT * FROM audit.entry e
     WHERE e.tenant_id = @tenant_id AND e.patient_id = @patient_id::uuid
       AND e.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND e.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
       AND (e.at, e.id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
       AND (@entity_type::text = '' OR e.entity_type = @entity_type)
       AND (@code::text = '' OR e.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR e.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR e.entity_id = sqlc.narg('entity_id'))
     ORDER BY e.at DESC, e.id DESC LIMIT @max_rows)
    UNION ALL
    (SELECT e.* FROM audit.entry_patient p JOIN audit.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
     WHERE p.tenant_id = @tenant_id AND p.patient_id = @patient_id::uuid AND @patient_id::uuid = ANY (e.patient_ids)
       AND p.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND p.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
       AND (p.at, p.entry_id) < (coalesce(sqlc.narg('before_at'), 'infinity'::timestamptz), @before_id::uuid)
       AND (@entity_type::text = '' OR e.entity_type = @entity_type)
       AND (@code::text = '' OR e.code = @code)
       AND (sqlc.narg('actor_id')::uuid IS NULL OR e.actor_id = sqlc.narg('actor_id'))
       AND (sqlc.narg('entity_id')::uuid IS NULL OR e.entity_id = sqlc.narg('entity_id'))
     ORDER BY p.at DESC, p.entry_id DESC LIMIT @max_rows)
) found
ORDER BY found.at DESC, found.id DESC LIMIT @max_rows;

-- name: CountEntries :one
SELECT count(*) FROM audit.entry e
WHERE e.tenant_id = @tenant_id
  AND e.at >= coalesce(sqlc.narg('since'), '-infinity'::timestamptz) AND e.at < coalesce(sqlc.narg('until'), 'infinity'::timestamptz)
  AND (@entity_type::text = '' OR e.entity_type = @entity_type)
  AND (@code::text = '' OR e.code = @code)
  AND (sqlc.narg('actor_id')::uuid IS NULL OR e.actor_id = sqlc.narg('actor_id'))
  AND (sqlc.narg('entity_id')::uuid IS NULL OR e.entity_id = sqlc.narg('entity_id'))
  AND (sqlc.narg('patient_id')::uuid IS NULL OR e.patient_id = sqlc.narg('patient_id') OR sqlc.narg('patient_id') = ANY (e.patient_ids));

-- name: GetEntry :one
SELECT * FROM audit.entry WHERE tenant_id = @tenant_id AND id = @id;
