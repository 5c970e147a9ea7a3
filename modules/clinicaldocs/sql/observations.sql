-- name: InsertObservations :exec
-- All that one document says, in one statement. Values are a JSON list of the columns' names.
INSERT INTO clinicaldocs.observation (tenant_id, id, facility_id, patient_id, encounter_id, source, document_id, field, code, system,
    value_number, value_text, value_code, value_date, value_boolean, unit, at)
SELECT @tenant_id::uuid, (v->>'id')::uuid, @facility_id::uuid, @patient_id::uuid, @encounter_id::uuid, @source::text, @document_id::uuid,
    v->>'field', v->>'code', v->>'system', (v->>'value_number')::double precision, v->>'value_text', v->>'value_code',
    (v->>'value_date')::date, (v->>'value_boolean')::boolean, v->>'unit', @at::timestamptz
FROM jsonb_array_elements(@observed::jsonb) AS v;

-- name: DeleteObservations :exec
DELETE FROM clinicaldocs.observation WHERE tenant_id = @tenant_id AND document_id = @document_id;

-- name: LatestObservations :many
-- The newest of each code of a patient.
SELECT DISTINCT ON (code, system) * FROM clinicaldocs.observation
WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND patient_id = @patient_id AND at >= @since
ORDER BY code DESC, system DESC, at DESC, id DESC;

-- name: FirstOfChain :one
SELECT created_at FROM clinicaldocs.document WHERE tenant_id = @tenant_id AND facility_id = @facility_id AND id = @chain_id;

-- name: CurrentPayload :one
-- The newest version of the document of a template that was finalised last for the patient, before the encounter or in it.
SELECT d.id, d.payload, d.created_at FROM clinicaldocs.latest l
JOIN clinicaldocs.document d ON d.tenant_id = l.tenant_id AND d.id = l.document_id
WHERE l.tenant_id = @tenant_id AND l.facility_id = @facility_id AND l.patient_id = @patient_id AND l.template_code = @template_code
    AND d.pack = @pack
ORDER BY l.finalized_at DESC, l.document_id DESC LIMIT 1;
