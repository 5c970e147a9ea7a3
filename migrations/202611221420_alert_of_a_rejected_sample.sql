-- +goose Up
-- Who acknowledges a critical result must read that its sample was rejected meanwhile.
ALTER TABLE alerts.history DROP CONSTRAINT history_act_check;
ALTER TABLE alerts.history ADD CONSTRAINT history_act_check
    CHECK (act IN ('raised', 'repeated', 'corrected', 'sample_rejected', 'escalated', 'acknowledged', 'resolved'));
