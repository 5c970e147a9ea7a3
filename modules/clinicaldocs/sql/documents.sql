-- name: InsertFinal :exec
INSERT INTO clinicaldocs.document (tenant_id, facility_id, id, chain_id, version, status, draft_id, encounter_id, patient_id, pack,
    template_code, template_version, payload, computed, summary, author_id, created_at)
VALUES (@tenant_id, @facility_id, @id, @id, 1, 'FINAL', @draft_id::uuid, @encounter_id, @patient_id, @pack,
    @template_code, @template_version, @payload, @computed, @summary, @author_id, @now);

-- name: InsertAmended :exec
-- Of two amendments of one version, document_supersedes_once lets the first pass.
INSERT INTO clinicaldocs.document (tenant_id, facility_id, id, chain_id, version, status, supersedes_id, encounter_id, patient_id, pack,
    template_code, template_version, payload, computed, summary, author_id, reason, created_at)
VALUES (@tenant_id, @facility_id, @id, @chain_id, @version, 'AMENDED', @supersedes_id::uuid, @encounter_id, @patient_id, @pack,
    @template_code, @template_version, @payload, @computed, @summary, @author_id, @reason::text, @now);

-- name: NoteFinal :exec
-- The document finalised last counts, also when two arrive at once.
INSERT INTO clinicaldocs.latest AS l (tenant_id, facility_id, encounter_id, template_code, patient_id, document_id, finalized_at)
VALUES (@tenant_id, @facility_id, @encounter_id, @template_code, @patient_id, @document_id, @now)
ON CONFLICT (tenant_id, encounter_id, template_code) DO UPDATE
SET document_id = excluded.document_id, finalized_at = excluded.finalized_at
WHERE (excluded.finalized_at, excluded.document_id) > (l.finalized_at, l.document_id);

-- name: NoteAmended :exec
-- An amendment takes the place of what it supersedes; it does not make an older document the latest again.
UPDATE clinicaldocs.latest SET document_id = @document_id
WHERE tenant_id = @tenant_id AND encounter_id = @encounter_id AND template_code = @template_code AND document_id = @supersedes_id;

-- name: GetRecord :one
SELECT * FROM clinicaldocs.record WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @id;

-- name: DocumentOfDraft :one
SELECT r.* FROM clinicaldocs.record r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id
    AND r.id = (SELECT d.id FROM clinicaldocs.document d WHERE d.tenant_id = @tenant_id AND d.draft_id = @draft_id::uuid);

-- name: History :many
-- The chain of a document, or of what a draft became, oldest first; a draft that became nothing yet is alone.
SELECT r.* FROM clinicaldocs.record r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.id = ANY(ARRAY(
    SELECT c.id FROM clinicaldocs.document c
    WHERE c.tenant_id = @tenant_id AND c.chain_id = (
        SELECT d.chain_id FROM clinicaldocs.document d WHERE d.tenant_id = @tenant_id AND d.id = @id
        UNION ALL
        SELECT f.chain_id FROM clinicaldocs.document f WHERE f.tenant_id = @tenant_id AND f.draft_id = @id::uuid)
    UNION ALL
    SELECT t.id FROM clinicaldocs.draft t WHERE t.tenant_id = @tenant_id AND t.id = @id AND t.finalized_at IS NULL))
ORDER BY r.version;

-- name: LatestOfEncounter :many
-- One per template: the document finalised last, or with drafts whichever is newer of it and the author's own draft.
SELECT r.* FROM clinicaldocs.record r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.id = ANY(ARRAY(
    SELECT DISTINCT ON (c.template_code) c.id FROM (
        SELECT l.template_code, l.document_id AS id, l.finalized_at AS at FROM clinicaldocs.latest l
        WHERE l.tenant_id = @tenant_id AND l.facility_id = @facility_id AND l.encounter_id = @encounter_id
        UNION ALL
        SELECT t.template_code, t.id, t.updated_at FROM clinicaldocs.draft t
        WHERE @include_drafts::boolean AND t.tenant_id = @tenant_id AND t.facility_id = @facility_id AND t.encounter_id = @encounter_id
            AND t.author_id = @author_id AND t.finalized_at IS NULL AND t.discarded_at IS NULL) c
    WHERE @template_code::text = '' OR c.template_code = @template_code::text
    ORDER BY c.template_code, c.at DESC, c.id DESC))
ORDER BY r.template_code;

-- name: LatestOfPatient :many
-- As LatestOfEncounter, over all encounters of the patient in this facility.
SELECT r.* FROM clinicaldocs.record r
WHERE r.tenant_id = @tenant_id AND r.facility_id = @facility_id AND r.id = ANY(ARRAY(
    SELECT DISTINCT ON (c.template_code) c.id FROM (
        SELECT l.template_code, l.document_id AS id, l.finalized_at AS at FROM clinicaldocs.latest l
        WHERE l.tenant_id = @tenant_id AND l.facility_id = @facility_id AND l.patient_id = @patient_id
        UNION ALL
        SELECT t.template_code, t.id, t.updated_at FROM clinicaldocs.draft t
        WHERE @include_drafts::boolean AND t.tenant_id = @tenant_id AND t.facility_id = @facility_id AND t.patient_id = @patient_id
            AND t.author_id = @author_id AND t.finalized_at IS NULL AND t.discarded_at IS NULL) c
    WHERE @template_code::text = '' OR c.template_code = @template_code::text
    ORDER BY c.template_code, c.at DESC, c.id DESC))
ORDER BY r.template_code;

-- name: TemplatesOfEncounter :many
-- Drafts of every author: whoever closes an encounter must know of all that was begun.
SELECT l.template_code, false AS is_draft FROM clinicaldocs.latest l
WHERE l.tenant_id = @tenant_id AND l.facility_id = @facility_id AND l.encounter_id = @encounter_id
UNION
SELECT t.template_code, true FROM clinicaldocs.draft t
WHERE t.tenant_id = @tenant_id AND t.facility_id = @facility_id AND t.encounter_id = @encounter_id
    AND t.finalized_at IS NULL AND t.discarded_at IS NULL
ORDER BY template_code, is_draft;

-- name: DocumentsAfter :many
-- For the backfill, over all facilities of the tenant.
SELECT id, facility_id, status, version, supersedes_id, draft_id, encounter_id, patient_id, template_code, template_version, author_id, created_at
FROM clinicaldocs.document WHERE tenant_id = @tenant_id AND id > @after ORDER BY id LIMIT @max_rows;
