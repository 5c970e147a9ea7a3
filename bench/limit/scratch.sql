-- What the scripts of the limit draw from, besides HM's own tables. The schema is dropped at the end of a run, and at
-- the beginning of the next one when a run was killed.
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO hm_app;

CREATE TABLE bench.site (n integer PRIMARY KEY, tenant_id uuid, facility_id uuid, user_id uuid, prefix text, suffix text);
CREATE TABLE bench.patient (n integer PRIMARY KEY, tenant_id uuid, facility_id uuid, id uuid);
CREATE TABLE bench.sample (n integer PRIMARY KEY, full_name text, date_of_birth date, birth_date_estimated boolean, gender text, phone text,
    phone_digits text, email text, address text, blood_group text, identifiers jsonb, system_specific_data jsonb, key_version integer,
    sort_name text, keys bigint[]);
CREATE TABLE bench.open (n integer PRIMARY KEY, tenant_id uuid, facility_id uuid, encounter_id uuid, patient_id uuid, user_id uuid);
CREATE TABLE bench.ready (n integer PRIMARY KEY, tenant_id uuid, facility_id uuid, encounter_id uuid, patient_id uuid, user_id uuid);
CREATE SEQUENCE bench.ready_n CACHE 1;
CREATE TABLE bench.answer (act text PRIMARY KEY, request_hash bytea, status integer, etag text, body bytea);

-- In the order of time, as HM's ids are: ids at random would touch another page of every index.
CREATE FUNCTION bench.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
        || '8' || substr(md5(random()::text), 1, 15))::uuid
$$;

GRANT SELECT ON ALL TABLES IN SCHEMA bench TO hm_app;
GRANT USAGE ON SEQUENCE bench.ready_n TO hm_app;
