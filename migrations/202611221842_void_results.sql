-- +goose Up
-- What is stored may turn out to be clotted, too.
ALTER TABLE lab.sample DROP CONSTRAINT sample_moments;
ALTER TABLE lab.sample ADD CONSTRAINT sample_moments CHECK (
    CASE status
        WHEN 'COLLECTED' THEN num_nonnulls(received_at, rejected_at, stored_at, discarded_at) = 0
        WHEN 'RECEIVED'  THEN received_at IS NOT NULL AND num_nonnulls(rejected_at, stored_at, discarded_at) = 0
        WHEN 'STORED'    THEN num_nonnulls(received_at, stored_at) = 2 AND num_nonnulls(rejected_at, discarded_at) = 0
        WHEN 'DISCARDED' THEN num_nonnulls(received_at, discarded_at) = 2 AND rejected_at IS NULL
        WHEN 'REJECTED'  THEN rejected_at IS NOT NULL AND discarded_at IS NULL AND (stored_at IS NULL OR received_at IS NOT NULL)
    END);

-- Whoever reads a version must read that its sample was rejected since.
CREATE OR REPLACE VIEW lab.result_record WITH (security_invoker = true) AS
SELECT r.tenant_id, r.facility_id, r.id, r.order_item_id, r.sample_id, r.encounter_id, r.patient_id, r.version, r.supersedes_id, r.is_correction,
    r.correction_reason, r.comment, r.status, r.is_critical, r.is_abnormal, r.critical_reasons, r.missing, r.age_days, r.sex, r.pregnant, r.entered_at, r.entered_by_id, r.notified_to,
    r.notified_at, r.notified_by_id, r.verified_at, r.verified_by_id, r.verified_by_rule, r.released_at, r.released_by_id,
    q.order_id, q.place, q.pack, q.service_code, q.name, q.priority, q.ordered_by_id, q.status AS request_status, q.version AS request_version,
    coalesce(q.latest_result_id = r.id, false)::boolean AS is_latest, coalesce(q.released_result_id = r.id, false)::boolean AS is_latest_released, q.released_result_id,
    s.barcode, s.specimen_type, s.collected_at, coalesce(t.four_eyes, false)::boolean AS four_eyes,
    ARRAY(SELECT e.entered_by_id FROM lab.result e
        WHERE e.tenant_id = r.tenant_id AND e.order_item_id = r.order_item_id AND e.version <= r.version AND e.entered_by_id IS NOT NULL AND e.version > coalesce(
            (SELECT max(p.version) FROM lab.result p WHERE p.tenant_id = r.tenant_id AND p.order_item_id = r.order_item_id AND p.version < r.version
                AND p.status = 'RELEASED'), 0))::uuid[] AS entered_by_ids,
    (SELECT coalesce(jsonb_agg(v.shown ORDER BY v.place), '[]') FROM lab.value v WHERE v.tenant_id = r.tenant_id AND v.result_id = r.id)::jsonb AS shown,
    s.rejected_at AS voided_at, s.rejection_code AS void_code, s.reason AS void_reason
FROM lab.result r
JOIN lab.request q ON q.tenant_id = r.tenant_id AND q.order_item_id = r.order_item_id
JOIN lab.sample s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id
LEFT JOIN lab.settings t ON t.tenant_id = r.tenant_id AND t.facility_id = r.facility_id;
COMMENT ON VIEW lab.result_record IS
    'Results with their values, their test and their sample; entered_by_ids are those who entered it or a version before it since the last release, voided_at is when their sample was rejected.';
