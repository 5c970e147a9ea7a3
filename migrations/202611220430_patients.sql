-- +goose Up
CREATE SCHEMA patients;
GRANT USAGE ON SCHEMA patients TO hm_app;

CREATE TABLE patients.patient (
    tenant_id            uuid        NOT NULL,
    id                   uuid        NOT NULL,
    facility_id          uuid        NOT NULL,
    mrn                  text        NOT NULL CHECK (length(mrn) BETWEEN 1 AND 128 AND mrn = upper(mrn)),
    mrn_series           text,
    mrn_number           bigint      CHECK (mrn_number > 0),
    full_name            text        NOT NULL CHECK (length(full_name) BETWEEN 1 AND 255),
    date_of_birth        date,
    birth_date_estimated boolean     NOT NULL DEFAULT false,
    gender               text        NOT NULL CHECK (gender IN ('male', 'female', 'other', 'unknown')),
    phone                text        CHECK (length(phone) BETWEEN 1 AND 40),
    phone_digits         text        CHECK (phone_digits ~ '^[0-9]{4,20}$'),
    email                text        CHECK (length(email) BETWEEN 3 AND 254),
    address              text        CHECK (length(address) BETWEEN 1 AND 1000),
    blood_group          text        CHECK (blood_group IN ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-')),
    identifiers          jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(identifiers) = 'array'),
    system_specific_data jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(system_specific_data) = 'object'),
    version              integer     NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT patient_mrn_key UNIQUE (tenant_id, facility_id, mrn),
    CHECK ((mrn_series IS NULL) = (mrn_number IS NULL)),
    CHECK (NOT birth_date_estimated OR date_of_birth IS NOT NULL),
    CHECK ((phone IS NULL) = (phone_digits IS NULL))
);
COMMENT ON TABLE patients.patient IS 'A person under the care of a facility. mrn_series and mrn_number are set on MRNs that HM made.';
CREATE INDEX patient_newest ON patients.patient (tenant_id, facility_id, created_at, id);
CREATE INDEX patient_phone ON patients.patient (tenant_id, facility_id, phone_digits, created_at, id) WHERE phone_digits IS NOT NULL;
CREATE INDEX patient_mrn_number ON patients.patient (tenant_id, facility_id, mrn_series, mrn_number) WHERE mrn_number IS NOT NULL;
CALL hm.protect_tenant_table('patients.patient', true, 'SELECT, INSERT, UPDATE');

CREATE TABLE patients.identifier (
    tenant_id   uuid NOT NULL,
    facility_id uuid NOT NULL,
    system      text NOT NULL CHECK (length(system) BETWEEN 1 AND 200),
    value       text NOT NULL CHECK (length(value) BETWEEN 1 AND 200),
    patient_id  uuid NOT NULL,
    CONSTRAINT identifier_key PRIMARY KEY (tenant_id, facility_id, system, value),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id)
);
COMMENT ON TABLE patients.identifier IS
    'Who holds which outside number, spelt in one way, so that no two patients of a facility hold the same. The record itself shows patient.identifiers.';
CREATE INDEX identifier_patient ON patients.identifier (tenant_id, patient_id);
CALL hm.protect_tenant_table('patients.identifier', true, 'SELECT, INSERT, DELETE');

-- Many desks register at once, on many servers. A counter row would make them wait for each other's commit; here
-- each takes the first number that is neither stored nor being stored: an advisory lock held to the end of the
-- transaction says that a number is. 1024 locks per series at most, so that an import cannot exhaust the lock table.
-- The check after the lock sees a registration that committed, and so freed its lock, in between.
-- +goose StatementBegin
CREATE FUNCTION patients.next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog AS $$
DECLARE
    tenant   uuid := current_setting('app.tenant_id')::uuid;
    facility uuid := current_setting('app.facility_id')::uuid;
    series   text := prefix || '#' || suffix;
    lock_on  integer := hashtext(facility::text || series);
    busy     integer := 0;
BEGIN
    SELECT coalesce(max(p.mrn_number), 0) INTO number FROM patients.patient p
    WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn_series = series AND p.mrn_number IS NOT NULL;
    LOOP
        number := number + 1;
        mrn := prefix || lpad(number::text, greatest(width, length(number::text)), '0') || suffix;
        CONTINUE WHEN EXISTS (SELECT FROM patients.patient p
            WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn = next_mrn.mrn);
        IF NOT pg_try_advisory_xact_lock(lock_on, (number % 1024)::integer) THEN
            busy := busy + 1;
            CONTINUE WHEN busy < 1024;
            PERFORM pg_advisory_xact_lock(lock_on, (number % 1024)::integer);
        END IF;
        EXIT WHEN NOT EXISTS (SELECT FROM patients.patient p
            WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn = next_mrn.mrn);
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION patients.next_mrn FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients.next_mrn TO hm_app;

CREATE TABLE patients.search_entry (
    tenant_id   uuid     NOT NULL,
    patient_id  uuid     NOT NULL,
    facility_id uuid     NOT NULL,
    key_version integer  NOT NULL,
    sort_name   text     COLLATE "C" NOT NULL,
    keys        bigint[] NOT NULL,
    PRIMARY KEY (tenant_id, patient_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id)
);
COMMENT ON TABLE patients.search_entry IS
    'How patients are found: hashes, made in Go, of the facility with everything a patient may be asked for by. Rows of an older key_version are rebuilt in the background; a bulk load writes version 0 and no keys.';
-- No statistics: with them a plan would depend on how common the asked keys are among all tenants; without, it is always the index.
ALTER TABLE patients.search_entry ALTER COLUMN keys SET STATISTICS 0;
CREATE INDEX search_entry_keys ON patients.search_entry USING gin (keys) WITH (fastupdate = off);
CREATE INDEX search_entry_key_version ON patients.search_entry (key_version);
CALL hm.protect_tenant_table('patients.search_entry', true, 'SELECT, INSERT, UPDATE');
-- For the definer functions below, which hold the tenant and the facility themselves.
CREATE POLICY search ON patients.search_entry FOR SELECT TO hm_owner USING (true);
