-- +goose Up
-- The laboratory: what is asked of it, the samples, and the results in versions that supersede and never overwrite.
CREATE SCHEMA lab;
GRANT USAGE ON SCHEMA lab TO hm_app;

CREATE TABLE lab.settings (
    tenant_id        uuid        NOT NULL,
    facility_id      uuid        NOT NULL,
    four_eyes        boolean     NOT NULL,
    autoverification text        NOT NULL CHECK (autoverification IN ('OFF', 'ON', 'SUSPENDED')),
    suspended_reason text        CHECK (length(suspended_reason) BETWEEN 1 AND 1000),
    version          integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    updated_at       timestamptz NOT NULL,
    updated_by_id    uuid,
    PRIMARY KEY (tenant_id, facility_id),
    CHECK ((autoverification = 'SUSPENDED') = (suspended_reason IS NOT NULL))
);
COMMENT ON TABLE lab.settings IS 'How a facility''s laboratory works. No row: everyone may verify what they entered, and nothing verifies itself.';
CALL hm.protect_tenant_table('lab.settings', true,
    'SELECT, INSERT, UPDATE (four_eyes, autoverification, suspended_reason, version, updated_at, updated_by_id)');

CREATE TABLE lab.barcode_series (
    tenant_id   uuid    NOT NULL,
    facility_id uuid    NOT NULL,
    day         date    NOT NULL,
    last        integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (tenant_id, facility_id, day)
);
COMMENT ON TABLE lab.barcode_series IS 'The last number that a facility gave to a sample on a day of its own calendar.';
CALL hm.protect_tenant_table('lab.barcode_series', true, 'SELECT, INSERT, UPDATE (last)');

CREATE TABLE lab.sample (
    tenant_id        uuid        NOT NULL,
    facility_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    barcode          text        NOT NULL CHECK (barcode ~ '^[!-~]{1,40}$'),
    status           text        NOT NULL CHECK (status IN ('COLLECTED', 'RECEIVED', 'STORED', 'DISCARDED', 'REJECTED')),
    encounter_id     uuid        NOT NULL,
    patient_id       uuid        NOT NULL,
    specimen_type    text        NOT NULL CHECK (length(specimen_type) BETWEEN 1 AND 100),
    container        text        CHECK (length(container) BETWEEN 1 AND 100),
    pregnant         boolean,
    collected_at     timestamptz NOT NULL,
    collected_by_id  uuid,
    received_at      timestamptz,
    received_by_id   uuid,
    rejected_at      timestamptz,
    rejected_by_id   uuid,
    rejection_code   text        CHECK (length(rejection_code) BETWEEN 1 AND 64),
    reason           text        CHECK (length(reason) BETWEEN 1 AND 1000),
    stored_at        timestamptz,
    stored_by_id     uuid,
    storage_location text        CHECK (length(storage_location) BETWEEN 1 AND 200),
    discarded_at     timestamptz,
    discarded_by_id  uuid,
    version          integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT sample_barcode UNIQUE (tenant_id, facility_id, barcode),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id),
    CONSTRAINT sample_moments CHECK (
        CASE status
            WHEN 'COLLECTED' THEN num_nonnulls(received_at, rejected_at, stored_at, discarded_at) = 0
            WHEN 'RECEIVED'  THEN received_at IS NOT NULL AND num_nonnulls(rejected_at, stored_at, discarded_at) = 0
            WHEN 'STORED'    THEN num_nonnulls(received_at, stored_at) = 2 AND num_nonnulls(rejected_at, discarded_at) = 0
            WHEN 'DISCARDED' THEN num_nonnulls(received_at, discarded_at) = 2 AND rejected_at IS NULL
            WHEN 'REJECTED'  THEN rejected_at IS NOT NULL AND num_nonnulls(stored_at, discarded_at) = 0
        END),
    CONSTRAINT sample_rejection CHECK ((rejected_at IS NULL) = (reason IS NULL) AND (rejected_at IS NULL) = (rejection_code IS NULL)),
    CONSTRAINT sample_storage CHECK ((stored_at IS NULL) = (storage_location IS NULL))
);
COMMENT ON TABLE lab.sample IS 'One tube, from the patient to the bin. Each step happens once: its columns are the chain of custody.';
COMMENT ON COLUMN lab.sample.barcode IS 'Printable ASCII, so that Code 128 can carry it; made of the day and a number when nobody gave one.';
COMMENT ON COLUMN lab.sample.pregnant IS 'As asked when it was taken; some ranges depend on it. NULL: nobody asked.';
CREATE INDEX sample_created ON lab.sample (tenant_id, facility_id, created_at, id);
CREATE INDEX sample_of_status ON lab.sample (tenant_id, facility_id, status, created_at, id);
CREATE INDEX sample_of_encounter ON lab.sample (tenant_id, encounter_id, created_at, id);
-- Whose it is, what it is and when it was taken never change; a mistake is rejected and taken anew.
CALL hm.protect_tenant_table('lab.sample', true,
    'SELECT, INSERT, UPDATE (status, received_at, received_by_id, rejected_at, rejected_by_id, rejection_code, reason, stored_at, stored_by_id,
        storage_location, discarded_at, discarded_by_id, version, updated_at)');
