-- +goose Up
-- The laboratory works on when the patient has gone home: closing an encounter leaves its tasks as they are, and they
-- may still move. Only cancelling the encounter, or what was ordered, ends them.
ALTER TABLE tasks.task ADD COLUMN outlives_encounter boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tasks.task.outlives_encounter IS 'Work of the laboratory: closing the encounter does not end it, cancelling does.';
