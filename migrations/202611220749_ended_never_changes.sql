-- +goose Up
-- What is over stays as it is, whatever the code that asks: the acts refuse it already, this refuses plain SQL too.

-- +goose StatementBegin
CREATE FUNCTION encounters.refuse_change_of_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an encounter that is closed or cancelled never changes' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
-- The condition is looked at before the function is called, so an encounter under way pays nothing for it.
CREATE TRIGGER ended BEFORE UPDATE ON encounters.encounter FOR EACH ROW
    WHEN (OLD.status IN ('CLOSED', 'CANCELLED')) EXECUTE FUNCTION encounters.refuse_change_of_ended();

-- +goose StatementBegin
CREATE FUNCTION tasks.refuse_change_of_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a task that is cancelled, or whose encounter is over, never changes' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
-- A task that was cancelled by itself is still told that its encounter is over.
CREATE TRIGGER ended BEFORE UPDATE ON tasks.task FOR EACH ROW
    WHEN (OLD.encounter_over OR OLD.status = 'CANCELLED' AND NEW.status <> 'CANCELLED') EXECUTE FUNCTION tasks.refuse_change_of_ended();
