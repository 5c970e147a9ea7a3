-- +goose Up
CREATE SCHEMA encounters;
GRANT USAGE ON SCHEMA encounters TO hm_app;

CREATE TABLE encounters.encounter (
    tenant_id             uuid        NOT NULL,
    id                    uuid        NOT NULL,
    facility_id           uuid        NOT NULL,
    patient_id            uuid        NOT NULL,
    encounter_type        text        NOT NULL CHECK (encounter_type ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    pack                  text        NOT NULL CHECK (length(pack) BETWEEN 1 AND 64),
    status                text        NOT NULL CHECK (status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT', 'CLOSED', 'CANCELLED')),
    exclusive             boolean     NOT NULL,
    reason                text        CHECK (length(reason) BETWEEN 1 AND 2000),
    attending_doctor_id   uuid,
    scheduled_at          timestamptz,
    checked_in_at         timestamptz,
    consult_started_at    timestamptz,
    closed_at             timestamptz,
    cancelled_at          timestamptz,
    cancel_reason         text        CHECK (length(cancel_reason) BETWEEN 1 AND 2000),
    system_data           jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(system_data) = 'object'),
    created_by_id         uuid,
    checked_in_by_id      uuid,
    consult_started_by_id uuid,
    closed_by_id          uuid,
    cancelled_by_id       uuid,
    version               integer     NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT encounter_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id),
    -- A status without the moments that lead to it cannot be said.
    CONSTRAINT encounter_moments CHECK (
        CASE status
            WHEN 'CREATED'    THEN num_nonnulls(checked_in_at, consult_started_at, closed_at, cancelled_at) = 0
            WHEN 'CHECKED_IN' THEN checked_in_at IS NOT NULL AND num_nonnulls(consult_started_at, closed_at, cancelled_at) = 0
            WHEN 'IN_CONSULT' THEN num_nulls(checked_in_at, consult_started_at) = 0 AND num_nonnulls(closed_at, cancelled_at) = 0
            WHEN 'CLOSED'     THEN num_nulls(checked_in_at, consult_started_at, closed_at) = 0 AND cancelled_at IS NULL
            WHEN 'CANCELLED'  THEN cancelled_at IS NOT NULL AND closed_at IS NULL
                                   AND (consult_started_at IS NULL OR checked_in_at IS NOT NULL)
        END),
    CONSTRAINT encounter_cancel_reason CHECK ((cancelled_at IS NULL) = (cancel_reason IS NULL))
);
COMMENT ON TABLE encounters.encounter IS 'One visit of a patient, from its making to its closed record.';
COMMENT ON COLUMN encounters.encounter.exclusive IS
    'The facility allowed one encounter under way per patient when this was made; copied from its settings, so that the index below can hold it.';

CREATE UNIQUE INDEX encounter_one_active ON encounters.encounter (tenant_id, facility_id, patient_id)
    WHERE exclusive AND status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT');
-- Lists are newest first; by patient, by doctor, or of a day (by when they were made or are due).
CREATE INDEX encounter_created ON encounters.encounter (tenant_id, facility_id, created_at, id);
CREATE INDEX encounter_patient_created ON encounters.encounter (tenant_id, facility_id, patient_id, created_at, id);
CREATE INDEX encounter_doctor_created ON encounters.encounter (tenant_id, facility_id, attending_doctor_id, created_at, id)
    WHERE attending_doctor_id IS NOT NULL;
CREATE INDEX encounter_scheduled ON encounters.encounter (tenant_id, facility_id, scheduled_at) WHERE scheduled_at IS NOT NULL;
-- Who waits and who is with a doctor: a handful of rows beside years of closed ones.
CREATE INDEX encounter_under_way ON encounters.encounter (tenant_id, facility_id, status, created_at, id)
    WHERE status IN ('CREATED', 'CHECKED_IN', 'IN_CONSULT');
CALL hm.protect_tenant_table('encounters.encounter', true, 'SELECT, INSERT, UPDATE');

CREATE TABLE encounters.document (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    facility_id  uuid        NOT NULL,
    encounter_id uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('VITALS', 'ASSESSMENT', 'PLAN', 'NOTE')),
    content      jsonb       NOT NULL CHECK (jsonb_typeof(content) = 'object' AND content <> '{}'),
    author_id    uuid,
    authored_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT document_encounter_key FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id)
);
COMMENT ON TABLE encounters.document IS
    'Vitals, assessments, plans and notes as they were written. Each is a new row; the latest of a kind counts.';
CREATE INDEX document_of_encounter ON encounters.document (tenant_id, encounter_id, authored_at, id);
CALL hm.protect_tenant_table('encounters.document', true, 'SELECT, INSERT');
CALL hm.make_append_only('encounters.document');
