-- +goose Up
-- What somebody must look at, who is told of it, and what became of it. An alert says what it is about by ids and codes,
-- never by a value or a patient's name.
CREATE SCHEMA alerts;
GRANT USAGE ON SCHEMA alerts TO hm_app;

CREATE TABLE alerts.alert (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL,
    facility_id        uuid        NOT NULL,
    kind               text        NOT NULL CHECK (length(kind) BETWEEN 1 AND 210),
    severity           text        NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    status             text        NOT NULL CHECK (status IN ('OPEN', 'ACKNOWLEDGED', 'RESOLVED')),
    title              text        NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    detail             text        CHECK (length(detail) <= 2000),
    encounter_id       uuid,
    patient_id         uuid,
    subject_kind       text        NOT NULL CHECK (length(subject_kind) BETWEEN 1 AND 60),
    subject_id         uuid        NOT NULL,
    cause_id           uuid        NOT NULL,
    facts              jsonb       NOT NULL,
    level              integer     NOT NULL DEFAULT 0 CHECK (level >= 0),
    next_escalation_at timestamptz,
    raised_at          timestamptz NOT NULL,
    raised_by_id       uuid,
    acknowledged_at    timestamptz,
    acknowledged_by_id uuid,
    resolved_at        timestamptz,
    resolved_by_id     uuid,
    resolution         text        CHECK (length(resolution) BETWEEN 1 AND 2000),
    version            integer     NOT NULL DEFAULT 1,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- A status without the moments that lead to it cannot be said, and only what waits escalates.
    CONSTRAINT alert_moments CHECK (
        CASE status
            WHEN 'OPEN'         THEN num_nonnulls(acknowledged_at, resolved_at, resolution) = 0
            WHEN 'ACKNOWLEDGED' THEN acknowledged_at IS NOT NULL AND num_nonnulls(resolved_at, resolution, next_escalation_at) = 0
            WHEN 'RESOLVED'     THEN num_nulls(resolved_at, resolution) = 0 AND next_escalation_at IS NULL
        END)
);
COMMENT ON COLUMN alerts.alert.cause_id IS 'What it comes from in the end, and ends with: the order''s item of a result or a sample, the hold, the encounter of a rule.';
COMMENT ON COLUMN alerts.alert.level IS 'How often it has escalated.';
CREATE UNIQUE INDEX alert_once ON alerts.alert (tenant_id, kind, subject_id) WHERE status = 'OPEN';
CREATE INDEX alert_listed ON alerts.alert (tenant_id, facility_id, raised_at, id);
CREATE INDEX alert_open ON alerts.alert (tenant_id, facility_id, raised_at, id) WHERE status = 'OPEN';
CREATE INDEX alert_acknowledged ON alerts.alert (tenant_id, facility_id, raised_at, id) WHERE status = 'ACKNOWLEDGED';
CREATE INDEX alert_unresolved_cause ON alerts.alert (tenant_id, cause_id) WHERE status IN ('OPEN', 'ACKNOWLEDGED');
CREATE INDEX alert_of_encounter ON alerts.alert (tenant_id, encounter_id, raised_at, id) WHERE encounter_id IS NOT NULL;
CREATE INDEX alert_of_patient ON alerts.alert (tenant_id, patient_id, raised_at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX alert_due ON alerts.alert (next_escalation_at) WHERE next_escalation_at IS NOT NULL;
CALL hm.protect_tenant_table('alerts.alert', true, 'SELECT, INSERT, UPDATE');

-- Whom an alert is for, by level: a person, or whoever holds a role, belongs to a team, or is on duty for one of them at
-- the moment of asking.
CREATE TABLE alerts.target (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    facility_id uuid        NOT NULL,
    alert_id    uuid        NOT NULL,
    level       integer     NOT NULL,
    user_id     uuid,
    role        text        CHECK (length(role) BETWEEN 1 AND 60),
    team_id     uuid,
    on_duty     boolean     NOT NULL DEFAULT false,
    added_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alert (tenant_id, id),
    CONSTRAINT target_is_one CHECK (num_nonnulls(user_id, role, team_id) = 1)
);
COMMENT ON COLUMN alerts.target.on_duty IS 'Only those of the role or team who are on duty; all of it while nobody is.';
CREATE INDEX target_of_alert ON alerts.target (tenant_id, alert_id, level);
CALL hm.protect_tenant_table('alerts.target', true, 'SELECT, INSERT');
CALL hm.make_append_only('alerts.target');

CREATE TABLE alerts.history (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    alert_id      uuid        NOT NULL,
    act           text        NOT NULL CHECK (act IN ('raised', 'repeated', 'corrected', 'escalated', 'acknowledged', 'resolved')),
    at            timestamptz NOT NULL,
    by_id         uuid,
    note          text        CHECK (length(note) <= 2000),
    level         integer     NOT NULL,
    recipient_ids uuid[]      NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alert (tenant_id, id)
);
COMMENT ON COLUMN alerts.history.recipient_ids IS 'Who was told by this act, as roles, teams and duties were at that time.';
CREATE INDEX history_of_alert ON alerts.history (tenant_id, alert_id, at, id);
CALL hm.protect_tenant_table('alerts.history', true, 'SELECT, INSERT');
CALL hm.make_append_only('alerts.history');

CREATE TABLE alerts.policy (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    kind          text        NOT NULL CHECK (length(kind) BETWEEN 1 AND 210),
    severity      text        CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    steps         jsonb       NOT NULL,
    repeats       integer     NOT NULL CHECK (repeats BETWEEN 0 AND 100),
    version       integer     NOT NULL DEFAULT 1,
    updated_by_id uuid,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT policy_kind UNIQUE (tenant_id, kind)
);
COMMENT ON TABLE alerts.policy IS 'How a tenant escalates a kind of alert, in the place of the built-in policy.';
CALL hm.protect_tenant_table('alerts.policy', false, 'SELECT, INSERT, UPDATE');

CREATE TABLE alerts.team (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    facility_id uuid        NOT NULL,
    code        text        NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name        text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    is_active   boolean     NOT NULL DEFAULT true,
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT team_code UNIQUE (tenant_id, facility_id, code)
);
CALL hm.protect_tenant_table('alerts.team', true, 'SELECT, INSERT, UPDATE');

CREATE TABLE alerts.team_member (
    tenant_id   uuid NOT NULL,
    team_id     uuid NOT NULL,
    user_id     uuid NOT NULL,
    facility_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, team_id, user_id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES alerts.team (tenant_id, id)
);
CREATE INDEX team_member_user ON alerts.team_member (tenant_id, user_id);
CALL hm.protect_tenant_table('alerts.team_member', true, 'SELECT, INSERT, DELETE');

CREATE TABLE alerts.duty (
    tenant_id     uuid        NOT NULL,
    id            uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    role          text        CHECK (length(role) BETWEEN 1 AND 60),
    team_id       uuid,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    created_by_id uuid,
    version       integer     NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, team_id) REFERENCES alerts.team (tenant_id, id),
    CONSTRAINT duty_for_one CHECK (num_nonnulls(role, team_id) = 1),
    CONSTRAINT duty_lasts CHECK (ends_at > starts_at)
);
COMMENT ON TABLE alerts.duty IS 'Who answers for a role or a team at a time. Several may at once.';
CREATE INDEX duty_listed ON alerts.duty (tenant_id, facility_id, starts_at, id);
CREATE INDEX duty_ends ON alerts.duty (tenant_id, facility_id, ends_at);
CALL hm.protect_tenant_table('alerts.duty', true, 'SELECT, INSERT, UPDATE, DELETE');

-- What nobody has acknowledged in time, of every tenant: ids, for a job that goes through each in its own scope.
CREATE POLICY due ON alerts.alert FOR SELECT TO hm_owner USING (true);
-- +goose StatementBegin
CREATE FUNCTION alerts.due(at timestamptz, most integer) RETURNS TABLE (tenant_id uuid, facility_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT a.tenant_id, a.facility_id, a.id FROM alerts.alert a WHERE a.next_escalation_at <= at
    ORDER BY a.next_escalation_at LIMIT most
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION alerts.due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION alerts.due TO hm_app;
