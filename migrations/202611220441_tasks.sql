-- +goose Up
CREATE SCHEMA tasks;
GRANT USAGE ON SCHEMA tasks TO hm_app;

CREATE TABLE tasks.task (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    facility_id     uuid        NOT NULL,
    encounter_id    uuid        NOT NULL,
    patient_id      uuid        NOT NULL,
    code            text        NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,99}$'),
    title           text        NOT NULL CHECK (length(title) BETWEEN 1 AND 1000),
    status          text        NOT NULL CHECK (status IN ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
    assigned_to_id  uuid,
    due_at          timestamptz,
    assigned_at     timestamptz,
    started_at      timestamptz,
    completed_at    timestamptz,
    cancelled_at    timestamptz,
    created_by_id   uuid,
    assigned_by_id  uuid,
    started_by_id   uuid,
    completed_by_id uuid,
    cancelled_by_id uuid,
    encounter_over  boolean     NOT NULL DEFAULT false,
    version         integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT task_encounter_code UNIQUE (tenant_id, encounter_id, code),
    CONSTRAINT task_encounter FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    CONSTRAINT task_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id),
    -- A status without the moments that lead to it cannot be said.
    CONSTRAINT task_moments CHECK (
        CASE status
            WHEN 'OPEN'        THEN num_nonnulls(started_at, completed_at, cancelled_at) = 0
            WHEN 'IN_PROGRESS' THEN started_at IS NOT NULL AND num_nonnulls(completed_at, cancelled_at) = 0
            WHEN 'DONE'        THEN num_nulls(started_at, completed_at) = 0 AND cancelled_at IS NULL
            WHEN 'CANCELLED'   THEN cancelled_at IS NOT NULL AND completed_at IS NULL
        END),
    CONSTRAINT task_assignment CHECK ((assigned_to_id IS NULL) = (assigned_at IS NULL))
);
COMMENT ON TABLE tasks.task IS 'What someone still has to do, or did, for an encounter. One row per encounter and code.';
COMMENT ON COLUMN tasks.task.encounter_over IS 'The encounter is closed or cancelled: the task stands as it is, and every answer''s actions say so.';

-- The queue of a facility in its two orders; rows still to be done are few beside those that are over.
CREATE INDEX task_created ON tasks.task (tenant_id, facility_id, created_at, id);
CREATE INDEX task_due ON tasks.task (tenant_id, facility_id, coalesce(due_at, 'infinity'), id);
CREATE INDEX task_to_do ON tasks.task (tenant_id, facility_id, coalesce(due_at, 'infinity'), id) WHERE status IN ('OPEN', 'IN_PROGRESS');
CREATE INDEX task_assignee ON tasks.task (tenant_id, assigned_to_id, created_at, id) WHERE assigned_to_id IS NOT NULL;
CALL hm.protect_tenant_table('tasks.task', true, 'SELECT, INSERT, UPDATE');
