-- +goose Up
-- A rule may ask for a task that waits to be done already: then none was opened, and none is missing.
ALTER TABLE rules.firing DROP CONSTRAINT firing_outcome_check;
ALTER TABLE rules.firing ADD CONSTRAINT firing_outcome_check CHECK (outcome IN
    ('warned', 'overridden', 'task_opened', 'task_open_already', 'task_not_opened', 'alert_recorded', 'notification_recorded'));

-- And it may ask again for one that was called off: the code it goes by is what the gate of a close looks for, so the
-- same row opens anew. Nothing else comes of a cancelled task.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION tasks.refuse_change_of_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a task that is cancelled only opens anew, and one whose encounter is over never changes' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
DROP TRIGGER ended ON tasks.task;
CREATE TRIGGER ended BEFORE UPDATE ON tasks.task FOR EACH ROW
    WHEN (OLD.encounter_over OR OLD.status = 'CANCELLED' AND NEW.status NOT IN ('CANCELLED', 'OPEN')) EXECUTE FUNCTION tasks.refuse_change_of_ended();
