-- name: EntryOf :one
-- All that entering a result must know of its test.
SELECT sqlc.embed(r), s.collected_at AS sample_collected_at, s.pregnant, t.autoverification
FROM lab.request r
LEFT JOIN lab.sample s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id
LEFT JOIN lab.settings t ON t.tenant_id = r.tenant_id AND t.facility_id = r.facility_id
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.order_item_id = @order_item_id;

-- name: FormerValues :many
-- The last released value of each analyte of a patient whose sample was taken before; not of the same test, whose former
-- version is no value of another day.
SELECT DISTINCT ON (v.code) v.code, v.result_id, v.collected_at, v.shown FROM lab.value v
JOIN lab.request r ON r.tenant_id = v.tenant_id AND r.order_item_id = v.order_item_id AND r.released_result_id = v.result_id
WHERE v.tenant_id = @tenant_id AND v.facility_id = @facility_id AND v.patient_id = @patient_id AND v.code = ANY(@codes::text[])
    AND v.order_item_id <> @order_item_id AND v.collected_at <= @before AND v.shown->>'withdrawn' IS NULL
ORDER BY v.code, v.collected_at DESC, v.result_id DESC;

-- name: FormerValuesOf :many
-- The same of many tests, each as FormerValues gives it: what a bench shows beside the empty cells is what the entry is
-- compared with.
SELECT DISTINCT ON (w.order_item_id, v.code) w.order_item_id::uuid AS order_item_id, v.code, v.result_id, v.collected_at, v.shown
FROM (SELECT unnest(@order_item_ids::uuid[]) AS order_item_id, unnest(@patient_ids::uuid[]) AS patient_id, unnest(@befores::timestamptz[]) AS before) AS w
JOIN lab.value v ON v.patient_id = w.patient_id AND v.order_item_id <> w.order_item_id AND v.collected_at <= w.before
JOIN lab.request r ON r.tenant_id = v.tenant_id AND r.order_item_id = v.order_item_id AND r.released_result_id = v.result_id
WHERE v.tenant_id = @tenant_id AND v.facility_id = @facility_id AND v.code = ANY(@codes::text[]) AND v.shown->>'withdrawn' IS NULL
ORDER BY w.order_item_id, v.code, v.collected_at DESC, v.result_id DESC;

-- name: EnterResult :execrows
-- The next version with its values, if the test is as it was seen: else no row. One statement, so that entering costs one
-- round trip here.
WITH moved AS (
    UPDATE lab.request r
    SET status = 'ENTERED', latest_version = r.latest_version + 1, latest_result_id = @id, entered_at = @now, verified_at = NULL,
        version = r.version + 1, updated_at = @now
    WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.order_item_id = @order_item_id AND r.version = @version
    RETURNING r.order_item_id, r.sample_id, r.encounter_id, r.patient_id, r.latest_version
), made AS (
    INSERT INTO lab.result (tenant_id, facility_id, id, order_item_id, sample_id, encounter_id, patient_id, version, supersedes_id, is_correction,
        correction_reason, comment, status, is_critical, is_abnormal, critical_reasons, missing, age_days, sex, pregnant, entered_at, entered_by_id)
    SELECT @tenant_id, @facility_id, @id, order_item_id, sample_id, encounter_id, patient_id, latest_version, sqlc.narg(supersedes_id)::uuid,
        @is_correction::boolean, sqlc.narg(correction_reason)::text, sqlc.narg(comment)::text, 'ENTERED', @is_critical::boolean,
        @is_abnormal::boolean, @critical_reasons::jsonb, @missing::text[], @age_days::integer, @sex::text, @pregnant::boolean, @now, sqlc.narg(entered_by_id)::uuid
    FROM moved
    RETURNING id, order_item_id, patient_id
)
INSERT INTO lab.value (tenant_id, facility_id, result_id, place, order_item_id, patient_id, code, collected_at, shown)
SELECT @tenant_id, @facility_id, made.id, (listed.place - 1)::integer, made.order_item_id, made.patient_id, listed.shown->>'code', @collected_at::timestamptz, listed.shown
FROM made, jsonb_array_elements(@shown::jsonb) WITH ORDINALITY AS listed (shown, place);

