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
-- A facility is one tenant's: without knowing it the planner takes a facility for far smaller than it is.
CREATE STATISTICS patients.patient_place (dependencies) ON tenant_id, facility_id FROM patients.patient;
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

-- How well one word of a question is met by what a patient is called: the first rung that holds. Rungs: the word
-- itself, its beginning, its sound, the sound's beginning, its shape, a slip of one letter, its consonants, its initial.
-- +goose StatementBegin
CREATE FUNCTION patients.rung(keys bigint[], ladder bigint[], slips bigint[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN ladder[1] = ANY (keys) THEN 100
        WHEN ladder[2] = ANY (keys) THEN 85
        WHEN ladder[3] = ANY (keys) THEN 75
        WHEN ladder[4] = ANY (keys) THEN 65
        WHEN ladder[5] = ANY (keys) THEN 60
        WHEN keys && slips THEN 50
        WHEN ladder[6] = ANY (keys) THEN 45
        WHEN ladder[7] = ANY (keys) THEN 40
        ELSE 0
    END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION patients.rung FROM PUBLIC;

-- Finds patients of the scope's facility, best first. Row-level security would keep the index on keys from being
-- used, since array operators are not leakproof; so this runs as the owner and holds tenant and facility itself,
-- both taken from the transaction's scope and never from the caller.
--   codes        keys of what stands for one patient (MRN, phone, identifier, whole name), code_points their worth
--   ladders      seven keys for each of at most four words, in the order of patients.rung; 0 where there is none
--   slips        the words' slip keys, one word after the other; slip_ends where each word's end
--   grams        keys of three neighbouring letters, for when hardly anybody is found otherwise
--   births       keys of days of birth: whoever has one of them need meet one word only
-- Otherwise every word must be met. A page begins after (after_score, after_id).
-- +goose StatementBegin
CREATE FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[],
    grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer)
RETURNS TABLE (patient_id uuid, score integer, place bigint, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    tenant   uuid := current_setting('app.tenant_id')::uuid;
    facility uuid := current_setting('app.facility_id')::uuid;
    ladder1  bigint[] := ladders[1:7];
    ladder2  bigint[] := ladders[8:14];
    ladder3  bigint[] := ladders[15:21];
    ladder4  bigint[] := ladders[22:28];
    slips1   bigint[] := slips[1:slip_ends[1]];
    slips2   bigint[] := slips[slip_ends[1] + 1:slip_ends[2]];
    slips3   bigint[] := slips[slip_ends[2] + 1:slip_ends[3]];
    slips4   bigint[] := slips[slip_ends[3] + 1:slip_ends[4]];
    asked    integer := cardinality(ladders) / 7;
    -- A word that was not asked is met by whoever meets the first.
    any1     bigint[] := ladder1 || slips1;
    any2     bigint[] := CASE WHEN asked < 2 THEN any1 ELSE ladder2 || slips2 END;
    any3     bigint[] := CASE WHEN asked < 3 THEN any1 ELSE ladder3 || slips3 END;
    any4     bigint[] := CASE WHEN asked < 4 THEN any1 ELSE ladder4 || slips4 END;
    words    bigint[] := CASE WHEN births <> '{}' THEN any1 || any2 || any3 || any4 END;
    -- Whoever has more than half of the grams has one of either half.
    middle   integer := cardinality(grams) / 2;
    grams1   bigint[] := grams[1:middle];
    grams2   bigint[] := grams[middle + 1:];
    after_name text;
BEGIN
    IF after_id IS NOT NULL THEN
        SELECT e.sort_name INTO after_name FROM patients.search_entry e
        WHERE e.tenant_id = tenant AND e.facility_id = facility AND e.patient_id = after_id;
    END IF;
    RETURN QUERY
    WITH strict AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            CASE WHEN e.keys && codes THEN (
                SELECT max(c.points) FROM unnest(codes, code_points) AS c (key, points) WHERE c.key = ANY (e.keys)) ELSE 0 END
            + patients.rung(e.keys, ladder1, slips1)
            + CASE WHEN asked > 1 THEN patients.rung(e.keys, ladder2, slips2) ELSE 0 END
            + CASE WHEN asked > 2 THEN patients.rung(e.keys, ladder3, slips3) ELSE 0 END
            + CASE WHEN asked > 3 THEN patients.rung(e.keys, ladder4, slips4) ELSE 0 END
            + CASE WHEN e.keys && births THEN 60 ELSE 0 END AS score
        FROM patients.search_entry e
        -- Not by equality: the keys are the facility's own, so an index on the tenant would be read for nothing.
        WHERE e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND (e.keys && codes OR e.keys && any1 AND e.keys && any2 AND e.keys && any3 AND e.keys && any4
                OR e.keys && births AND e.keys && words)
    ), loose AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            (SELECT count(*) FROM unnest(grams) AS gram WHERE gram = ANY (e.keys)) AS hits
        FROM patients.search_entry e
        WHERE (SELECT count(*) FROM strict) < 10
            AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND e.keys && grams1 AND e.keys && grams2
    ), found AS MATERIALIZED (
        SELECT s.patient_id, s.sort_name, s.score FROM strict s
        UNION ALL
        SELECT l.patient_id, l.sort_name, (l.hits * 39 / cardinality(grams))::integer FROM loose l
        WHERE l.hits * 2 > cardinality(grams) AND NOT EXISTS (SELECT FROM strict s WHERE s.patient_id = l.patient_id)
    )
    SELECT f.patient_id, f.score, row_number() OVER (ORDER BY f.score DESC, f.sort_name, f.patient_id), (SELECT count(*) FROM found)
    FROM found f
    WHERE after_id IS NULL OR f.score < after_score
        OR f.score = after_score AND (f.sort_name, f.patient_id) > (coalesce(after_name, ''), after_id)
    ORDER BY f.score DESC, f.sort_name, f.patient_id
    LIMIT max_rows;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION patients.search FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients.search TO hm_app;

-- Rows that the background has yet to rebuild, of every tenant: ids only.
-- +goose StatementBegin
CREATE FUNCTION patients.outdated_search_entries(current_version integer, max_rows integer)
RETURNS TABLE (tenant_id uuid, facility_id uuid, patient_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT e.tenant_id, e.facility_id, e.patient_id FROM patients.search_entry e
    WHERE e.key_version < current_version ORDER BY e.tenant_id, e.facility_id LIMIT max_rows
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION patients.outdated_search_entries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION patients.outdated_search_entries TO hm_app;
