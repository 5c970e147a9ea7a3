-- +goose Up
-- Rules on results order further tests and vouch for what needs no person.
ALTER TABLE rules.firing DROP CONSTRAINT firing_effect_check;
ALTER TABLE rules.firing ADD CONSTRAINT firing_effect_check CHECK (effect IN
    ('block', 'warn', 'require_reason', 'open_task', 'raise_alert', 'notify', 'order_tests', 'auto_verify'));
ALTER TABLE rules.firing DROP CONSTRAINT firing_outcome_check;
ALTER TABLE rules.firing ADD CONSTRAINT firing_outcome_check CHECK (outcome IN
    ('warned', 'overridden', 'task_opened', 'task_open_already', 'task_not_opened', 'alert_recorded', 'alert_raised', 'notification_recorded', 'tests_ordered',
     'auto_verified'));
