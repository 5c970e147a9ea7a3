-- name: CurrentEdition :one
SELECT * FROM repertory.edition WHERE tenant_id = @tenant_id;

-- name: ReplaceEdition :exec
-- The row is held until the end of the transaction: of two imports at once one comes after the other.
INSERT INTO repertory.edition (tenant_id, id, source, rubrics, remedies, gradings, imported_at)
VALUES (@tenant_id, @id, @source, @rubrics, @remedies, @gradings, @now)
ON CONFLICT (tenant_id) DO UPDATE SET id = excluded.id, source = excluded.source, rubrics = excluded.rubrics,
    remedies = excluded.remedies, gradings = excluded.gradings, imported_at = excluded.imported_at;

-- name: DeleteGradings :exec
DELETE FROM repertory.grading WHERE tenant_id = @tenant_id;

-- name: DeleteRubrics :exec
DELETE FROM repertory.rubric WHERE tenant_id = @tenant_id;

-- name: DeleteRemedies :exec
DELETE FROM repertory.remedy WHERE tenant_id = @tenant_id;

-- name: Remedies :many
SELECT * FROM repertory.remedy WHERE tenant_id = @tenant_id ORDER BY number;

-- name: Rubrics :many
SELECT * FROM repertory.rubric WHERE tenant_id = @tenant_id ORDER BY place;

-- name: Gradings :many
SELECT * FROM repertory.grading WHERE tenant_id = @tenant_id ORDER BY place, remedy;