CREATE TRIGGER never_deleted BEFORE DELETE ON lab.sample FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();

CREATE TABLE lab.request (
    tenant_id          uuid        NOT NULL,
    facility_id        uuid        NOT NULL,
    order_item_id      uuid        NOT NULL,
    order_id           uuid        NOT NULL,
    place              integer     NOT NULL CHECK (place >= 0),
    encounter_id       uuid        NOT NULL,
    patient_id         uuid        NOT NULL,
    encounter_type     text        NOT NULL,
    pack               text        NOT NULL,
    service_code       text        NOT NULL,
    name               text        NOT NULL,
    section            text,
    specimen_type      text        NOT NULL CHECK (length(specimen_type) BETWEEN 1 AND 100),
    container          text        CHECK (length(container) BETWEEN 1 AND 100),
    instructions       text,
    priority           text        NOT NULL CHECK (priority IN ('ROUTINE', 'URGENT', 'STAT')),
    status             text        NOT NULL CHECK (status IN ('ORDERED', 'COLLECTED', 'RECEIVED', 'ENTERED', 'VERIFIED', 'RELEASED', 'CANCELLED')),
    ordered_at         timestamptz NOT NULL,
    ordered_by_id      uuid,
    due_at             timestamptz,
    sample_id          uuid,
    is_recollection    boolean     NOT NULL DEFAULT false,
    collected_at       timestamptz,
    received_at        timestamptz,
    entered_at         timestamptz,
    verified_at        timestamptz,
    released_at        timestamptz,
    cancelled_at       timestamptz,
    latest_version     integer     NOT NULL DEFAULT 0 CHECK (latest_version >= 0),
    latest_result_id   uuid,
    released_result_id uuid,
    reflex_of_id       uuid,
    overdue_told_at    timestamptz,
    version            integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    updated_at         timestamptz NOT NULL,
    urgency            integer     NOT NULL GENERATED ALWAYS AS (CASE priority WHEN 'STAT' THEN 0 WHEN 'URGENT' THEN 1 ELSE 2 END) STORED,
    due_rank           timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(due_at, timestamptz '9999-12-31 00:00:00+00')) STORED,
    PRIMARY KEY (tenant_id, order_item_id),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample (tenant_id, id),
    CONSTRAINT request_progress CHECK (
        CASE status
            WHEN 'ORDERED'   THEN sample_id IS NULL AND num_nonnulls(collected_at, received_at, entered_at, cancelled_at) = 0
            WHEN 'COLLECTED' THEN num_nonnulls(sample_id, collected_at) = 2 AND num_nonnulls(received_at, entered_at, cancelled_at) = 0
            WHEN 'RECEIVED'  THEN num_nonnulls(sample_id, collected_at, received_at) = 3 AND num_nonnulls(entered_at, cancelled_at) = 0
            WHEN 'CANCELLED' THEN cancelled_at IS NOT NULL
            ELSE num_nonnulls(sample_id, received_at, entered_at, latest_result_id) = 4 AND cancelled_at IS NULL
        END),
    CHECK ((latest_version = 0) = (latest_result_id IS NULL)),
    CHECK ((released_at IS NULL) = (released_result_id IS NULL))
);
COMMENT ON TABLE lab.request IS
    'One per LAB item of an order, kept beside the samples and results so that every list of the laboratory starts here. Its version is what two who act on a test at once are told apart by.';
