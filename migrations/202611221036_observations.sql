-- +goose Up
CREATE TABLE clinicaldocs.observation (
    tenant_id     uuid             NOT NULL,
    id            uuid             NOT NULL,
    facility_id   uuid             NOT NULL,
    patient_id    uuid             NOT NULL,
    encounter_id  uuid             NOT NULL,
    source        text             NOT NULL CHECK (source IN ('DOCUMENT', 'VITALS')),
    document_id   uuid             NOT NULL,
    field         text             NOT NULL CHECK (field <> ''),
    code          text             NOT NULL CHECK (code <> ''),
    system        text             NOT NULL CHECK (system <> ''),
    value_number  double precision CHECK (value_number NOT IN ('NaN', 'Infinity', '-Infinity')),
    value_text    text,
    value_code    text,
    value_date    date,
    value_boolean boolean,
    unit          text             CHECK (unit <> ''),
    at            timestamptz      NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT observation_value CHECK (num_nonnulls(value_number, value_text, value_code, value_date, value_boolean) = 1),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id)
);
COMMENT ON TABLE clinicaldocs.observation IS
    'What current documents and vitals say of patients in a terminology, one row for each value: a read model that is written in the transaction of its document. An amended document''s rows take the place of those it supersedes.';
COMMENT ON COLUMN clinicaldocs.observation.source IS 'DOCUMENT: document_id is a clinical document. VITALS: it is a document of the encounter.';
COMMENT ON COLUMN clinicaldocs.observation.at IS 'When it was first recorded: amending a document does not make its values newer.';
CREATE INDEX observation_of_document ON clinicaldocs.observation (tenant_id, document_id);
CREATE INDEX observation_of_patient ON clinicaldocs.observation (tenant_id, facility_id, patient_id, at, id);
CREATE INDEX observation_of_code ON clinicaldocs.observation (tenant_id, facility_id, patient_id, code, system, at, id);
CALL hm.protect_tenant_table('clinicaldocs.observation', true, 'SELECT, INSERT, DELETE');
