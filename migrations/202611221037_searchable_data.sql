-- +goose Up
-- What packs keep of patients and encounters is JSON, whose operators row-level security keeps from any index. What a
-- pack marks as searchable therefore stands here a second time, as text in one spelling, written with the record.
CREATE TABLE patients.datum (
    tenant_id   uuid NOT NULL,
    patient_id  uuid NOT NULL,
    pack        text NOT NULL CHECK (pack <> ''),
    field       text NOT NULL CHECK (field <> ''),
    facility_id uuid NOT NULL,
    value       text COLLATE "C" NOT NULL CHECK (length(value) BETWEEN 1 AND 200),
    PRIMARY KEY (tenant_id, patient_id, pack, field),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id)
);
COMMENT ON TABLE patients.datum IS 'The searchable fields of patients.system_specific_data, by equality.';
CREATE INDEX datum_value ON patients.datum (tenant_id, facility_id, pack, field, value, patient_id);
CALL hm.protect_tenant_table('patients.datum', true, 'SELECT, INSERT, DELETE');

CREATE TABLE encounters.datum (
    tenant_id    uuid NOT NULL,
    encounter_id uuid NOT NULL,
    pack         text NOT NULL CHECK (pack <> ''),
    field        text NOT NULL CHECK (field <> ''),
    facility_id  uuid NOT NULL,
    value        text COLLATE "C" NOT NULL CHECK (length(value) BETWEEN 1 AND 200),
    PRIMARY KEY (tenant_id, encounter_id, pack, field),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id)
);
COMMENT ON TABLE encounters.datum IS 'The searchable fields of encounters.system_data, by equality.';
CREATE INDEX datum_value ON encounters.datum (tenant_id, facility_id, pack, field, value, encounter_id);
CALL hm.protect_tenant_table('encounters.datum', true, 'SELECT, INSERT, DELETE');