COMMENT ON COLUMN lab.request.pack IS 'The pack of its encounter, whose catalogue and laboratory hold for it.';
COMMENT ON COLUMN lab.request.place IS 'Where it stands in its order.';
COMMENT ON COLUMN lab.request.section IS 'Of its first analyte: the bench that works on it. NULL where the laboratory knows none.';
COMMENT ON COLUMN lab.request.is_recollection IS 'A sample for it was rejected: this one is taken again.';
COMMENT ON COLUMN lab.request.entered_at IS 'Of the latest version, as verified_at; released_at is when the first version was released, which is what turnaround counts.';
COMMENT ON COLUMN lab.request.released_result_id IS 'The newest released version; it stays while a correction of it is under way.';
COMMENT ON COLUMN lab.request.reflex_of_id IS 'The item whose result called for it, by a rule. Who ordered that one hears of this one too.';
COMMENT ON COLUMN lab.request.due_rank IS 'due_at, or the end of days: the lists'' order.';
-- What waits is rare among what is done.
CREATE INDEX request_waiting ON lab.request (tenant_id, facility_id, status, urgency, due_rank, order_item_id)
    WHERE status IN ('ORDERED', 'COLLECTED', 'RECEIVED', 'ENTERED', 'VERIFIED');
CREATE INDEX request_not_told_overdue ON lab.request (tenant_id, facility_id, due_at)
    WHERE overdue_told_at IS NULL AND released_at IS NULL AND cancelled_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX request_ordered ON lab.request (tenant_id, facility_id, ordered_at, order_item_id);
CREATE INDEX request_of_encounter ON lab.request (tenant_id, encounter_id, service_code);
CREATE INDEX request_of_order ON lab.request (tenant_id, order_id, place);
CREATE INDEX request_of_sample ON lab.request (tenant_id, sample_id) WHERE sample_id IS NOT NULL;
CALL hm.protect_tenant_table('lab.request', true,
    'SELECT, INSERT, UPDATE (status, ordered_by_id, sample_id, is_recollection, collected_at, received_at, entered_at, verified_at, released_at, cancelled_at,
        latest_version, latest_result_id, released_result_id, reflex_of_id, overdue_told_at, version, updated_at)');

CREATE TABLE lab.sample_item (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    sample_id     uuid        NOT NULL,
    order_item_id uuid        NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sample_id, order_item_id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample (tenant_id, id),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request (tenant_id, order_item_id)
);
COMMENT ON TABLE lab.sample_item IS 'What a sample was taken for; also of one that was rejected and taken again.';
CREATE INDEX sample_item_of_item ON lab.sample_item (tenant_id, order_item_id);
CALL hm.protect_tenant_table('lab.sample_item', true, 'SELECT, INSERT');
CALL hm.make_append_only('lab.sample_item');

CREATE TABLE lab.reflex (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    order_item_id uuid        NOT NULL,
    service_code  text        NOT NULL,
    rule          text        NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_item_id, service_code),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request (tenant_id, order_item_id)
);
COMMENT ON TABLE lab.reflex IS 'Which tests a rule ordered because of an item''s result: each once, however often the result is corrected.';
CALL hm.protect_tenant_table('lab.reflex', true, 'SELECT, INSERT');
CALL hm.make_append_only('lab.reflex');

