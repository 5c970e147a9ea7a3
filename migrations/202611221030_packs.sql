-- +goose Up
CREATE SCHEMA packs;
GRANT USAGE ON SCHEMA packs TO hm_app;

CREATE TABLE packs.version (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    pack            text        NOT NULL CHECK (length(pack) BETWEEN 1 AND 64),
    version         text        NOT NULL CHECK (length(version) BETWEEN 5 AND 20),
    -- SHA-256 of every file's name and content, however they were packed.
    digest          bytea       NOT NULL CHECK (length(digest) = 32),
    -- The files as a zip of our own making, and how many bytes they are unpacked.
    archive         bytea       NOT NULL,
    size            integer     NOT NULL CHECK (size > 0),
    -- What pack.yaml says of the pack, so that it can be listed without unpacking it; and of every form, by code@version,
    -- the SHA-256 of its content, because a form that documents were written with must never change under its version.
    manifest        jsonb       NOT NULL CHECK (jsonb_typeof(manifest) = 'object'),
    -- Null for the operator at the command line.
    installed_by_id uuid,
    installed_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT version_key UNIQUE (tenant_id, pack, version)
);
COMMENT ON TABLE packs.version IS
    'Every version of a pack that a tenant ever installed. The newest is the one in use; the others stay, because documents name the form they were written with.';
CALL hm.protect_tenant_table('packs.version', false, 'SELECT, INSERT');
CALL hm.make_append_only('packs.version');

CREATE TABLE packs.allowed_tool (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    url           text        NOT NULL CHECK (length(url) BETWEEN 1 AND 500),
    integrity     text        NOT NULL CHECK (length(integrity) BETWEEN 1 AND 200),
    allowed_by_id uuid,
    allowed_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT allowed_tool_key UNIQUE (tenant_id, url, integrity)
);
COMMENT ON TABLE packs.allowed_tool IS
    'The third parties'' tools that may run in this tenant''s browsers, each held to one content by its hash.';
CALL hm.protect_tenant_table('packs.allowed_tool', false, 'SELECT, INSERT, DELETE');
