-- name: NextNumber :one
INSERT INTO labprint.numbering (tenant_id, facility_id, year, last_number) VALUES (@tenant_id, @facility_id, @year, 1)
ON CONFLICT (tenant_id, facility_id, year) DO UPDATE SET last_number = numbering.last_number + 1
RETURNING last_number;

-- name: NewestReport :one
SELECT * FROM labprint.report
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_id = @order_id
ORDER BY version DESC LIMIT 1;

-- name: InsertReport :exec
INSERT INTO labprint.report (tenant_id, facility_id, id, order_id, encounter_id, patient_id, number, version, is_corrected, replaces_id,
    item_ids, result_ids, former_ids, service_codes, service_names, content_digest, ordered_by_id, issued_by_id, issued_at)
VALUES (@tenant_id, @facility_id, @id, @order_id, @encounter_id, @patient_id, @number, @version, @is_corrected, @replaces_id,
    @item_ids, @result_ids, @former_ids, @service_codes, @service_names, @content_digest, @ordered_by_id, @issued_by_id, @now);

-- name: ReadersOfOrder :many
SELECT DISTINCT user_id FROM labprint.reading WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND order_id = @order_id ORDER BY user_id;

-- name: Remember :exec
INSERT INTO labprint.reading (tenant_id, facility_id, order_id, report_id, user_id, read_at)
SELECT r.tenant_id, r.facility_id, r.order_id, r.id, @user_id, @now
FROM labprint.report r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.id = ANY(@report_ids::uuid[])
ON CONFLICT (tenant_id, report_id, user_id) DO NOTHING;

-- name: Reports :many
-- Those named. Newest tells the version that stands now, and when the one before was issued.
SELECT sqlc.embed(r), (SELECT max(n.version) FROM labprint.report n WHERE n.tenant_id = r.tenant_id AND n.order_id = r.order_id)::integer AS newest,
    f.issued_at AS replaced_issued_at
FROM labprint.report r
LEFT JOIN labprint.report f ON f.tenant_id = r.tenant_id AND f.id = r.replaces_id
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.id = ANY(@ids::uuid[]);

-- name: ListReports :many
SELECT sqlc.embed(r), (SELECT max(n.version) FROM labprint.report n WHERE n.tenant_id = r.tenant_id AND n.order_id = r.order_id)::integer AS newest
FROM labprint.report r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id
  AND (sqlc.narg('order_id')::uuid IS NULL OR r.order_id = sqlc.narg('order_id'))
  AND (sqlc.narg('encounter_id')::uuid IS NULL OR r.encounter_id = sqlc.narg('encounter_id'))
  AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id'))
  AND (sqlc.narg('before_at')::timestamptz IS NULL OR (r.issued_at, r.id) < (sqlc.narg('before_at'), sqlc.narg('before_id')::uuid))
ORDER BY r.issued_at DESC, r.id DESC LIMIT @max_rows;

-- name: CountReports :one
SELECT count(*) FROM labprint.report r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id
  AND (sqlc.narg('order_id')::uuid IS NULL OR r.order_id = sqlc.narg('order_id'))
  AND (sqlc.narg('encounter_id')::uuid IS NULL OR r.encounter_id = sqlc.narg('encounter_id'))
  AND (sqlc.narg('patient_id')::uuid IS NULL OR r.patient_id = sqlc.narg('patient_id'));

-- name: GetLayout :one
SELECT * FROM labprint.layout WHERE tenant_id = @tenant_id AND facility_id = @facility_id;

-- name: LockLayout :one
SELECT * FROM labprint.layout WHERE tenant_id = @tenant_id AND facility_id = @facility_id FOR UPDATE;

-- name: PutLayout :one
INSERT INTO labprint.layout AS l (tenant_id, facility_id, name, address, phone, accreditation, header, footer, accent, logo, updated_at)
VALUES (@tenant_id, @facility_id, @name, @address, @phone, @accreditation, @header, @footer, @accent, @logo, @now)
ON CONFLICT (tenant_id, facility_id) DO UPDATE SET name = excluded.name, address = excluded.address, phone = excluded.phone,
    accreditation = excluded.accreditation, header = excluded.header, footer = excluded.footer, accent = excluded.accent, logo = excluded.logo,
    version = l.version + 1, updated_at = excluded.updated_at
RETURNING *;
