-- +goose Up
-- Row-level security takes coalesce() for something that could tell on other rows, and reads a whole index rather than
-- asking it for a range of one. Plain columns it asks: the undated are a range of their own, after all others.
DROP INDEX tasks.task_due;
DROP INDEX tasks.task_to_do;
CREATE INDEX task_due ON tasks.task (tenant_id, facility_id, due_at, id);
CREATE INDEX task_to_do ON tasks.task (tenant_id, facility_id, due_at, id) WHERE status IN ('OPEN', 'IN_PROGRESS');

-- What is rare among many: a search for it would else go through all that is done.
CREATE INDEX task_code ON tasks.task (tenant_id, facility_id, code, created_at, id);
CREATE INDEX task_cancelled ON tasks.task (tenant_id, facility_id, created_at, id) WHERE status = 'CANCELLED';
CREATE INDEX encounter_cancelled ON encounters.encounter (tenant_id, facility_id, created_at, id) WHERE status = 'CANCELLED';
CREATE INDEX encounter_type_created ON encounters.encounter (tenant_id, facility_id, encounter_type, created_at, id);
