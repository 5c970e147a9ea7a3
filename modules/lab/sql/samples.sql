-- name: NextBarcode :one
-- Who takes a number holds the series until the end of the transaction: no number is given twice, and none is lost.
INSERT INTO lab.barcode_series AS s (tenant_id, facility_id, day, last) VALUES (@tenant_id, @facility_id, @day, 1)
ON CONFLICT (tenant_id, facility_id, day) DO UPDATE SET last = s.last + 1
RETURNING last;

-- name: InsertSample :execrows
-- No row where the barcode is taken.
INSERT INTO lab.sample (tenant_id, facility_id, id, barcode, status, encounter_id, patient_id, specimen_type, container, pregnant, collected_at,
    collected_by_id, created_at, updated_at)
VALUES (@tenant_id, @facility_id, @id, @barcode, 'COLLECTED', @encounter_id, @patient_id, @specimen_type, sqlc.narg(container), sqlc.narg(pregnant),
    @collected_at, sqlc.narg(collected_by_id), @now, @now)
ON CONFLICT ON CONSTRAINT sample_barcode DO NOTHING;

-- name: InsertSampleItems :exec
INSERT INTO lab.sample_item (tenant_id, facility_id, sample_id, order_item_id, created_at)
SELECT @tenant_id::uuid, @facility_id::uuid, @sample_id::uuid, item, @now::timestamptz FROM unnest(@order_item_ids::uuid[]) AS item;

-- name: GetSample :one
SELECT * FROM lab.sample_record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: SamplesByID :many
SELECT * FROM lab.sample_record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = ANY(@ids::uuid[]);

-- name: HoldSample :one
-- As it is until the end of the transaction.
SELECT status, collected_at FROM lab.sample WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id FOR SHARE;

-- name: SaveSample :execrows
-- As it was seen; no row where somebody changed it since.
UPDATE lab.sample
SET status = @status, received_at = sqlc.narg(received_at), received_by_id = sqlc.narg(received_by_id), rejected_at = sqlc.narg(rejected_at),
    rejected_by_id = sqlc.narg(rejected_by_id), rejection_code = sqlc.narg(rejection_code), reason = sqlc.narg(reason), stored_at = sqlc.narg(stored_at),
    stored_by_id = sqlc.narg(stored_by_id), storage_location = sqlc.narg(storage_location), discarded_at = sqlc.narg(discarded_at),
    discarded_by_id = sqlc.narg(discarded_by_id), version = version + 1, updated_at = @now
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id AND version = @version;
