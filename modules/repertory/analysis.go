package repertory

import (
	"cmp"
	"math"
	"slices"
)

// The methods by which remedies are weighed.
const (
	methodTotal        = "total"
	methodCoverage     = "coverage"
	methodSmallRubrics = "small_rubrics"
)

// chosen is a rubric of a case: what it counts, and whether a remedy must be in it.
type chosen struct {
	gradings  []grading
	weight    int
	eliminate bool
}

// weighed is a remedy over the rubrics of a case.
type weighed struct {
	remedy   int32
	total    float64
	coverage int
	// grades in the order of the rubrics; 0 where a rubric lacks the remedy.
	grades []int
	// lacks are the eliminating rubrics that lack it, by their places in the case.
	lacks []int
}

// analyse weighs every remedy that any rubric knows, the best first, and those apart that an eliminating rubric lacks.
// Of a repertory of so many remedies. With the method small_rubrics a rubric that all remedies share says nothing, and
// one that few have says much; logarithms are natural.
func analyse(rubrics []chosen, remedies int, method string) (ranked, excluded []weighed) {
	totals, coverage := make([]float64, remedies), make([]int, remedies)
	for _, r := range rubrics {
		worth := float64(r.weight)
		if method == methodSmallRubrics && len(r.gradings) > 0 {
			worth *= math.Log(float64(remedies) / float64(len(r.gradings)))
		}
		for _, g := range r.gradings {
			totals[g.remedy] += worth * float64(g.grade)
			coverage[g.remedy]++
		}
	}
	at := make([]int32, remedies) // where a remedy stands among those that are known, counted from one
	var known []weighed
	for number, n := range coverage {
		if n > 0 {
			known = append(known, weighed{remedy: int32(number), total: rounded(totals[number]), coverage: n, grades: make([]int, len(rubrics))}) //nolint:gosec // few remedies
			at[number] = int32(len(known))                                                                                                        //nolint:gosec // few remedies
		}
	}
	for i, r := range rubrics {
		for _, g := range r.gradings {
			known[at[g.remedy]-1].grades[i] = int(g.grade)
		}
	}
	for _, w := range known {
		for i, r := range rubrics {
			if r.eliminate && w.grades[i] == 0 {
				w.lacks = append(w.lacks, i)
			}
		}
		if len(w.lacks) > 0 {
			excluded = append(excluded, w)
		} else {
			ranked = append(ranked, w)
		}
	}
	order := func(a, b weighed) int {
		byTotal, byCoverage := cmp.Compare(b.total, a.total), cmp.Compare(b.coverage, a.coverage)
		if method == methodCoverage {
			byTotal, byCoverage = byCoverage, byTotal
		}
		return cmp.Or(byTotal, byCoverage, cmp.Compare(a.remedy, b.remedy))
	}
	slices.SortFunc(ranked, order)
	slices.SortFunc(excluded, order)
	return ranked, excluded
}

// rounded to four decimals, so that the order does not hang on the last bit of a logarithm.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
