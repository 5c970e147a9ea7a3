-- +goose Up
-- What every module stands on: the procedure that puts a tenant's table behind row-level security, the trigger
-- that makes a table append-only, the event table and the answers kept for idempotency keys.

CREATE SCHEMA hm;
GRANT USAGE ON SCHEMA hm TO hm_app;

CREATE TABLE hm.installation (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    secret      bytea,
    fingerprint bytea NOT NULL
);
COMMENT ON TABLE hm.installation IS
    'The secret every node derives its keys from, unless it is kept outside (then NULL), and its fingerprint, by which a node finds out that it was given another. The application''s role reads the fingerprint only.';
GRANT SELECT (fingerprint) ON hm.installation TO hm_app;

-- +goose StatementBegin
CREATE FUNCTION hm.tenant_id() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT current_setting('app.tenant_id')::uuid $$;
-- +goose StatementEnd
COMMENT ON FUNCTION hm.tenant_id() IS 'The tenant of this transaction; an error when none was set.';

-- +goose StatementBegin
CREATE PROCEDURE hm.protect_tenant_table(target regclass, by_facility boolean, privileges text)
LANGUAGE plpgsql AS $$
DECLARE
    visible text := 'tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid)';
BEGIN
    -- The wrapped SELECT is evaluated once per statement, not once per row.
    IF by_facility THEN
        visible := visible || ' AND (facility_id = (SELECT current_setting(''app.facility_id'')::uuid)'
            || ' OR (SELECT current_setting(''app.tenant_wide'')) = ''on'')';
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant ON %s TO hm_app USING (%s) WITH CHECK (%s)', target, visible, visible);
    EXECUTE format('GRANT %s ON %s TO hm_app', privileges, target);
END
$$;
-- +goose StatementEnd
COMMENT ON PROCEDURE hm.protect_tenant_table IS
    'Row-level security by tenant (and facility), forced, and the privileges of the application. Every tenant table calls it.';

-- +goose StatementBegin
CREATE FUNCTION hm.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: its rows never change', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE PROCEDURE hm.make_append_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION hm.refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change()', target);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM hm_app', target);
END
$$;
-- +goose StatementEnd

CREATE SCHEMA events;
GRANT USAGE ON SCHEMA events TO hm_app;

CREATE TABLE events.event (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
    name         text        NOT NULL CHECK (name ~ '^[a-z]+\.[a-z_]+\.v[0-9]+$'),
    facility_id  uuid,
    entity       text        NOT NULL,
    entity_id    uuid        NOT NULL,
    patient_id   uuid,
    encounter_id uuid,
    actor_id     uuid,
    request_id   text        NOT NULL DEFAULT '',
    occurred_at  timestamptz NOT NULL,
    payload      jsonb       NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE events.event IS
    'What happened, in the transaction in which it happened: the outbox, the timeline and the source of live refresh. Ids and facts, no names.';
CREATE INDEX event_tail ON events.event (xid, id);
CREATE INDEX event_encounter ON events.event (tenant_id, encounter_id, occurred_at, id) WHERE encounter_id IS NOT NULL;
CREATE INDEX event_entity ON events.event (tenant_id, entity_id, occurred_at, id);
-- Not by_facility: an event of the tenant as a whole has none. Rows of a facility are still held to it.
ALTER TABLE events.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE events.event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON events.event TO hm_app USING (
    tenant_id = (SELECT current_setting('app.tenant_id')::uuid)
    AND (facility_id IS NULL OR facility_id = (SELECT current_setting('app.facility_id')::uuid)
         OR (SELECT current_setting('app.tenant_wide')) = 'on'));
CREATE POLICY tail ON events.event FOR SELECT TO hm_owner USING (true);
GRANT SELECT, INSERT ON events.event TO hm_app;
CALL hm.make_append_only('events.event');

-- The relay and live refresh follow every tenant's events. A definer function, so that the application's role
-- itself never can: it gives keys and the payload, to code that sets each event's own scope before acting on it.
-- Only transactions below the snapshot's xmin: a later commit with a smaller xid cannot exist, so none is skipped.
-- +goose StatementBegin
CREATE FUNCTION events.tail(after_xid xid8, after_id uuid, max_rows integer)
RETURNS SETOF events.event LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT * FROM events.event e
    WHERE (e.xid, e.id) > (after_xid, after_id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY e.xid, e.id LIMIT max_rows
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION events.tail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.tail TO hm_app;

CREATE TABLE events.relay (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    xid      xid8 NOT NULL,
    id       uuid NOT NULL
);
COMMENT ON TABLE events.relay IS 'How far the relay has turned events into jobs. One row; its lock elects the relaying node.';
INSERT INTO events.relay (xid, id) VALUES ('0', '00000000-0000-0000-0000-000000000000');
GRANT SELECT, UPDATE ON events.relay TO hm_app;

CREATE TABLE events.delivery (
    tenant_id    uuid        NOT NULL,
    event_id     uuid        NOT NULL,
    subscriber   text        NOT NULL,
    delivered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_id, subscriber)
);
COMMENT ON TABLE events.delivery IS 'Which subscriber has acted on which event, written with its effects: a second delivery finds the row and does nothing.';
CALL hm.protect_tenant_table('events.delivery', false, 'SELECT, INSERT, DELETE');

CREATE SCHEMA httpx;
GRANT USAGE ON SCHEMA httpx TO hm_app;

CREATE TABLE httpx.idempotency (
    tenant_id    uuid        NOT NULL,
    facility_id  uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    method       text        NOT NULL,
    path         text        NOT NULL,
    key          text        NOT NULL CHECK (length(key) <= 200),
    request_hash bytea       NOT NULL,
    status       integer     NOT NULL,
    etag         text        NOT NULL DEFAULT '',
    body         bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, facility_id, user_id, method, path, key)
);
COMMENT ON TABLE httpx.idempotency IS 'Answers kept for 24 hours, written in the transaction of the act they answer.';
CREATE INDEX idempotency_created_at ON httpx.idempotency (created_at);
CALL hm.protect_tenant_table('httpx.idempotency', false, 'SELECT, INSERT, UPDATE');
CREATE POLICY expiry ON httpx.idempotency TO hm_owner USING (true);

-- +goose StatementBegin
CREATE FUNCTION httpx.expire_idempotency(before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH gone AS (DELETE FROM httpx.idempotency WHERE created_at < before RETURNING 1) SELECT count(*) FROM gone
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION httpx.expire_idempotency FROM PUBLIC;
GRANT EXECUTE ON FUNCTION httpx.expire_idempotency TO hm_app;
