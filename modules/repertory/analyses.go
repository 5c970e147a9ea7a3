package repertory

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

var errInvalid = errs.Invalid("repertory.invalid", "The analysis has faults; see errors.")

// AnalyseInput is a case.
type AnalyseInput struct {
	Body struct {
		Rubrics []CaseRubric `json:"rubrics" nullable:"false" minItems:"1" maxItems:"100"`
		Method  string       `json:"method,omitempty" enum:"total,coverage,small_rubrics" default:"total"`
		Most    int          `json:"most,omitempty" minimum:"1" maximum:"1000" default:"100" doc:"How many remedies, and how many excluded ones, to answer with"`
	}
}

// CaseRubric is a rubric that fits the patient.
type CaseRubric struct {
	RubricID  uuid.UUID `json:"rubric_id" format:"uuid"`
	Weight    int       `json:"weight,omitempty" minimum:"1" maximum:"4" default:"1" doc:"How much it counts"`
	Eliminate bool      `json:"eliminate,omitempty" doc:"Exclude remedies that it lacks"`
}

// Analysis is what the rubrics of a case come to.
type Analysis struct {
	Method   string           `json:"method" enum:"total,coverage,small_rubrics"`
	Remedies []WeighedRemedy  `json:"remedies" nullable:"false" doc:"The best first"`
	Rubrics  []WeighedRubric  `json:"rubrics" nullable:"false" doc:"As they were sent"`
	Excluded []ExcludedRemedy `json:"excluded" nullable:"false" doc:"Remedies that an eliminating rubric lacks, those first that would have ranked best"`
}

// WeighedRemedy is a remedy over the rubrics.
type WeighedRemedy struct {
	Remedy       string  `json:"remedy"`
	Abbreviation string  `json:"abbreviation"`
	Total        float64 `json:"total" doc:"By the method; rounded to four decimals"`
	Coverage     int     `json:"coverage" doc:"How many of the rubrics know it"`
	Grades       []int   `json:"grades" nullable:"false" doc:"In the order of the rubrics; 0 where one lacks it"`
}

// ExcludedRemedy is a remedy that cannot be the one.
type ExcludedRemedy struct {
	WeighedRemedy
	Lacks []uuid.UUID `json:"lacks" nullable:"false" doc:"The eliminating rubrics that lack it"`
}

// WeighedRubric is a rubric of the case.
type WeighedRubric struct {
	Rubric
	Weight    int  `json:"weight"`
	Eliminate bool `json:"eliminate"`
}

// Analyse weighs remedies over the rubrics of a case.
func (m *Module) Analyse(ctx context.Context, tx db.Tx, in AnalyseInput) (Analysis, error) {
	b, _, err := m.shelf.of(ctx, tx, tx.Scope().TenantID)
	if err != nil {
		return Analysis{}, err
	}
	if b == nil {
		return Analysis{}, errNotFound.At("body.rubrics[0].rubric_id", "There is no such rubric.")
	}
	method, most := cmp.Or(in.Body.Method, methodTotal), cmp.Or(in.Body.Most, 100)
	analysis := Analysis{Method: method, Remedies: []WeighedRemedy{}, Rubrics: []WeighedRubric{}, Excluded: []ExcludedRemedy{}}
	rubrics, seen := make([]chosen, len(in.Body.Rubrics)), map[uuid.UUID]bool{}
	unknown, twice := errNotFound, errInvalid
	for i, r := range in.Body.Rubrics {
		at := fmt.Sprintf("body.rubrics[%d].rubric_id", i)
		place, known := b.byID[r.RubricID]
		switch {
		case !known:
			unknown = unknown.At(at, "There is no such rubric.")
			continue
		case seen[r.RubricID]:
			twice = twice.At(at, "Is in the case already.")
		}
		seen[r.RubricID] = true
		weight := cmp.Or(r.Weight, 1)
		rubrics[i] = chosen{gradings: b.gradingsOf(place), weight: weight, eliminate: r.Eliminate}
		analysis.Rubrics = append(analysis.Rubrics, WeighedRubric{b.show(place), weight, r.Eliminate})
	}
	for _, faults := range []*errs.Error{unknown, twice} {
		if len(faults.Fields) > 0 {
			return Analysis{}, faults
		}
	}
	ranked, excluded := analyse(rubrics, len(b.remedies), method)
	for _, w := range ranked[:min(len(ranked), most)] {
		analysis.Remedies = append(analysis.Remedies, b.weighed(w))
	}
	for _, w := range excluded[:min(len(excluded), most)] {
		shown := ExcludedRemedy{WeighedRemedy: b.weighed(w), Lacks: make([]uuid.UUID, len(w.lacks))}
		for i, place := range w.lacks {
			shown.Lacks[i] = in.Body.Rubrics[place].RubricID
		}
		analysis.Excluded = append(analysis.Excluded, shown)
	}
	return analysis, nil
}

func (b *book) weighed(w weighed) WeighedRemedy {
	r := b.remedies[w.remedy]
	return WeighedRemedy{Remedy: r.name, Abbreviation: r.abbreviation, Total: w.total, Coverage: w.coverage, Grades: w.grades}
}