-- name: VerifyResult :execrows
WITH moved AS (
    UPDATE lab.request r SET status = 'VERIFIED', verified_at = @now, version = r.version + 1, updated_at = @now
    WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.order_item_id = @order_item_id AND r.version = @version
        AND r.latest_result_id = @id AND r.status = 'ENTERED'
    RETURNING r.latest_result_id
)
UPDATE lab.result o
SET status = 'VERIFIED', verified_at = @now, verified_by_id = sqlc.narg(verified_by_id), verified_by_rule = sqlc.narg(verified_by_rule),
    notified_to = sqlc.narg(notified_to), notified_at = sqlc.narg(notified_at), notified_by_id = sqlc.narg(notified_by_id)
FROM moved WHERE o.tenant_id = @tenant_id AND o.facility_id = @facility_id AND o.id = moved.latest_result_id AND o.status = 'ENTERED';

-- name: ReleaseResult :execrows
WITH moved AS (
    UPDATE lab.request r
    SET status = 'RELEASED', released_at = coalesce(r.released_at, @now), released_result_id = @id, version = r.version + 1, updated_at = @now
    WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.order_item_id = @order_item_id AND r.version = @version
        AND r.latest_result_id = @id AND r.status = 'VERIFIED'
    RETURNING r.latest_result_id
)
UPDATE lab.result o SET status = 'RELEASED', released_at = @now, released_by_id = sqlc.narg(released_by_id)
FROM moved WHERE o.tenant_id = @tenant_id AND o.facility_id = @facility_id AND o.id = moved.latest_result_id AND o.status = 'VERIFIED';

-- name: GetResult :one
SELECT * FROM lab.result_record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: ResultsByID :many
SELECT * FROM lab.result_record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = ANY(@ids::uuid[]);

-- name: HistoryOf :many
-- Every version of the test that a version belongs to, oldest first.
SELECT r.* FROM lab.result_record r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id
    AND r.order_item_id = (SELECT o.order_item_id FROM lab.result o WHERE o.tenant_id = @tenant_id AND o.facility_id = @facility_id AND o.id = @id)
ORDER BY r.version;

-- name: ReleasedOfOrder :many
SELECT r.* FROM lab.request q
JOIN lab.result_record r ON r.tenant_id = q.tenant_id AND r.id = q.released_result_id
WHERE q.tenant_id = @tenant_id AND q.facility_id = @facility_id AND q.order_id = @order_id
ORDER BY q.place;

-- name: RecentValues :many
-- With what was withdrawn: that a later result has no value more, its reader must know.
SELECT v.result_id, v.order_item_id, v.code, v.collected_at, v.shown, r.service_code FROM lab.value v
JOIN lab.request r ON r.tenant_id = v.tenant_id AND r.order_item_id = v.order_item_id AND r.released_result_id = v.result_id
WHERE v.tenant_id = @tenant_id AND v.facility_id = @facility_id AND v.patient_id = @patient_id AND v.collected_at >= @since
ORDER BY v.collected_at DESC, v.result_id DESC, v.place LIMIT 500;

-- name: TrendValues :many
-- The newest of each analyte, of all analytes where no code is named.
SELECT result_id, code, collected_at, shown FROM (
    SELECT v.result_id, v.code, v.collected_at, v.shown, row_number() OVER (PARTITION BY v.code ORDER BY v.collected_at DESC, v.result_id DESC) AS age
    FROM lab.value v
    JOIN lab.request r ON r.tenant_id = v.tenant_id AND r.order_item_id = v.order_item_id AND r.released_result_id = v.result_id
    WHERE v.tenant_id = @tenant_id AND v.facility_id = @facility_id AND v.patient_id = @patient_id AND v.shown->>'withdrawn' IS NULL
        AND (cardinality(@codes::text[]) = 0 OR v.code = ANY(@codes::text[]))
) AS aged
WHERE age <= @most::bigint
ORDER BY code, collected_at, result_id;
