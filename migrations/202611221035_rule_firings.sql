-- +goose Up
CREATE TABLE rules.firing (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    facility_id  uuid        NOT NULL,
    encounter_id uuid        NOT NULL,
    patient_id   uuid        NOT NULL,
    moment       text        NOT NULL CHECK (length(moment) BETWEEN 1 AND 64),
    rule         text        NOT NULL CHECK (length(rule) BETWEEN 1 AND 200),
    pack         text        NOT NULL CHECK (length(pack) BETWEEN 1 AND 64),
    pack_version text        NOT NULL CHECK (length(pack_version) BETWEEN 1 AND 64),
    effect       text        NOT NULL CHECK (effect IN ('block', 'warn', 'require_reason', 'open_task', 'raise_alert', 'notify')),
    severity     text        NOT NULL CHECK (severity IN ('info', 'warning', 'safety')),
    outcome      text        NOT NULL CHECK (outcome IN
        ('warned', 'overridden', 'task_opened', 'task_not_opened', 'alert_recorded', 'notification_recorded')),
    message      text        NOT NULL,
    reason       text        CHECK (length(reason) BETWEEN 1 AND 1000),
    failure      text        CHECK (failure IN ('missing_fact', 'cost_limit', 'error')),
    facts        jsonb       NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    actor_id     uuid,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- Who passes a rule that holds back says why, and nobody else does.
    CONSTRAINT firing_reason CHECK ((outcome = 'overridden') = (reason IS NOT NULL)),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id)
);
COMMENT ON TABLE rules.firing IS
    'Every rule that fired on an act that passed: what it asked, why, and what became of it. An act that was refused is undone with all its rows; its rules stand in the audit trail.';
-- Lists are newest first: of the facility, of an encounter, of a patient, of a rule.
CREATE INDEX firing_newest ON rules.firing (tenant_id, facility_id, at, id);
CREATE INDEX firing_of_encounter ON rules.firing (tenant_id, facility_id, encounter_id, at, id);
CREATE INDEX firing_of_patient ON rules.firing (tenant_id, facility_id, patient_id, at, id);
CREATE INDEX firing_of_rule ON rules.firing (tenant_id, facility_id, rule, at, id);
CALL hm.protect_tenant_table('rules.firing', true, 'SELECT, INSERT');
CALL hm.make_append_only('rules.firing');
