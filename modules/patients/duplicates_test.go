package patients_test

import (
	"context"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/patients"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	born := func(text string) clock.Date {
		if text == "" {
			return clock.Date{}
		}
		return date(t, text)
	}
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		register(ctx, t, tx, m, person("Lakshmi Narayanan", func(in *patients.RegisterInput) {
			in.Body.DateOfBirth, in.Body.Phone = sent(date(t, "1985-03-07")), sent("+91 98765 43210")
		}))
		register(ctx, t, tx, m, person("Mohammed Rafi", func(in *patients.RegisterInput) { in.Body.AgeYears = sent(40) }))
		register(ctx, t, tx, m, person("Lakshmi Menon"))
		for _, c := range []struct {
			why, name, born, phone string
			first                  string
			reasons                []string
			least, most            float64
		}{
			{"all the same", "Lakshmi Narayanan", "1985-03-07", "9876543210", "Lakshmi Narayanan", []string{"same_name", "same_phone", "same_date_of_birth"}, 1, 1},
			{"other spelling", "Laxmi Narayanan", "1985-03-07", "", "Lakshmi Narayanan", []string{"similar_name", "same_date_of_birth"}, 0.75, 0.85},
			{"other script", "लक्ष्मी नारायणन", "", "9876543210", "Lakshmi Narayanan", []string{"similar_name", "same_phone"}, 0.6, 0.8},
			{"other order", "Narayanan Lakshmi", "", "", "Lakshmi Narayanan", []string{"same_name"}, 0.5, 0.5},
			{"day and month", "Lakshmi Narayanan", "1985-07-03", "", "Lakshmi Narayanan", []string{"same_name", "day_and_month_swapped"}, 0.7, 0.85},
			{"a year off", "Lakshmi Narayanan", "1986-03-07", "", "Lakshmi Narayanan", []string{"same_name", "year_off_by_one"}, 0.7, 0.75},
			{"about the age", "Muhammad Rafi", "1987-01-01", "", "Mohammed Rafi", []string{"similar_name", "similar_age"}, 0.5, 0.65},
			{"birth and half a name", "Laxmi", "1985-03-07", "", "Lakshmi Narayanan", []string{"similar_name", "same_date_of_birth"}, 0.6, 0.65},
			{"phone and birth", "Somebody Else", "1985-03-07", "9876543210", "Lakshmi Narayanan", []string{"same_phone", "same_date_of_birth"}, 0.6, 0.7},
			{"a brother", "Suresh Narayanan", "", "9876543210", "", nil, 0, 0},
			{"a family's phone", "Somebody Else", "", "9876543210", "", nil, 0, 0},
			{"another's birth", "Lakshmi Narayanan", "2001-01-01", "", "", nil, 0, 0},
			{"another name", "Suresh Gupta", "", "", "", nil, 0, 0},
			{"nothing yet", "", "", "", "", nil, 0, 0},
			{"a birth alone", "", "1985-03-07", "", "", nil, 0, 0},
		} {
			answer, err := m.Duplicates(ctx, tx, patients.DuplicatesInput{FullName: c.name, DateOfBirth: born(c.born), Phone: c.phone})
			if err != nil {
				t.Fatalf("%s: %v", c.why, err)
			}
			if c.first == "" {
				if len(answer.Results) > 0 {
					t.Errorf("%s: hints at %s, %v", c.why, answer.Results[0].FullName, answer.Results[0].Reasons)
				}
				continue
			}
			if len(answer.Results) == 0 {
				t.Errorf("%s: no hint", c.why)
				continue
			}
			got := answer.Results[0]
			if got.FullName != c.first || !slices.Equal(got.Reasons, c.reasons) || got.Score < c.least || got.Score > c.most {
				t.Errorf("%s: %s, %v, %v", c.why, got.FullName, got.Score, got.Reasons)
			}
			if len(answer.AuditSubject().PatientIDs) != len(answer.Results) {
				t.Errorf("%s: the reading is not audited", c.why)
			}
		}
	})
}

func TestDuplicatesAreTenAtMost(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for range 12 {
			register(ctx, t, tx, m, person("Ravi Kumar"))
		}
		answer, err := m.Duplicates(ctx, tx, patients.DuplicatesInput{FullName: "Ravy Kumar"})
		if err != nil || len(answer.Results) != 10 {
			t.Errorf("%d hints, %v", len(answer.Results), err)
		}
	})
}
