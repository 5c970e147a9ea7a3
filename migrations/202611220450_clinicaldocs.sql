-- +goose Up
-- Clinical documents. What is unfinished and what is part of the record are two tables, since a grant cannot tell
-- rows apart: a draft may change, a document never.
CREATE SCHEMA clinicaldocs;
GRANT USAGE ON SCHEMA clinicaldocs TO hm_app;

CREATE TABLE clinicaldocs.draft (
    tenant_id        uuid        NOT NULL,
    facility_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    encounter_id     uuid        NOT NULL,
    patient_id       uuid        NOT NULL,
    pack             text        NOT NULL,
    template_code    text        NOT NULL,
    template_version text        NOT NULL,
    payload          jsonb       NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    computed         jsonb       NOT NULL CHECK (jsonb_typeof(computed) = 'object'),
    summary          text        NOT NULL,
    author_id        uuid        NOT NULL,
    idempotency_key  text        CHECK (length(idempotency_key) BETWEEN 1 AND 200),
    request_hash     bytea,
    version          integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    encounter_open   boolean     NOT NULL DEFAULT true,
    finalized_at     timestamptz,
    discarded_at     timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    -- The same key of the same author on the same encounter is the same draft, however many ask at once.
    CONSTRAINT draft_idempotency_key UNIQUE (tenant_id, encounter_id, author_id, idempotency_key),
    CHECK ((idempotency_key IS NULL) = (request_hash IS NULL)),
    CHECK (finalized_at IS NULL OR discarded_at IS NULL),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id)
);
COMMENT ON TABLE clinicaldocs.draft IS
    'Documents being written. A draft belongs to its author and changes until it is finalised or discarded; then it stays as it was.';
COMMENT ON COLUMN clinicaldocs.draft.pack IS 'The pack that owns the template, in which its versions stay for ever.';
COMMENT ON COLUMN clinicaldocs.draft.encounter_open IS 'False once the encounter ended: what was not finalised by then can only be discarded.';
CREATE INDEX draft_of_encounter ON clinicaldocs.draft (tenant_id, encounter_id, created_at, id) WHERE finalized_at IS NULL AND discarded_at IS NULL;
CREATE INDEX draft_of_patient ON clinicaldocs.draft (tenant_id, patient_id, created_at, id) WHERE finalized_at IS NULL AND discarded_at IS NULL;
-- Whose draft it is, of which encounter and template, is no column the application may write twice.
CALL hm.protect_tenant_table('clinicaldocs.draft', true,
    'SELECT, INSERT, UPDATE (payload, computed, summary, version, encounter_open, finalized_at, discarded_at, updated_at)');

-- +goose StatementBegin
CREATE FUNCTION clinicaldocs.refuse_change_of_finished_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finalized_at IS NOT NULL OR OLD.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a draft that was finalised or discarded never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER finished BEFORE UPDATE ON clinicaldocs.draft
    FOR EACH ROW EXECUTE FUNCTION clinicaldocs.refuse_change_of_finished_draft();
CREATE TRIGGER never_deleted BEFORE DELETE ON clinicaldocs.draft
    FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();

