package repertory

import (
	"context"
	"io"
	"path"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/repertory/internal/repertorydb"
	"hmsoftware.com/hm/modules/repertory/repertoryapi"
)

// Import replaces the repertory of tx's tenant by a file's; all of it, or nothing changes. Source is the file's name.
// Progress is told, in words, how far it has come. A file with faults is a *FileFaults.
func (m *Module) Import(ctx context.Context, tx db.Tx, r io.Reader, source string, progress func(line string, rubrics int)) (repertoryapi.Imported, error) {
	read, err := parse(r, func(rubrics int) { progress("read", rubrics) })
	if err != nil {
		return repertoryapi.Imported{}, err
	}
	tenantID, queries := tx.Scope().TenantID, repertorydb.New(tx)
	abbreviations := read.abbreviations()
	made := repertoryapi.Imported{EditionID: id.New(), Rubrics: len(read.rubrics), Remedies: len(abbreviations)}
	for _, r := range read.rubrics {
		made.Gradings += len(r.grades)
	}
	err = queries.ReplaceEdition(ctx, repertorydb.ReplaceEditionParams{
		TenantID: tenantID, ID: made.EditionID, Source: sourceName(source), Rubrics: int32(made.Rubrics), Remedies: int32(made.Remedies), //nolint:gosec // bounded by parse
		Gradings: int32(made.Gradings), Now: tx.Now(), //nolint:gosec // bounded by parse
	})
	if err != nil {
		return repertoryapi.Imported{}, err
	}
	for _, remove := range []func(context.Context, uuid.UUID) error{queries.DeleteGradings, queries.DeleteRubrics, queries.DeleteRemedies} {
		if err := remove(ctx, tenantID); err != nil {
			return repertoryapi.Imported{}, err
		}
	}
	if err := write(ctx, tx, read, abbreviations, func(rubrics int) { progress("written", rubrics) }); err != nil {
		return repertoryapi.Imported{}, err
	}
	return made, m.bus.Publish(ctx, tx, made)
}

// batch is how many rows travel in one statement.
const batch = 20_000

func write(ctx context.Context, tx db.Tx, read parsed, abbreviations []string, progress func(rubrics int)) error {
	tenantID := tx.Scope().TenantID
	numbers, remedies := make(map[string]int32, len(abbreviations)), make([]repertorydb.RepertoryRemedy, len(abbreviations))
	for i, abbreviation := range abbreviations {
		numbers[abbreviation] = int32(i)                                                                                                            //nolint:gosec // bounded by parse
		remedies[i] = repertorydb.RepertoryRemedy{TenantID: tenantID, Number: int32(i), Abbreviation: abbreviation, Name: read.names[abbreviation]} //nolint:gosec // bounded by parse
	}
	if err := db.InsertRows(ctx, tx, "repertory.remedy", remedies); err != nil {
		return err
	}
	var rubrics []repertorydb.RepertoryRubric
	var gradings []repertorydb.RepertoryGrading
	for i, r := range read.rubrics {
		place := int32(i) //nolint:gosec // bounded by parse
		row := repertorydb.RepertoryRubric{TenantID: tenantID, Place: place, ID: rubricID(tenantID, r), Chapter: r.chapter, Path: r.path}
		if r.see != "" {
			row.See = &r.see
		}
		rubrics = append(rubrics, row)
		first := len(gradings)
		for abbreviation, grade := range r.grades {
			gradings = append(gradings, repertorydb.RepertoryGrading{TenantID: tenantID, Place: place, Remedy: numbers[abbreviation], Grade: int32(grade)}) //nolint:gosec // at most 5
		}
		slices.SortFunc(gradings[first:], func(a, b repertorydb.RepertoryGrading) int { return int(a.Remedy - b.Remedy) })
		last := i == len(read.rubrics)-1
		if len(rubrics) >= batch || last {
			if err := db.InsertRows(ctx, tx, "repertory.rubric", rubrics); err != nil {
				return err
			}
			rubrics = rubrics[:0]
		}
		if len(gradings) >= batch || last {
			if err := db.InsertRows(ctx, tx, "repertory.grading", gradings); err != nil {
				return err
			}
			gradings = gradings[:0]
			progress(i + 1)
		}
	}
	return nil
}

// rubricID is the same for the same rubric of a tenant, in every edition.
func rubricID(tenantID uuid.UUID, r parsedRubric) uuid.UUID {
	return id.Derived("repertory.rubric", tenantID.String(), r.reference, r.chapter, r.path)
}

// sourceName is the file's own name, without the folders that it lay in.
func sourceName(source string) string {
	name := []rune(path.Base(source))
	return string(name[:min(len(name), longestName)])
}
