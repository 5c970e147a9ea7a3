-- name: InsertOrder :one
INSERT INTO orders.order (tenant_id, facility_id, id, encounter_id, patient_id, pack, order_type, priority, status, note, ordered_by_id, created_at, updated_at)
VALUES (@tenant_id, @facility_id, @id, @encounter_id, @patient_id, @pack, @order_type, @priority, 'CREATED', sqlc.narg(note), sqlc.narg(ordered_by_id), @now, @now)
RETURNING *;

-- name: InsertItems :many
-- All items of a new order in one statement: a JSON list of {id, service_code, name, panel_code, priority, quantity,
-- instructions, data, due_at} in their order.
INSERT INTO orders.item (tenant_id, facility_id, id, order_id, encounter_id, patient_id, place, order_type, service_code, name, panel_code,
    priority, quantity, instructions, data, status, due_at, created_at)
SELECT @tenant_id::uuid, @facility_id::uuid, (item->>'id')::uuid, @order_id::uuid, @encounter_id::uuid, @patient_id::uuid, (place - 1)::integer,
    @order_type::text, item->>'service_code', item->>'name', item->>'panel_code', item->>'priority', (item->>'quantity')::integer,
    item->>'instructions', item->'data', 'REQUESTED', (item->>'due_at')::timestamptz, @now::timestamptz
FROM jsonb_array_elements(@items::jsonb) WITH ORDINALITY AS listed (item, place)
RETURNING *;

-- name: GetOrder :many
-- With its items, of which each order has one at least: in one statement, so that both are of one moment.
SELECT sqlc.embed(o), sqlc.embed(i) FROM orders.order o
JOIN orders.item i ON i.tenant_id = o.tenant_id AND i.facility_id = o.facility_id AND i.order_id = o.id
WHERE o.tenant_id = @tenant_id AND o.facility_id = @facility_id AND o.id = @id
ORDER BY i.place;

-- name: LockOrder :one
SELECT * FROM orders.order WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR UPDATE;

-- name: ItemsOfOrders :many
SELECT * FROM orders.item WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_id = ANY(@order_ids::uuid[])
ORDER BY order_id, place;

-- name: OrderOfItem :one
-- The order that has an item of this short id in the encounter.
SELECT order_id, id AS item_id, order_type FROM orders.item
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND short_id = @short_id;

-- name: OrdersUnderWay :many
-- In the order of their ids, so that two who lock several never wait for each other.
SELECT id FROM orders.order
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND encounter_id = @encounter_id AND status IN ('CREATED', 'IN_PROGRESS')
ORDER BY id;

-- name: SaveOrder :one
-- Nothing comes back when someone changed the order since it was read.
UPDATE orders.order
SET status = @status, completed_at = sqlc.narg(completed_at), cancelled_at = sqlc.narg(cancelled_at), cancelled_by_id = sqlc.narg(cancelled_by_id),
    cancel_reason = sqlc.narg(cancel_reason), version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id AND version = @version
RETURNING *;

-- name: SaveItems :many
-- Those of an order that one act changes, all alike.
UPDATE orders.item
SET status = @status,
    started_at = CASE WHEN @status = 'IN_PROGRESS' THEN @now::timestamptz ELSE started_at END,
    started_by_id = CASE WHEN @status = 'IN_PROGRESS' THEN sqlc.narg(actor_id)::uuid ELSE started_by_id END,
    completed_at = CASE WHEN @status = 'COMPLETED' THEN @now END,
    completed_by_id = CASE WHEN @status = 'COMPLETED' THEN sqlc.narg(actor_id)::uuid END,
    cancelled_at = CASE WHEN @status = 'CANCELLED' THEN @now END,
    cancelled_by_id = CASE WHEN @status = 'CANCELLED' THEN sqlc.narg(actor_id)::uuid END,
    cancel_reason = CASE WHEN @status = 'CANCELLED' THEN sqlc.narg(reason)::text END
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = ANY(@ids::uuid[])
RETURNING *;

-- name: RecentItems :many
SELECT * FROM orders.item
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id AND created_at >= @since AND status <> 'CANCELLED'
ORDER BY created_at DESC, id DESC LIMIT 500;