CREATE TABLE clinicaldocs.document (
    tenant_id        uuid        NOT NULL,
    facility_id      uuid        NOT NULL,
    id               uuid        NOT NULL,
    chain_id         uuid        NOT NULL,
    version          integer     NOT NULL CHECK (version > 0),
    status           text        NOT NULL CHECK (status IN ('FINAL', 'AMENDED')),
    supersedes_id    uuid,
    draft_id         uuid,
    encounter_id     uuid        NOT NULL,
    patient_id       uuid        NOT NULL,
    pack             text        NOT NULL,
    template_code    text        NOT NULL,
    template_version text        NOT NULL,
    payload          jsonb       NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    computed         jsonb       NOT NULL CHECK (jsonb_typeof(computed) = 'object'),
    summary          text        NOT NULL,
    author_id        uuid        NOT NULL,
    reason           text        CHECK (length(reason) BETWEEN 1 AND 1000),
    created_at       timestamptz NOT NULL,
    previous_version integer     GENERATED ALWAYS AS (CASE WHEN version > 1 THEN version - 1 END) STORED,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT document_place_in_chain UNIQUE (tenant_id, chain_id, version),
    CONSTRAINT document_supersedes_once UNIQUE (tenant_id, supersedes_id),
    CONSTRAINT document_of_draft_once UNIQUE (tenant_id, draft_id),
    -- What a later version must share with the one it supersedes.
    CONSTRAINT document_identity UNIQUE (tenant_id, id, chain_id, version, encounter_id, template_code),
    FOREIGN KEY (tenant_id, supersedes_id, chain_id, previous_version, encounter_id, template_code)
        REFERENCES clinicaldocs.document (tenant_id, id, chain_id, version, encounter_id, template_code),
    FOREIGN KEY (tenant_id, draft_id) REFERENCES clinicaldocs.draft (tenant_id, id),
    FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter (tenant_id, id),
    CHECK (CASE status
        WHEN 'FINAL' THEN version = 1 AND chain_id = id AND supersedes_id IS NULL AND draft_id IS NOT NULL AND reason IS NULL
        ELSE version > 1 AND chain_id <> id AND supersedes_id IS NOT NULL AND draft_id IS NULL AND reason IS NOT NULL END)
);
COMMENT ON TABLE clinicaldocs.document IS
    'The record: FINAL rows, each made of a draft, and the AMENDED rows that supersede them one after the other. Chains cannot fork or skip; no row ever changes.';
CREATE INDEX document_of_encounter ON clinicaldocs.document (tenant_id, encounter_id, created_at, id);
CREATE INDEX document_of_patient ON clinicaldocs.document (tenant_id, patient_id, created_at, id);
CALL hm.protect_tenant_table('clinicaldocs.document', true, 'SELECT, INSERT');
CALL hm.make_append_only('clinicaldocs.document');

CREATE TABLE clinicaldocs.latest (
    tenant_id     uuid        NOT NULL,
    facility_id   uuid        NOT NULL,
    encounter_id  uuid        NOT NULL,
    template_code text        NOT NULL,
    patient_id    uuid        NOT NULL,
    document_id   uuid        NOT NULL,
    finalized_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, encounter_id, template_code),
    FOREIGN KEY (tenant_id, document_id) REFERENCES clinicaldocs.document (tenant_id, id)
);
COMMENT ON TABLE clinicaldocs.latest IS
    'Per encounter and template the document finalised last, in its newest version. Kept in the transaction that writes the document.';
CREATE INDEX latest_of_patient ON clinicaldocs.latest (tenant_id, patient_id, template_code, finalized_at DESC, document_id DESC);
CALL hm.protect_tenant_table('clinicaldocs.latest', true, 'SELECT, INSERT, UPDATE (document_id, finalized_at)');

-- security_invoker: the reader's own row-level security holds, not that of the view's owner.
CREATE VIEW clinicaldocs.record WITH (security_invoker = true) AS
SELECT d.tenant_id, d.facility_id, d.id, d.chain_id, d.version, d.status, d.supersedes_id, d.encounter_id, d.patient_id, d.pack,
    d.template_code, d.template_version, d.payload, d.computed, d.summary, d.author_id, d.reason, d.created_at,
    s.id AS superseded_by_id, (s.id IS NULL)::boolean AS is_current, false AS encounter_open
FROM clinicaldocs.document d
LEFT JOIN clinicaldocs.document s ON s.tenant_id = d.tenant_id AND s.supersedes_id = d.id
UNION ALL
SELECT t.tenant_id, t.facility_id, t.id, t.id, t.version, 'DRAFT', NULL, t.encounter_id, t.patient_id, t.pack,
    t.template_code, t.template_version, t.payload, t.computed, t.summary, t.author_id, NULL, t.created_at,
    f.id, (t.finalized_at IS NULL)::boolean, t.encounter_open
FROM clinicaldocs.draft t
LEFT JOIN clinicaldocs.document f ON f.tenant_id = t.tenant_id AND f.draft_id = t.id
WHERE t.discarded_at IS NULL;
COMMENT ON VIEW clinicaldocs.record IS 'Drafts and documents in one shape. superseded_by_id is the next version, or what a draft was finalised as; is_current says that there is none, in words an index knows.';
GRANT SELECT ON clinicaldocs.record TO hm_app;
