-- name: InsertRequests :exec
-- Those of one order, in one statement: a JSON list of what differs between them.
INSERT INTO lab.request (tenant_id, facility_id, order_item_id, order_id, place, encounter_id, patient_id, encounter_type, pack, service_code, name,
    section, specimen_type, container, instructions, priority, status, ordered_at, ordered_by_id, due_at, updated_at)
SELECT @tenant_id::uuid, @facility_id::uuid, (item->>'order_item_id')::uuid, @order_id::uuid, (item->>'place')::integer, @encounter_id::uuid, @patient_id::uuid,
    @encounter_type::text, @pack::text, item->>'service_code', item->>'name', item->>'section', item->>'specimen_type', item->>'container',
    item->>'instructions', item->>'priority', 'ORDERED', @now::timestamptz, sqlc.narg(ordered_by_id)::uuid, (item->>'due_at')::timestamptz, @now::timestamptz
FROM jsonb_array_elements(@items::jsonb) AS item;

-- name: RequestsOf :many
SELECT * FROM lab.request
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_item_id = ANY(@order_item_ids::uuid[])
ORDER BY order_id, place;

-- name: RequestsOfSample :many
-- What the sample is for now: not those of a sample that was rejected, which wait for another.
SELECT * FROM lab.request
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND sample_id = @sample_id
ORDER BY order_id, place;

-- name: MoveRequests :execrows
-- To what comes before a result. As they were seen: one that somebody changed since is left out, and the act that finds one
-- missing is refused.
UPDATE lab.request r
SET status = @status, sample_id = sqlc.narg(sample_id), is_recollection = is_recollection OR @status = 'ORDERED',
    collected_at = sqlc.narg(collected_at), received_at = sqlc.narg(received_at), entered_at = NULL, verified_at = NULL, version = r.version + 1, updated_at = @now
FROM (SELECT unnest(@order_item_ids::uuid[]) AS order_item_id, unnest(@versions::integer[]) AS version) AS seen
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.order_item_id = seen.order_item_id AND r.version = seen.version;

-- name: CancelRequest :execrows
-- Nothing is left to do of it. What was released stays what it is, and what was entered is to be released first.
UPDATE lab.request SET status = 'CANCELLED', cancelled_at = @now, version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_item_id = @order_item_id AND status IN ('ORDERED', 'COLLECTED', 'RECEIVED');

-- name: UnreleasedOfEncounter :many
SELECT order_item_id FROM lab.request
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND status IN ('ENTERED', 'VERIFIED')
ORDER BY order_id, place;

-- name: CountVouchedFor :one
-- Versions of these tests that a person vouched for, or that went out. What only a rule verified nobody has acted on yet.
SELECT count(*) FROM lab.result
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_item_id = ANY(@order_item_ids::uuid[])
  AND (status = 'RELEASED' OR verified_by_id IS NOT NULL);

-- name: OverdueRequests :many
-- The longest overdue first.
SELECT facility_id, order_item_id, encounter_id FROM lab.request
WHERE tenant_id = @tenant_id AND due_at < @now AND overdue_told_at IS NULL AND released_at IS NULL AND cancelled_at IS NULL
ORDER BY due_at LIMIT @max_rows;

-- name: TellOverdue :one
-- Nothing comes back of one that is no longer overdue, or was told of by another.
UPDATE lab.request SET overdue_told_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_item_id = @order_item_id
    AND due_at < @now AND overdue_told_at IS NULL AND released_at IS NULL AND cancelled_at IS NULL
RETURNING *;

-- name: InsertReflex :execrows
INSERT INTO lab.reflex (tenant_id, facility_id, order_item_id, service_code, rule, created_at)
VALUES (@tenant_id, @facility_id, @order_item_id, @service_code, @rule, @now)
ON CONFLICT DO NOTHING;

-- name: ServicesOfEncounter :many
-- What is asked of the laboratory and still to come, or was answered of a sample that is no older than since.
SELECT DISTINCT service_code FROM lab.request
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND cancelled_at IS NULL
    AND (released_at IS NULL OR collected_at >= @since::timestamptz);

-- name: MarkReflex :many
-- Requests that a rule placed: who ordered the test that they follow from hears of them.
UPDATE lab.request SET reflex_of_id = @reflex_of_id, ordered_by_id = sqlc.narg(ordered_by_id), version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_id = @order_id
RETURNING *;
