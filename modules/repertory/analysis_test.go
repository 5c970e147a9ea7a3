package repertory

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The remedies of the worked examples, by number.
const (
	acon = iota
	ars
	bry
	puls
	sulph
	remediesOfExamples
)

// told writes ranks as "ars 15 2/3": the remedy, its total, how many rubrics know it.
func told(list []weighed, rubrics int) string {
	names := []string{"acon", "ars", "bry", "puls", "sulph"}
	var all []string
	for _, w := range list {
		all = append(all, fmt.Sprintf("%s %g %d/%d", names[w.remedy], w.total, w.coverage, rubrics))
	}
	return strings.Join(all, ", ")
}

// Worked by hand. Fear of death: acon 3, ars 3. Thirst for small quantities: ars 3, bry 1. Restlessness: acon 3, ars 2,
// sulph 1. N is 5.
func TestWorkedExamples(t *testing.T) {
	t.Parallel()
	fear, thirst, restless := []grading{{acon, 3}, {ars, 3}}, []grading{{ars, 3}, {bry, 1}}, []grading{{acon, 3}, {ars, 2}, {sulph, 1}}
	warm := []grading{{puls, 3}, {sulph, 3}, {acon, 1}}
	everything := []grading{{acon, 1}, {ars, 1}, {bry, 1}, {puls, 1}, {sulph, 1}}
	for name, c := range map[string]struct {
		rubrics          []chosen
		method           string
		ranked, excluded string
	}{
		"the sum of grades": {
			[]chosen{{fear, 1, false}, {thirst, 1, false}, {restless, 1, false}}, methodTotal,
			"ars 8 3/3, acon 6 2/3, bry 1 1/3, sulph 1 1/3", "",
		},
		// acon 2x3+1x3 = 9; ars 2x3+4x3+1x2 = 20; bry 4x1; sulph 1.
		"weights multiply": {
			[]chosen{{fear, 2, false}, {thirst, 4, false}, {restless, 1, false}}, methodTotal,
			"ars 20 3/3, acon 9 2/3, bry 4 1/3, sulph 1 1/3", "",
		},
		// sulph 4x3+1 = 13 of two, puls 12 of one; acon 4x1+3+3 = 10 of three, ars 5 of two.
		"the total before the coverage": {
			[]chosen{{warm, 4, false}, {fear, 1, false}, {restless, 1, false}}, methodTotal,
			"sulph 13 2/3, puls 12 1/3, acon 10 3/3, ars 5 2/3", "",
		},
		"the coverage before the total": {
			[]chosen{{warm, 4, false}, {fear, 1, false}, {restless, 1, false}}, methodCoverage,
			"acon 10 3/3, sulph 13 2/3, ars 5 2/3, puls 12 1/3", "",
		},
		"an equal total goes to the wider one": {
			[]chosen{{[]grading{{acon, 2}, {ars, 1}}, 1, false}, {[]grading{{ars, 1}, {bry, 1}}, 1, false}}, methodTotal,
			"ars 2 2/2, acon 2 1/2, bry 1 1/2", "",
		},
		"an eliminating rubric": {
			[]chosen{{fear, 1, false}, {thirst, 1, true}, {restless, 1, false}}, methodTotal,
			"ars 8 3/3, bry 1 1/3", "acon 6 2/3, sulph 1 1/3",
		},
		"two that no remedy shares": {
			[]chosen{{warm, 1, true}, {thirst, 1, true}}, methodTotal,
			"", "ars 3 1/2, puls 3 1/2, sulph 3 1/2, acon 1 1/2, bry 1 1/2",
		},
		// ln(5/2) = 0.916291, ln(5/3) = 0.510826, ln(5/5) = 0. ars 3x0.916291+2x3x0.916291+2x0.510826 = 9.268271;
		// acon 3x0.916291+3x0.510826 = 4.281349; bry 2x0.916291 = 1.832582; sulph 0.510826; puls only in the rubric of all.
		"small rubrics count": {
			[]chosen{{fear, 1, false}, {thirst, 2, false}, {restless, 1, false}, {everything, 4, false}}, methodSmallRubrics,
			"ars 9.2683 4/4, acon 4.2813 3/4, bry 1.8326 2/4, sulph 0.5108 2/4, puls 0 1/4", "",
		},
		"a rubric without remedies": {[]chosen{{nil, 3, false}, {fear, 1, false}}, methodSmallRubrics, "acon 2.7489 1/2, ars 2.7489 1/2", ""},
		"and eliminating":           {[]chosen{{nil, 3, true}, {fear, 1, false}}, methodTotal, "", "acon 3 1/2, ars 3 1/2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ranked, excluded := analyse(c.rubrics, remediesOfExamples, c.method)
			if got := told(ranked, len(c.rubrics)); got != c.ranked {
				t.Errorf("ranked   %s\nwant     %s", got, c.ranked)
			}
			if got := told(excluded, len(c.rubrics)); got != c.excluded {
				t.Errorf("excluded %s\nwant     %s", got, c.excluded)
			}
		})
	}
}

// An analysis says of each remedy what a table of all of them says, cell by cell.
func TestAnAnalysisIsTheTableItStandsFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const remedies = 12
		rubrics := make([]chosen, rapid.IntRange(1, 8).Draw(t, "rubrics"))
		table := make([][]int, len(rubrics))
		for i := range rubrics {
			rubrics[i].weight, rubrics[i].eliminate = rapid.IntRange(1, 4).Draw(t, "weight"), rapid.IntRange(0, 4).Draw(t, "eliminate") == 0
			table[i] = rapid.SliceOfN(rapid.IntRange(0, 3), remedies, remedies).Draw(t, "grades")
			for number, grade := range table[i] {
				if grade > 0 {
					rubrics[i].gradings = append(rubrics[i].gradings, grading{int32(number), int32(grade)})
				}
			}
		}
		method := rapid.SampledFrom([]string{methodTotal, methodCoverage, methodSmallRubrics}).Draw(t, "method")
		ranked, excluded := analyse(rubrics, remedies, method)
		seen := map[int32]bool{}
		for i, w := range append(ranked[:len(ranked):len(ranked)], excluded...) {
			total, coverage, lacks := 0.0, 0, 0
			for j, r := range rubrics {
				grade := table[j][w.remedy]
				if w.grades[j] != grade {
					t.Fatalf("remedy %d has %d in rubric %d, the table %d", w.remedy, w.grades[j], j, grade)
				}
				worth := float64(r.weight * grade)
				if method == methodSmallRubrics && grade > 0 {
					worth *= math.Log(remedies / float64(len(r.gradings)))
				}
				total += worth
				if grade > 0 {
					coverage++
				} else if r.eliminate {
					lacks++
				}
			}
			if math.Abs(w.total-total) > 1e-4 || w.coverage != coverage || len(w.lacks) != lacks || (lacks > 0) != (i >= len(ranked)) || coverage == 0 || seen[w.remedy] {
				t.Fatalf("remedy %d is told as %+v; the table says %g, %d, %d", w.remedy, w, total, coverage, lacks)
			}
			seen[w.remedy] = true
		}
		for number := range int32(remedies) {
			known := false
			for j := range rubrics {
				known = known || table[j][number] > 0
			}
			if known != seen[number] {
				t.Fatalf("remedy %d: in the table %t, told %t", number, known, seen[number])
			}
		}
	})
}
