-- +goose Up
-- What is asked of others for a patient: tests, images, medicines, procedures, therapies and whatever a pack adds.
CREATE SCHEMA orders;
GRANT USAGE ON SCHEMA orders TO hm_app;

CREATE TABLE orders.order (
    tenant_id       uuid        NOT NULL,
    facility_id     uuid        NOT NULL,
    id              uuid        NOT NULL,
    encounter_id    uuid        NOT NULL,
    patient_id      uuid        NOT NULL,
    pack            text        NOT NULL,
    order_type      text        NOT NULL CHECK (length(order_type) BETWEEN 1 AND 100),
    priority        text        NOT NULL CHECK (priority IN ('ROUTINE', 'URGENT', 'STAT')),
    status          text        NOT NULL CHECK (status IN ('CREATED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    note            text        CHECK (length(note) BETWEEN 1 AND 2000),
    ordered_by_id   uuid,
    completed_at    timestamptz,
    cancelled_at    timestamptz,
    cancelled_by_id uuid,
    cancel_reason   text        CHECK (length(cancel_reason) BETWEEN 1 AND 2000),
    version         integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT order_encounter FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    CONSTRAINT order_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient (tenant_id, id),
    CONSTRAINT order_moments CHECK (
        CASE status
            WHEN 'COMPLETED' THEN completed_at IS NOT NULL
            WHEN 'CANCELLED' THEN cancelled_at IS NOT NULL AND completed_at IS NULL
            ELSE num_nonnulls(completed_at, cancelled_at) = 0
        END),
    CONSTRAINT order_cancellation CHECK ((cancelled_at IS NULL) = (cancel_reason IS NULL))
);
COMMENT ON TABLE orders.order IS 'What somebody ordered for a patient at one go, of one order type. Its status follows from its items.';
COMMENT ON COLUMN orders.order.pack IS 'The pack of its encounter, whose catalogue the services were taken from.';
COMMENT ON COLUMN orders.order.cancelled_at IS 'When what was still open of it was cancelled; beside completed_at where a part was done by then.';

-- The list in its one order under each of its filters. What is under way is rare among what is over.
CREATE INDEX order_created ON orders.order (tenant_id, facility_id, created_at, id);
CREATE INDEX order_of_encounter ON orders.order (tenant_id, encounter_id, created_at, id);
CREATE INDEX order_of_patient ON orders.order (tenant_id, patient_id, created_at, id);
CREATE INDEX order_of_type ON orders.order (tenant_id, facility_id, order_type, created_at, id);
CREATE INDEX order_under_way ON orders.order (tenant_id, facility_id, created_at, id) WHERE status IN ('CREATED', 'IN_PROGRESS');
CREATE INDEX order_cancelled ON orders.order (tenant_id, facility_id, created_at, id) WHERE status = 'CANCELLED';
-- Whose order it is and what was asked for never change; a mistake is cancelled and ordered anew.
CALL hm.protect_tenant_table('orders.order', true,
    'SELECT, INSERT, UPDATE (status, completed_at, cancelled_at, cancelled_by_id, cancel_reason, version, updated_at)');

CREATE TABLE orders.item (
    tenant_id       uuid        NOT NULL,
    facility_id     uuid        NOT NULL,
    id              uuid        NOT NULL,
    order_id        uuid        NOT NULL,
    encounter_id    uuid        NOT NULL,
    patient_id      uuid        NOT NULL,
    place           integer     NOT NULL CHECK (place >= 0),
    order_type      text        NOT NULL,
    service_code    text        NOT NULL CHECK (service_code ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'),
    name            text        NOT NULL,
    panel_code      text        CHECK (panel_code ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'),
    priority        text        NOT NULL CHECK (priority IN ('ROUTINE', 'URGENT', 'STAT')),
    quantity        integer     NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
    instructions    text        CHECK (length(instructions) BETWEEN 1 AND 4000),
    data            jsonb       NOT NULL CHECK (jsonb_typeof(data) = 'object'),
    status          text        NOT NULL CHECK (status IN ('REQUESTED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    due_at          timestamptz,
    started_at      timestamptz,
    started_by_id   uuid,
    completed_at    timestamptz,
    completed_by_id uuid,
    cancelled_at    timestamptz,
    cancelled_by_id uuid,
    cancel_reason   text        CHECK (length(cancel_reason) BETWEEN 1 AND 2000),
    created_at      timestamptz NOT NULL,
    short_id        text        GENERATED ALWAYS AS (left(id::text, 8)) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT item_place UNIQUE (tenant_id, order_id, place),
    CONSTRAINT item_short_id UNIQUE (tenant_id, encounter_id, short_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders.order (tenant_id, id),
    CONSTRAINT item_moments CHECK (
        CASE status
            WHEN 'REQUESTED'   THEN num_nonnulls(started_at, completed_at, cancelled_at) = 0
            WHEN 'IN_PROGRESS' THEN started_at IS NOT NULL AND num_nonnulls(completed_at, cancelled_at) = 0
            WHEN 'COMPLETED'   THEN completed_at IS NOT NULL AND cancelled_at IS NULL
            WHEN 'CANCELLED'   THEN cancelled_at IS NOT NULL AND completed_at IS NULL
        END),
    CONSTRAINT item_cancellation CHECK ((cancelled_at IS NULL) = (cancel_reason IS NULL))
);
COMMENT ON TABLE orders.item IS 'One service of an order. A panel is ordered as the services it stands for.';
COMMENT ON COLUMN orders.item.id IS 'Random, unlike other ids: its first eight characters tell the tasks of items apart.';
COMMENT ON COLUMN orders.item.short_id IS 'The first eight characters of id, with which the codes of the item''s tasks end.';
COMMENT ON COLUMN orders.item.name IS 'The service''s name, in English, when it was ordered.';
CREATE INDEX item_of_patient ON orders.item (tenant_id, patient_id, created_at, id);
CALL hm.protect_tenant_table('orders.item', true,
    'SELECT, INSERT, UPDATE (status, started_at, started_by_id, completed_at, completed_by_id, cancelled_at, cancelled_by_id, cancel_reason)');
