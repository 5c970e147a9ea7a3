-- +goose Up
-- Whether the laboratory measures right: what control material was found to hold, beside what it should.
CREATE SCHEMA qualitycontrol;
GRANT USAGE ON SCHEMA qualitycontrol TO hm_app;

CREATE TABLE qualitycontrol.lot (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    id            uuid        NOT NULL,
    material      text        NOT NULL CHECK (length(material) BETWEEN 1 AND 100),
    lot_number    text        NOT NULL CHECK (length(lot_number) BETWEEN 1 AND 60),
    level         integer     NOT NULL CHECK (level BETWEEN 1 AND 3),
    expires_on    date        NOT NULL,
    is_active     boolean     NOT NULL DEFAULT true,
    created_by_id uuid,
    version       integer     NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT lot_number_key UNIQUE (tenant_id, facility_id, material, level, lot_number)
);
COMMENT ON TABLE qualitycontrol.lot IS 'Control material of one level, of one making.';
COMMENT ON COLUMN qualitycontrol.lot.expires_on IS 'The last day, by the facility''s own clock, on which it may be run.';
CREATE INDEX lot_created ON qualitycontrol.lot (tenant_id, facility_id, created_at, id);
-- What a lot is called never changes, because runs are read under it; a mistaken lot is made inactive.
CALL hm.protect_tenant_table('qualitycontrol.lot', true, 'SELECT, INSERT, UPDATE (expires_on, is_active, version, updated_at)');

CREATE TABLE qualitycontrol.target (
    tenant_id   uuid        NOT NULL,
    facility_id uuid        NOT NULL,
    id          uuid        NOT NULL,
    lot_id      uuid        NOT NULL,
    place       integer     NOT NULL CHECK (place >= 0),
    analyte     text        NOT NULL CHECK (analyte ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'),
    mean        numeric     NOT NULL,
    sd          numeric     NOT NULL CHECK (sd > 0),
    unit        text        NOT NULL CHECK (length(unit) <= 40),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT target_analyte UNIQUE (tenant_id, lot_id, analyte),
    FOREIGN KEY (tenant_id, lot_id) REFERENCES qualitycontrol.lot (tenant_id, id)
);
COMMENT ON TABLE qualitycontrol.target IS 'What a lot should be found to hold of one analyte. Each run keeps the target it was judged by.';
CALL hm.protect_tenant_table('qualitycontrol.target', true, 'SELECT, INSERT, UPDATE (mean, sd, unit, updated_at)');

CREATE TABLE qualitycontrol.hold (
    tenant_id        uuid        NOT NULL,
    facility_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    analyte          text        NOT NULL,
    lot_id           uuid        NOT NULL,
    run_id           uuid        NOT NULL,
    rules            text[]      NOT NULL CHECK (cardinality(rules) > 0),
    run_count        integer     NOT NULL DEFAULT 1 CHECK (run_count > 0),
    status           text        NOT NULL CHECK (status IN ('OPEN', 'RESOLVED')),
    opened_at        timestamptz NOT NULL,
    last_violated_at timestamptz NOT NULL,
    resolved_at      timestamptz,
    resolved_by_id   uuid,
    reason           text        CHECK (length(reason) BETWEEN 1 AND 2000),
    version          integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT hold_resolution CHECK ((status = 'RESOLVED') = (resolved_at IS NOT NULL) AND (status = 'RESOLVED') = (reason IS NOT NULL)),
    FOREIGN KEY (tenant_id, lot_id) REFERENCES qualitycontrol.lot (tenant_id, id)
);
COMMENT ON TABLE qualitycontrol.hold IS 'Keeps the patient results of an analyte from being vouched for, since a control run broke a rule.';
COMMENT ON COLUMN qualitycontrol.hold.run_id IS 'The run that began it; run_count counts those that were rejected while it was open.';
CREATE UNIQUE INDEX hold_open_once ON qualitycontrol.hold (tenant_id, facility_id, analyte) WHERE status = 'OPEN';
CREATE INDEX hold_opened ON qualitycontrol.hold (tenant_id, facility_id, opened_at, id);
CALL hm.protect_tenant_table('qualitycontrol.hold', true,
    'SELECT, INSERT, UPDATE (run_count, last_violated_at, status, resolved_at, resolved_by_id, reason, version)');

-- +goose StatementBegin
CREATE FUNCTION qualitycontrol.refuse_change_of_resolved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a hold that is resolved never changes' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER resolved BEFORE UPDATE ON qualitycontrol.hold FOR EACH ROW
    WHEN (OLD.status = 'RESOLVED') EXECUTE FUNCTION qualitycontrol.refuse_change_of_resolved();

CREATE TABLE qualitycontrol.run (
    tenant_id      uuid        NOT NULL,
    facility_id    uuid        NOT NULL,
    id             uuid        NOT NULL,
    lot_id         uuid        NOT NULL,
    analyte        text        NOT NULL,
    value          numeric     NOT NULL,
    unit           text        NOT NULL,
    mean           numeric     NOT NULL,
    sd             numeric     NOT NULL CHECK (sd > 0),
    status         text        NOT NULL CHECK (status IN ('IN_CONTROL', 'WARNING', 'REJECTED')),
    rules          text[]      NOT NULL,
    hold_id        uuid,
    at             timestamptz NOT NULL,
    comment        text        CHECK (length(comment) BETWEEN 1 AND 2000),
    recorded_by_id uuid,
    recorded_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT run_rejection CHECK ((status = 'REJECTED') = (hold_id IS NOT NULL) AND (status = 'IN_CONTROL') = (cardinality(rules) = 0)),
    FOREIGN KEY (tenant_id, lot_id, analyte) REFERENCES qualitycontrol.target (tenant_id, lot_id, analyte),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES qualitycontrol.hold (tenant_id, id)
);
COMMENT ON TABLE qualitycontrol.run IS 'What was found of one analyte in a lot, with the target and the rules it was judged by. Never changed, never deleted.';
CREATE INDEX run_of_target ON qualitycontrol.run (tenant_id, lot_id, analyte, at, id);
CREATE INDEX run_of_lot ON qualitycontrol.run (tenant_id, lot_id, at, id);
CREATE INDEX run_of_hold ON qualitycontrol.run (tenant_id, hold_id, at, id) WHERE hold_id IS NOT NULL;
CALL hm.protect_tenant_table('qualitycontrol.run', true, 'SELECT, INSERT');
CALL hm.make_append_only('qualitycontrol.run');

CREATE TABLE qualitycontrol.exclusion (
    tenant_id      uuid        NOT NULL,
    facility_id    uuid        NOT NULL,
    id             uuid        NOT NULL,
    run_id         uuid        NOT NULL,
    reason         text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    excluded_by_id uuid,
    excluded_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT exclusion_once UNIQUE (tenant_id, run_id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES qualitycontrol.run (tenant_id, id)
);
COMMENT ON TABLE qualitycontrol.exclusion IS 'A run that counts no more in means and in series, such as one of the wrong vial. The run itself stays.';
CALL hm.protect_tenant_table('qualitycontrol.exclusion', true, 'SELECT, INSERT');
CALL hm.make_append_only('qualitycontrol.exclusion');
