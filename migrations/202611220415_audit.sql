-- +goose Up
-- The audit trail and what makes it tamper-evident: one Merkle tree (RFC 6962) per tenant, grown by the sealer behind
-- the writers, its root signed with a key that the database never sees.
CREATE SCHEMA audit;
GRANT USAGE ON SCHEMA audit TO hm_app;

CREATE TABLE audit.entry (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at           timestamptz NOT NULL CHECK (isfinite(at)),
    facility_id  uuid,
    actor_id     uuid,
    code         text        NOT NULL CHECK (code ~ '^[a-z]+\.[a-z_]+$'),
    entity_type  text        NOT NULL DEFAULT '',
    entity_id    uuid,
    patient_id   uuid,
    patient_ids  uuid[]      CHECK (array_ndims(patient_ids) = 1 AND cardinality(patient_ids) > 1 AND array_position(patient_ids, NULL) IS NULL),
    encounter_id uuid,
    outcome      text        NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
    request_id   text        NOT NULL DEFAULT '',
    origin       text        NOT NULL DEFAULT '',
    event_id     uuid,
    -- json, not jsonb: the very text that was written is what is sealed, whatever a later PostgreSQL makes of it.
    detail       json,
    PRIMARY KEY (tenant_id, id),
    CHECK (patient_id IS NULL OR patient_ids IS NULL)
);
COMMENT ON TABLE audit.entry IS 'Who did, saw or was refused what. Ids and facts, no names. Never changes; sealed within about a second.';
COMMENT ON COLUMN audit.entry.patient_ids IS 'The patients of a list, when there is more than one; audit.entry_patient finds them.';
CREATE INDEX entry_order ON audit.entry (tenant_id, xid, id);
-- Codes have no index: every entry would pay for it, and there are few of them, so that the newest of one are found soon.
CREATE INDEX entry_by_time ON audit.entry (tenant_id, at, id);
CREATE INDEX entry_by_actor ON audit.entry (tenant_id, actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX entry_by_entity ON audit.entry (tenant_id, entity_id, at, id) WHERE entity_id IS NOT NULL;
CREATE INDEX entry_by_patient ON audit.entry (tenant_id, patient_id, at, id) WHERE patient_id IS NOT NULL;
-- Not by_facility: an entry of the tenant as a whole has none. Rows of a facility are still held to it.
ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit.entry TO hm_app USING (
    tenant_id = (SELECT current_setting('app.tenant_id')::uuid)
    AND (facility_id IS NULL OR facility_id = (SELECT current_setting('app.facility_id')::uuid)
         OR (SELECT current_setting('app.tenant_wide')) = 'on'));
CREATE POLICY sealing ON audit.entry FOR SELECT TO hm_owner USING (true);
GRANT SELECT, INSERT ON audit.entry TO hm_app;
CALL hm.make_append_only('audit.entry');

-- Array operators are not leakproof, so row-level security would keep them from any index: the patients of a list get
-- a row each. No foreign key: it would lock and dirty every entry, and verifying compares the rows with patient_ids.
CREATE TABLE audit.entry_patient (
    tenant_id   uuid        NOT NULL,
    patient_id  uuid        NOT NULL,
    at          timestamptz NOT NULL,
    entry_id    uuid        NOT NULL,
    facility_id uuid,
    PRIMARY KEY (tenant_id, patient_id, at, entry_id)
);
COMMENT ON TABLE audit.entry_patient IS 'Finds the entries whose list showed a patient.';
ALTER TABLE audit.entry_patient ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entry_patient FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit.entry_patient TO hm_app USING (
    tenant_id = (SELECT current_setting('app.tenant_id')::uuid)
    AND (facility_id IS NULL OR facility_id = (SELECT current_setting('app.facility_id')::uuid)
         OR (SELECT current_setting('app.tenant_wide')) = 'on'));
GRANT SELECT, INSERT ON audit.entry_patient TO hm_app;
CALL hm.make_append_only('audit.entry_patient');

-- No foreign key to audit.entry either, for the same reasons: that a leaf has its entry is what verifying is for.
CREATE TABLE audit.leaf (
    tenant_id  uuid   NOT NULL,
    leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
    entry_id   uuid   NOT NULL,
    event_hash bytea  CHECK (length(event_hash) = 32),
    hashes     bytea  NOT NULL CHECK (length(hashes) >= 32 AND length(hashes) % 32 = 0),
    PRIMARY KEY (tenant_id, leaf_index),
    CONSTRAINT leaf_entry_key UNIQUE (tenant_id, entry_id)
);
COMMENT ON TABLE audit.leaf IS 'The tenant''s tree: one leaf per sealed entry, in the order of their transactions.';
COMMENT ON COLUMN audit.leaf.event_hash IS 'SHA-256 of the row of the event behind the entry, as it was when sealed.';
COMMENT ON COLUMN audit.leaf.hashes IS
    'The leaf''s hash, then those of the subtrees that this leaf completes, from the lowest: what tlog.StoredHashes gives.';
CALL hm.protect_tenant_table('audit.leaf', false, 'SELECT, INSERT');
CALL hm.make_append_only('audit.leaf');

CREATE TABLE audit.seal (
    tenant_id     uuid        NOT NULL,
    tree_size     bigint      NOT NULL CHECK (tree_size > 0),
    root_hash     bytea       NOT NULL CHECK (length(root_hash) = 32),
    sealed_at     timestamptz NOT NULL CHECK (isfinite(sealed_at)),
    last_xid      xid8        NOT NULL,
    last_entry_id uuid        NOT NULL,
    previous_hash bytea       NOT NULL CHECK (length(previous_hash) = 32),
    signature     bytea       NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (tenant_id, tree_size)
);
COMMENT ON TABLE audit.seal IS 'Signed roots of the tenant''s tree. Each names the hash of the one before, so that none can be taken out.';
CALL hm.protect_tenant_table('audit.seal', false, 'SELECT, INSERT');
CALL hm.make_append_only('audit.seal');
CREATE POLICY sealing ON audit.seal FOR SELECT TO hm_owner USING (true);

-- Which trees have something to seal. It crosses tenants and so is a definer function, and gives nothing but their ids.
-- One index probe per tenant: the newest seal says how far its tree reaches. Only transactions below the snapshot's
-- xmin count: a later commit with a smaller xid cannot exist, so no entry is ever skipped.
-- +goose StatementBegin
CREATE FUNCTION audit.unsealed_tenants() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH RECURSIVE tenant (id) AS (
        (SELECT e.tenant_id FROM audit.entry e ORDER BY e.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.tenant_id FROM audit.entry e WHERE e.tenant_id > t.id ORDER BY e.tenant_id LIMIT 1)
        FROM tenant t WHERE t.id IS NOT NULL
    )
    SELECT t.id FROM tenant t
    LEFT JOIN LATERAL (
        SELECT s.last_xid, s.last_entry_id FROM audit.seal s WHERE s.tenant_id = t.id ORDER BY s.tree_size DESC LIMIT 1
    ) s ON true
    WHERE t.id IS NOT NULL AND EXISTS (
        SELECT FROM audit.entry e
        WHERE e.tenant_id = t.id AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
          AND (e.xid, e.id) > (coalesce(s.last_xid, '0'), coalesce(s.last_entry_id, '00000000-0000-0000-0000-000000000000')))
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION audit.unsealed_tenants FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.unsealed_tenants TO hm_app;
