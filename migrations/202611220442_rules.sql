-- +goose Up
CREATE SCHEMA rules;
GRANT USAGE ON SCHEMA rules TO hm_app;

CREATE TABLE rules.override (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    code       text        NOT NULL CHECK (length(code) BETWEEN 1 AND 200),
    enabled    boolean     NOT NULL,
    severity   text        CHECK (severity IN ('info', 'warning', 'safety')),
    parameters jsonb       NOT NULL CHECK (jsonb_typeof(parameters) = 'object'),
    version    integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT override_code_key UNIQUE (tenant_id, code)
);
COMMENT ON TABLE rules.override IS
    'What a tenant changed about a rule of its packs: only what differs. Without a row the rule is as its pack has it.';
CALL hm.protect_tenant_table('rules.override', false, 'SELECT, INSERT, UPDATE');
