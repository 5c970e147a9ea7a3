package patients

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/patients/internal/names"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

// DuplicatesInput is what is known so far of the person about to be registered.
type DuplicatesInput struct {
	FullName    string     `query:"full_name"`
	DateOfBirth clock.Date `query:"date_of_birth" format:"date"`
	Phone       string     `query:"phone"`
}

// Duplicate is a patient who may be that person.
type Duplicate struct {
	Patient
	Score   float64  `json:"score" minimum:"0" maximum:"1" doc:"How likely it is the same person"`
	Reasons []string `json:"reasons" nullable:"false" doc:"same_name, similar_name, same_phone, same_date_of_birth, day_and_month_swapped, year_off_by_one, similar_age"`
}

// Duplicates is the answer: at most ten, likeliest first.
type Duplicates struct {
	Results []Duplicate `json:"results" nullable:"false"`
}

// AuditSubject makes the reading of the records audited.
func (d Duplicates) AuditSubject() httpx.Subject {
	return httpx.Page[Duplicate]{Results: d.Results}.AuditSubject()
}

// What speaks for one person, or against. A name alone, if it is spelt alike, is worth a hint; a phone alone is not,
// since families share one; nor is a day of birth.
const (
	weightName          = 0.5 // times the names' similarity
	weightPhone         = 0.3
	weightBirth         = 0.35
	weightBirthSwapped  = 0.28
	weightBirthOffByOne = 0.22
	weightAge           = 0.15
	weightOtherBirth    = -0.3
	worthAHint          = 0.4

	similarName = 0.5 // below it, names are of two people
	similarAge  = 2   // years, where either date is estimated

	maxDuplicates = 10
	maxCandidates = 60
)

// Duplicates tells who may already be the person about to be registered. It is meant to be asked while the form is
// being filled in: any of its parts may be missing.
func (m *Module) Duplicates(ctx context.Context, q db.DBTX, in DuplicatesInput) (Duplicates, error) {
	answer := Duplicates{Results: []Duplicate{}}
	in.FullName, in.Phone = strings.TrimSpace(in.FullName), strings.TrimSpace(in.Phone)
	if len(in.FullName) > longestQuestion {
		in.FullName = strings.ToValidUTF8(in.FullName[:longestQuestion], "")
	}
	scope, _ := db.ScopeOf(ctx)
	asked := askAlike(scope.FacilityID, in.FullName, in.Phone, closeBirths(in.DateOfBirth))
	if len(asked.words) == 0 && len(asked.codes) == 0 {
		return answer, nil
	}
	params := asked.params()
	params.TenantID, params.FacilityID, params.MaxRows = scope.TenantID, scope.FacilityID, maxCandidates
	candidates, err := patientsdb.New(q).SearchPatients(ctx, params)
	if err != nil {
		return answer, err
	}
	for _, row := range candidates {
		patient, err := present(row.PatientsPatient)
		if err != nil {
			return answer, err
		}
		if score, reasons := likeness(in, patient); score >= worthAHint {
			answer.Results = append(answer.Results, Duplicate{patient, score, reasons})
		}
	}
	// Equal likenesses keep the order of the search.
	slices.SortStableFunc(answer.Results, func(a, b Duplicate) int { return cmp.Compare(b.Score, a.Score) })
	answer.Results = answer.Results[:min(len(answer.Results), maxDuplicates)]
	return answer, nil
}

// likeness weighs what is known against a patient.
func likeness(in DuplicatesInput, p Patient) (score float64, reasons []string) {
	if in.FullName != "" {
		switch alike := names.Similarity(in.FullName, p.FullName); {
		case alike == 1:
			score, reasons = weightName, append(reasons, "same_name")
		case alike >= similarName:
			score, reasons = weightName*alike, append(reasons, "similar_name")
		}
	}
	if digits := phoneDigits(in.Phone); p.Phone != nil && len(digits) >= shortestPhone+2 && digits == phoneDigits(*p.Phone) {
		score, reasons = score+weightPhone, append(reasons, "same_phone")
	}
	if p.DateOfBirth != nil && in.DateOfBirth != (clock.Date{}) {
		weight, reason := birthLikeness(in.DateOfBirth, *p.DateOfBirth, p.BirthDateEstimated)
		score += weight
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	return math.Round(max(0, min(score, 1))*100) / 100, reasons
}

func birthLikeness(a, b clock.Date, estimated bool) (weight float64, reason string) {
	years := a.Year - b.Year
	switch {
	case a == b:
		return weightBirth, "same_date_of_birth"
	case years == 0 && int(a.Month) == b.Day && a.Day == int(b.Month):
		return weightBirthSwapped, "day_and_month_swapped"
	case (years == 1 || years == -1) && a.Month == b.Month && a.Day == b.Day:
		return weightBirthOffByOne, "year_off_by_one"
	case estimated && max(years, -years) <= similarAge:
		return weightAge, "similar_age"
	}
	return weightOtherBirth, ""
}

// closeBirths are the days that a day of birth is often mistaken for.
func closeBirths(born clock.Date) []clock.Date {
	if born == (clock.Date{}) {
		return nil
	}
	days := []clock.Date{born, {Year: born.Year - 1, Month: born.Month, Day: born.Day}, {Year: born.Year + 1, Month: born.Month, Day: born.Day}}
	if born.Day <= 12 {
		days = append(days, clock.Date{Year: born.Year, Month: time.Month(born.Day), Day: int(born.Month)})
	}
	return days
}
