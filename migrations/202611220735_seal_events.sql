-- +goose Up
-- An event's row is itself an entry of the audit trail: it is no longer copied into audit.entry, which keeps what has no
-- event. The sealer follows both tables behind the writers, in one order for all tenants, and does in bulk what each
-- writer paid for with indexes and a row per leaf.

ALTER TABLE events.event ADD COLUMN origin text;
COMMENT ON COLUMN events.event.origin IS
    'Network address of the caller, empty for work of the system. NULL on events outside the trail: those of earlier versions, for which a copy in audit.entry stands, and history that was loaded.';
-- Names are held to their shape where they are declared. Nothing but the audit trail looked for events by entity.
ALTER TABLE events.event DROP CONSTRAINT event_name_check;
DROP INDEX events.event_entity;

CREATE INDEX entry_tail ON audit.entry (xid, id);
DROP INDEX audit.entry_order;
DROP INDEX audit.entry_by_time;
DROP INDEX audit.entry_by_actor;
DROP INDEX audit.entry_by_entity;
DROP INDEX audit.entry_by_patient;
DROP FUNCTION audit.unsealed_tenants;

-- security_invoker: the reader's own row-level security holds, not that of the view's owner.
CREATE VIEW audit.record WITH (security_invoker = true) AS
    SELECT e.tenant_id, e.id, e.xid, e.at, e.facility_id, e.actor_id, e.code, e.entity_type, e.entity_id, e.patient_id, e.patient_ids,
        e.encounter_id, e.outcome, e.request_id, e.origin, e.event_id, e.detail, NULL::text AS event_name
    FROM audit.entry e
    UNION ALL
    SELECT v.tenant_id, v.id, v.xid, v.occurred_at, v.facility_id, v.actor_id, left(rtrim(v.name, '0123456789'), -2), v.entity, v.entity_id, v.patient_id,
        NULL::uuid[], v.encounter_id, 'ok', v.request_id, v.origin, v.id, v.payload::json, v.name
    FROM events.event v WHERE v.origin IS NOT NULL;
COMMENT ON VIEW audit.record IS 'The audit trail: every event, and every entry of what has no event.';
GRANT SELECT ON audit.record TO hm_app;

-- What the sealer reads. Only transactions below the snapshot's xmin: a later commit with a smaller xid cannot exist,
-- so nothing is skipped. It crosses tenants and so is a definer function; each row is then sealed in its own tenant.
-- +goose StatementBegin
CREATE FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer)
RETURNS SETOF audit.record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT * FROM audit.record r
    WHERE (r.xid, r.id) > (after_xid, after_id) AND r.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY r.xid, r.id LIMIT max_rows
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION audit.tail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.tail TO hm_app;

CREATE TABLE audit.sealer (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    xid      xid8   NOT NULL,
    id       uuid   NOT NULL,
    behind   uuid[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE audit.sealer IS
    'How far the trails of all tenants are sealed, but for the tenants behind, whose trees were found broken. One row.';
-- From the beginning: what was sealed before is found as such, and can then be looked up by what it is about.
INSERT INTO audit.sealer (xid, id) VALUES ('0', '00000000-0000-0000-0000-000000000000');
GRANT SELECT, UPDATE ON audit.sealer TO hm_app;

-- A leaf was a row with two index entries; now those of one seal are a row. Earlier ones stay in audit.leaf, to which
-- nothing is added: a node of an earlier version must not seal beside this one, since it knows of no events.
REVOKE INSERT ON audit.leaf FROM hm_app;
CREATE TABLE audit.batch (
    tenant_id    uuid   NOT NULL,
    first_leaf   bigint NOT NULL CHECK (first_leaf >= 0),
    record_ids   bytea  NOT NULL CHECK (length(record_ids) > 0 AND length(record_ids) % 16 = 0),
    event_hashes bytea  CHECK (length(event_hashes) = 2 * length(record_ids)),
    hashes       bytea  NOT NULL,
    PRIMARY KEY (tenant_id, first_leaf)
);
COMMENT ON TABLE audit.batch IS 'The tenant''s tree: the leaves of one seal, in the order of their transactions.';
COMMENT ON COLUMN audit.batch.event_hashes IS
    'For entries that are copies of events: SHA-256 of the event''s row as it was when sealed, 32 zero bytes for every other; NULL when there are none.';
COMMENT ON COLUMN audit.batch.hashes IS 'For each leaf its hash, then those of the subtrees it completes, from the lowest: what tlog.StoredHashes gives.';
-- Hashes and ids do not compress, and one of them can be read out of its place.
ALTER TABLE audit.batch ALTER COLUMN record_ids SET STORAGE EXTERNAL, ALTER COLUMN event_hashes SET STORAGE EXTERNAL, ALTER COLUMN hashes SET STORAGE EXTERNAL;
CALL hm.protect_tenant_table('audit.batch', false, 'SELECT, INSERT');
CALL hm.make_append_only('audit.batch');
-- Which seal, and so which batch, has a record of a certain place.
CREATE INDEX seal_place ON audit.seal (tenant_id, last_xid, last_entry_id);

-- Made by the sealer for many records at once: an index on each table would cost every writer. No foreign key: it would
-- lock and dirty every record, and verifying compares the rows with what they stand for. audit.entry_patient, which this
-- replaces, stays for nodes of earlier versions.
CREATE TABLE audit.mention (
    tenant_id  uuid        NOT NULL,
    subject_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    record_id  uuid        NOT NULL,
    PRIMARY KEY (tenant_id, subject_id, at, record_id)
);
COMMENT ON TABLE audit.mention IS
    'Finds records of the trail by whom and what they are about: the actor, the entity, each patient; and by their facility, whose id then has version 8, or the zero id for those of the tenant as a whole.';
CALL hm.protect_tenant_table('audit.mention', false, 'SELECT, INSERT');
CALL hm.make_append_only('audit.mention');
