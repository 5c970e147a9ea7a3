-- +goose Up
-- History that is loaded is in the trail after all: what a load leaves is what the acts would have left.
COMMENT ON COLUMN events.event.origin IS
    'Network address of the caller, empty for work of the system. NULL on events of earlier versions, for which a copy in audit.entry stands in the trail.';
