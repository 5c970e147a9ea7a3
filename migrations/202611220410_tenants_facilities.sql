-- +goose Up
CREATE SCHEMA tenants;
GRANT USAGE ON SCHEMA tenants TO hm_app;

CREATE TABLE tenants.tenant (
    id         uuid        PRIMARY KEY,
    code       text        NOT NULL CONSTRAINT tenant_code_key UNIQUE CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    is_active  boolean     NOT NULL DEFAULT true,
    version    integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON TABLE tenants.tenant IS 'A hospital or chain of hospitals. Not a tenant table itself: only those who run the installation write it.';
GRANT SELECT, INSERT, UPDATE ON tenants.tenant TO hm_app;

CREATE SCHEMA facilities;
GRANT USAGE ON SCHEMA facilities TO hm_app;

CREATE TABLE facilities.facility (
    tenant_id                     uuid        NOT NULL REFERENCES tenants.tenant (id),
    id                            uuid        NOT NULL,
    code                          text        NOT NULL CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
    name                          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    time_zone                     text        NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 64),
    mrn_pattern                   text        NOT NULL CHECK (length(mrn_pattern) BETWEEN 1 AND 64),
    several_active_encounters     boolean     NOT NULL DEFAULT false,
    packs                         text[]      NOT NULL DEFAULT '{base}' CHECK (cardinality(packs) > 0),
    is_active                     boolean     NOT NULL DEFAULT true,
    version                       integer     NOT NULL DEFAULT 1,
    created_at                    timestamptz NOT NULL,
    updated_at                    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT facility_code_key UNIQUE (tenant_id, code)
);
COMMENT ON TABLE facilities.facility IS 'A place of care of a tenant, with the settings that rule its day.';
-- Which facilities a user may see depends on memberships, so the act filters; the tenant is held here.
CALL hm.protect_tenant_table('facilities.facility', false, 'SELECT, INSERT, UPDATE');