CREATE TABLE lab.result (
    tenant_id         uuid        NOT NULL,
    facility_id       uuid        NOT NULL,
    id                uuid        NOT NULL,
    order_item_id     uuid        NOT NULL,
    sample_id         uuid        NOT NULL,
    encounter_id      uuid        NOT NULL,
    patient_id        uuid        NOT NULL,
    version           integer     NOT NULL CHECK (version > 0),
    supersedes_id     uuid,
    is_correction     boolean     NOT NULL,
    correction_reason text        CHECK (length(correction_reason) BETWEEN 1 AND 1000),
    comment           text        CHECK (length(comment) BETWEEN 1 AND 4000),
    status            text        NOT NULL CHECK (status IN ('ENTERED', 'VERIFIED', 'RELEASED')),
    is_critical       boolean     NOT NULL,
    is_abnormal       boolean     NOT NULL,
    critical_reasons  jsonb       NOT NULL CHECK (jsonb_typeof(critical_reasons) = 'array'),
    missing           text[]      NOT NULL,
    age_days          integer     NOT NULL,
    sex               text        NOT NULL,
    pregnant          boolean     NOT NULL,
    entered_at        timestamptz NOT NULL,
    entered_by_id     uuid,
    notified_to       text        CHECK (length(notified_to) BETWEEN 1 AND 200),
    notified_at       timestamptz,
    notified_by_id    uuid,
    verified_at       timestamptz,
    verified_by_id    uuid,
    verified_by_rule  text        CHECK (length(verified_by_rule) BETWEEN 1 AND 200),
    released_at       timestamptz,
    released_by_id    uuid,
    previous_version  integer     GENERATED ALWAYS AS (CASE WHEN version > 1 THEN version - 1 END) STORED,
    PRIMARY KEY (tenant_id, id),
    -- Versions neither fork nor skip: each supersedes the one before it, of the same item.
    CONSTRAINT result_version UNIQUE (tenant_id, order_item_id, version),
    CONSTRAINT result_identity UNIQUE (tenant_id, id, order_item_id, version),
    FOREIGN KEY (tenant_id, supersedes_id, order_item_id, previous_version) REFERENCES lab.result (tenant_id, id, order_item_id, version),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request (tenant_id, order_item_id),
    FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample (tenant_id, id),
    CHECK ((version = 1) = (supersedes_id IS NULL)),
    CHECK (version > 1 OR (NOT is_correction AND correction_reason IS NULL)),
    CONSTRAINT result_moments CHECK (
        CASE status
            WHEN 'ENTERED'  THEN num_nonnulls(verified_at, released_at, notified_at) = 0
            WHEN 'VERIFIED' THEN verified_at IS NOT NULL AND released_at IS NULL
            ELSE num_nonnulls(verified_at, released_at) = 2
        END),
    CONSTRAINT result_notice CHECK (num_nonnulls(notified_to, notified_at) IN (0, 2) AND (NOT is_critical OR verified_at IS NULL OR notified_at IS NOT NULL))
);
COMMENT ON TABLE lab.result IS
    'What a test found, in versions. A row never changes but for being verified once and then released once.';
COMMENT ON COLUMN lab.result.is_correction IS 'A version before it had been released when this one was entered.';
COMMENT ON COLUMN lab.result.missing IS 'Codes of the analytes that the test measures and this version says nothing of.';
COMMENT ON COLUMN lab.result.age_days IS 'Of whom, as the ranges saw it when the sample was taken: with sex and pregnant. -1: not known.';
CREATE INDEX result_entered ON lab.result (tenant_id, facility_id, entered_at, id);
CREATE INDEX result_of_status ON lab.result (tenant_id, facility_id, status, entered_at, id);
CREATE INDEX result_of_encounter ON lab.result (tenant_id, encounter_id, entered_at, id);
CREATE INDEX result_of_patient ON lab.result (tenant_id, patient_id, entered_at, id);
CALL hm.protect_tenant_table('lab.result', true,
    'SELECT, INSERT, UPDATE (status, notified_to, notified_at, notified_by_id, verified_at, verified_by_id, verified_by_rule, released_at, released_by_id)');

