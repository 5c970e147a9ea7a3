-- +goose Up
-- What leaves the laboratory on paper: reports of an order's results, and how they look.
CREATE SCHEMA labprint;
GRANT USAGE ON SCHEMA labprint TO hm_app;

CREATE TABLE labprint.numbering (
    tenant_id   uuid    NOT NULL,
    facility_id uuid    NOT NULL,
    year        integer NOT NULL CHECK (year BETWEEN 1900 AND 9999),
    last_number integer NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (tenant_id, facility_id, year)
);
COMMENT ON TABLE labprint.numbering IS 'The last report number that a facility gave in a year.';
CALL hm.protect_tenant_table('labprint.numbering', true, 'SELECT, INSERT, UPDATE');

CREATE TABLE labprint.report (
    tenant_id      uuid        NOT NULL,
    facility_id    uuid        NOT NULL,
    id             uuid        NOT NULL,
    order_id       uuid        NOT NULL,
    encounter_id   uuid        NOT NULL,
    patient_id     uuid        NOT NULL,
    number         text        NOT NULL CHECK (length(number) BETWEEN 1 AND 80),
    version        integer     NOT NULL CHECK (version > 0),
    is_corrected   boolean     NOT NULL,
    replaces_id    uuid,
    item_ids       uuid[]      NOT NULL,
    result_ids     uuid[]      NOT NULL,
    former_ids     uuid[]      NOT NULL,
    service_codes  text[]      NOT NULL,
    service_names  text[]      NOT NULL,
    content_digest bytea       NOT NULL CHECK (length(content_digest) = 32),
    ordered_by_id  uuid,
    issued_by_id   uuid,
    issued_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT report_version UNIQUE (tenant_id, order_id, version),
    CONSTRAINT report_number UNIQUE (tenant_id, facility_id, number, version),
    CONSTRAINT report_replaces CHECK ((version = 1) = (replaces_id IS NULL)),
    CONSTRAINT report_tests CHECK (
        cardinality(item_ids) > 0 AND cardinality(result_ids) = cardinality(item_ids) AND cardinality(former_ids) = cardinality(item_ids)
        AND cardinality(service_codes) = cardinality(item_ids) AND cardinality(service_names) = cardinality(item_ids)),
    FOREIGN KEY (tenant_id, replaces_id) REFERENCES labprint.report (tenant_id, id),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id)
);
COMMENT ON TABLE labprint.report IS 'One version of the report of an order: which versions of its results it tells. It never changes; a release makes the next version.';
COMMENT ON COLUMN labprint.report.number IS 'Of the order: all versions of its report have it.';
COMMENT ON COLUMN labprint.report.replaces_id IS 'The version before it.';
COMMENT ON COLUMN labprint.report.former_ids IS 'For each result the released one that it corrects, in this version of the report or one before it; zeros where it corrects none.';
COMMENT ON COLUMN labprint.report.content_digest IS 'SHA-256 of what the results said when it was issued: a print whose results say otherwise is refused.';
CREATE INDEX report_issued ON labprint.report (tenant_id, facility_id, issued_at, id);
CREATE INDEX report_of_encounter ON labprint.report (tenant_id, encounter_id, issued_at, id);
CREATE INDEX report_of_patient ON labprint.report (tenant_id, patient_id, issued_at, id);
CALL hm.protect_tenant_table('labprint.report', true, 'SELECT, INSERT');
CALL hm.make_append_only('labprint.report');

CREATE TABLE labprint.reading (
    tenant_id   uuid        NOT NULL,
    facility_id uuid        NOT NULL,
    order_id    uuid        NOT NULL,
    report_id   uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    read_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, report_id, user_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES labprint.report (tenant_id, id)
);
COMMENT ON TABLE labprint.reading IS 'Who opened or printed a report first when: whom a corrected one must reach. Every reading is in the audit trail.';
CREATE INDEX reading_of_order ON labprint.reading (tenant_id, order_id);
CALL hm.protect_tenant_table('labprint.reading', true, 'SELECT, INSERT');
CALL hm.make_append_only('labprint.reading');

CREATE TABLE labprint.layout (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    address       text[]      NOT NULL CHECK (cardinality(address) <= 4),
    phone         text        CHECK (length(phone) BETWEEN 1 AND 100),
    accreditation text        CHECK (length(accreditation) BETWEEN 1 AND 200),
    header        text        CHECK (length(header) BETWEEN 1 AND 300),
    footer        text        CHECK (length(footer) BETWEEN 1 AND 600),
    accent        text        NOT NULL CHECK (accent ~ '^#[0-9a-f]{6}$'),
    logo          bytea       CHECK (length(logo) BETWEEN 1 AND 204800),
    version       integer     NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, facility_id)
);
COMMENT ON TABLE labprint.layout IS 'How the reports of a facility look. Without a row they bear the facility''s name alone.';
COMMENT ON COLUMN labprint.layout.logo IS 'A PNG.';
CALL hm.protect_tenant_table('labprint.layout', true, 'SELECT, INSERT, UPDATE');