-- +goose StatementBegin
CREATE FUNCTION lab.refuse_change_of_result() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- previous_version is generated: NEW has none yet when this looks at it.
    of_release text[] := ARRAY['previous_version', 'status', 'released_at', 'released_by_id'];
    of_verification text[] := ARRAY['previous_version', 'status', 'notified_to', 'notified_at', 'notified_by_id', 'verified_at', 'verified_by_id', 'verified_by_rule'];
BEGIN
    IF OLD.status = 'ENTERED' AND NEW.status = 'VERIFIED' AND to_jsonb(NEW) - of_verification = to_jsonb(OLD) - of_verification
        OR OLD.status = 'VERIFIED' AND NEW.status = 'RELEASED' AND to_jsonb(NEW) - of_release = to_jsonb(OLD) - of_release THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a result never changes but for being verified once and then released once' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER once BEFORE UPDATE ON lab.result FOR EACH ROW EXECUTE FUNCTION lab.refuse_change_of_result();
CREATE TRIGGER never_deleted BEFORE DELETE ON lab.result FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();

CREATE TABLE lab.value (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    result_id     uuid        NOT NULL,
    place         integer     NOT NULL CHECK (place >= 0),
    order_item_id uuid        NOT NULL,
    patient_id    uuid        NOT NULL,
    code          text        NOT NULL,
    collected_at  timestamptz NOT NULL,
    shown         jsonb       NOT NULL CHECK (jsonb_typeof(shown) = 'object'),
    PRIMARY KEY (tenant_id, result_id, place),
    CONSTRAINT value_code UNIQUE (tenant_id, result_id, code),
    FOREIGN KEY (tenant_id, result_id) REFERENCES lab.result (tenant_id, id)
);
COMMENT ON TABLE lab.value IS 'What a version of a result says of each analyte.';
COMMENT ON COLUMN lab.value.shown IS
    'As it was judged and as everybody is shown it, for ever: value, unit, name, range, flag, delta, method. What the laboratory says of the analyte later changes nothing here.';
CREATE INDEX value_of_patient ON lab.value (tenant_id, patient_id, code, collected_at, result_id);
CALL hm.protect_tenant_table('lab.value', true, 'SELECT, INSERT');
CALL hm.make_append_only('lab.value');

-- security_invoker: the reader's own row-level security holds, not that of the view's owner.
CREATE VIEW lab.sample_record WITH (security_invoker = true) AS
SELECT s.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('order_item_id', r.order_item_id, 'order_id', r.order_id, 'service_code', r.service_code,
        'name', r.name, 'priority', r.priority) ORDER BY r.urgency, r.order_id, r.place), '[]')
    FROM lab.sample_item i JOIN lab.request r ON r.tenant_id = i.tenant_id AND r.order_item_id = i.order_item_id
    WHERE i.tenant_id = s.tenant_id AND i.sample_id = s.id)::jsonb AS items
FROM lab.sample s;
COMMENT ON VIEW lab.sample_record IS 'Samples with what they were taken for.';
GRANT SELECT ON lab.sample_record TO hm_app;

CREATE VIEW lab.result_record WITH (security_invoker = true) AS
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
    (SELECT coalesce(jsonb_agg(v.shown ORDER BY v.place), '[]') FROM lab.value v WHERE v.tenant_id = r.tenant_id AND v.result_id = r.id)::jsonb AS shown
FROM lab.result r
JOIN lab.request q ON q.tenant_id = r.tenant_id AND q.order_item_id = r.order_item_id
JOIN lab.sample s ON s.tenant_id = r.tenant_id AND s.id = r.sample_id
LEFT JOIN lab.settings t ON t.tenant_id = r.tenant_id AND t.facility_id = r.facility_id;
COMMENT ON VIEW lab.result_record IS
    'Results with their values, their test and their sample; entered_by_ids are those who entered it or a version before it since the last release.';
GRANT SELECT ON lab.result_record TO hm_app;
