package patients_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestRegisterKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p := register(ctx, t, tx, m, person("  Meera \t Nair ", func(in *patients.RegisterInput) {
			in.Body.Gender = "female"
			in.Body.DateOfBirth = sent(date(t, "1990-02-28"))
			in.Body.Phone = sent("+91 98765-43210")
			in.Body.Email = sent("meera@example.org")
			in.Body.Address = sent("12 Temple Road\r\nKochi")
			in.Body.BloodGroup = sent("AB-")
			in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: " 91-1234 "}})
			in.Body.SystemSpecificData = sent(map[string]any{"base": map[string]any{"note": "x"}})
		}))
		got, err := m.Get(ctx, tx, patients.ByID{ID: p.ID})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		want := `"mrn":"MAIN-26-000001","full_name":"Meera Nair","date_of_birth":"1990-02-28","birth_date_estimated":false,"gender":"female",` +
			`"phone":"+91 98765-43210","email":"meera@example.org","address":"12 Temple Road\nKochi","blood_group":"AB-",` +
			`"identifiers":[{"system":"abha","value":"91-1234"}],"system_specific_data":{"base":{"note":"x"}}`
		if !strings.Contains(string(text), want) {
			t.Errorf("got %s", text)
		}
		if got.ETag() != `"1"` || got.AuditSubject().PatientIDs[0] != p.ID {
			t.Errorf("ETag %s, subject %+v", got.ETag(), got.AuditSubject())
		}
	})
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		location string
		change   func(*patients.RegisterInput)
	}{
		"an empty name":      {"body.full_name", func(in *patients.RegisterInput) { in.Body.FullName = " . " }},
		"control characters": {"body.full_name", func(in *patients.RegisterInput) { in.Body.FullName = "a\x1bb" }},
		"a birth tomorrow":   {"body.date_of_birth", func(in *patients.RegisterInput) { in.Body.DateOfBirth = sent(date(t, "2026-03-11")) }},
		"a birth too old":    {"body.date_of_birth", func(in *patients.RegisterInput) { in.Body.DateOfBirth = sent(date(t, "1896-03-09")) }},
		"birth and age": {"body.age_years", func(in *patients.RegisterInput) {
			in.Body.DateOfBirth, in.Body.AgeYears = sent(date(t, "2000-01-01")), sent(26)
		}},
		"a certain age":        {"body.birth_date_estimated", func(in *patients.RegisterInput) { in.Body.AgeYears, in.Body.BirthDateEstimated = sent(26), sent(false) }},
		"an estimated nothing": {"body.birth_date_estimated", func(in *patients.RegisterInput) { in.Body.BirthDateEstimated = sent(true) }},
		"a phone of words":     {"body.phone", func(in *patients.RegisterInput) { in.Body.Phone = sent("ask her son") }},
		"a phone too long":     {"body.phone", func(in *patients.RegisterInput) { in.Body.Phone = sent("123456789012345678901") }},
		"an email without at":  {"body.email", func(in *patients.RegisterInput) { in.Body.Email = sent("meera.example.org") }},
		"a blood group":        {"body.blood_group", func(in *patients.RegisterInput) { in.Body.BloodGroup = sent("C+") }},
		"an MRN of signs":      {"body.mrn", func(in *patients.RegisterInput) { in.Body.MRN = sent("--") }},
		"an empty identifier": {"body.identifiers[0].value", func(in *patients.RegisterInput) {
			in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: "  "}})
		}},
		"an identifier twice": {"body.identifiers[1]", func(in *patients.RegisterInput) {
			in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: "9-1"}, {System: "ABHA", Value: "91"}})
		}},
		"an unknown pack": {"body.system_specific_data", func(in *patients.RegisterInput) {
			in.Body.SystemSpecificData = sent(map[string]any{"voodoo": map[string]any{}})
		}},
		"a pack's number": {"body.system_specific_data", func(in *patients.RegisterInput) { in.Body.SystemSpecificData = sent(map[string]any{"base": 3}) }},
		"a pack's mountain": {"body.system_specific_data", func(in *patients.RegisterInput) {
			in.Body.SystemSpecificData = sent(map[string]any{"base": map[string]any{"x": strings.Repeat("y", 65<<10)}})
		}},
		"an address of pages": {"body.address", func(in *patients.RegisterInput) { in.Body.Address = sent(strings.Repeat("a", 1001)) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
				_, err := m.Register(ctx, tx, person("Meera Nair", c.change))
				if e := errs.Of(err); e == nil || e.Kind != errs.KindInvalid || e.Fields[0].Location != c.location {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestRegisterNamesEveryFault(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		_, err := m.Register(ctx, tx, person("", func(in *patients.RegisterInput) {
			in.Body.Phone, in.Body.Email, in.Body.BloodGroup = sent("?"), sent("?"), sent("?")
		}))
		if e := errs.Of(err); e == nil || len(e.Fields) != 4 {
			t.Errorf("got %v", err)
		}
	})
}

func TestRegisterTakesNamesOfEveryScript(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, name := range []string{"Madonna", "लक्ष्मी देवी", "லட்சுமி", "ਹਰਪ੍ਰੀਤ", "محمد بن سلمان", "王小明", "Nguyễn Thị Hồng", "D'Souza-Pereira", "Ö", "ശ്രീ\u200dദേവി", strings.Repeat("ல", 255)} {
			if p := register(ctx, t, tx, m, person(name)); p.FullName != name {
				t.Errorf("%q is kept as %q", name, p.FullName)
			}
		}
	})
}

// In Kolkata it is the next day already at 20:00 UTC.
func TestTodayIsTheFacilitys(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	database.Clock.Advance(time.Date(2026, 3, 10, 20, 0, 0, 0, time.UTC).Sub(testkit.Epoch))
	for zone, allowed := range map[string]bool{"Asia/Kolkata": true, "UTC": false} {
		ctx := db.WithScope(t.Context(), testkit.NewScope())
		err := database.Pool.InTx(ctx, func(tx db.Tx) error {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{TimeZone: zone})
			_, err := module().Register(ctx, tx, person("Newborn", func(in *patients.RegisterInput) { in.Body.DateOfBirth = sent(date(t, "2026-03-11")) }))
			return err
		})
		if (err == nil) != allowed {
			t.Errorf("in %s: %v", zone, err)
		}
	}
}

func TestAgeIsReckonedBack(t *testing.T) {
	t.Parallel()
	database := testkit.NewDatabase(t)
	for _, today := range []string{"2026-03-10", "2028-02-29", "2027-01-01", "2026-12-31"} {
		database.Clock.Advance(date(t, today).In(time.UTC).Add(6 * time.Hour).Sub(database.Clock.Now()))
		ctx := db.WithScope(t.Context(), testkit.NewScope())
		err := database.Pool.InTx(ctx, func(tx db.Tx) error {
			facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
			for _, age := range []int{0, 1, 3, 64, 130} {
				p := register(ctx, t, tx, module(), person("Somebody", func(in *patients.RegisterInput) { in.Body.AgeYears = sent(age) }))
				if got := p.DateOfBirth.YearsUntil(date(t, today)); got != age || !p.BirthDateEstimated {
					t.Errorf("on %s an age of %d became %s", today, age, p.DateOfBirth)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestIdentifierIsOnePatients(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		with := func(value string) func(*patients.RegisterInput) {
			return func(in *patients.RegisterInput) {
				in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: value}})
			}
		}
		first := register(ctx, t, tx, m, person("Meera Nair", with("91-22")))
		err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error {
			_, err := m.Register(ctx, tx, person("Another", with("9122")))
			return err
		})
		if e := errs.Of(err); e == nil || e.Code != "patients.identifier_taken" {
			t.Fatalf("got %v", err)
		}
		var in patients.UpdateInput
		in.ID, in.Body.Identifiers = first.ID, sent([]patients.Identifier{{System: "abha", Value: "33"}})
		if _, err := m.Update(ctx, tx, in); err != nil {
			t.Fatal(err)
		}
		register(ctx, t, tx, m, person("Another", with("9122")))
	})
}

func TestUpdateChangesWhatIsSent(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p := register(ctx, t, tx, m, person("Meera Nair", func(in *patients.RegisterInput) {
			in.Body.Phone, in.Body.AgeYears, in.Body.SystemSpecificData = sent("98765 43210"), sent(40), sent(map[string]any{"base": map[string]any{"a": 1}})
		}))
		name := "Meera Menon"
		in := patients.UpdateInput{ByID: patients.ByID{ID: p.ID}, IfMatch: httpx.IfMatch{IfMatch: p.ETag()}}
		in.Body.FullName, in.Body.Phone, in.Body.Address = &name, null[string](), sent("Kochi")
		updated, err := m.Update(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		if updated.FullName != name || updated.Phone != nil || *updated.Address != "Kochi" || updated.ETag() != `"2"` ||
			*updated.DateOfBirth != *p.DateOfBirth || updated.MRN != p.MRN || !strings.Contains(string(updated.SystemSpecificData), `"a"`) {
			t.Errorf("got %+v", updated)
		}
		if found := find(ctx, t, tx, m, "nair"); len(found) != 0 {
			t.Errorf("still found by the old name: %q", found)
		}
		if found := find(ctx, t, tx, m, "mira menon"); len(found) != 1 {
			t.Errorf("not found by the new name")
		}
		if _, err = m.Update(ctx, tx, in); errs.Of(err) == nil || errs.Of(err).Kind != errs.KindStale {
			t.Errorf("a stale change gives %v", err)
		}
	})
}

func TestUpdateMergesPacksData(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		if _, err := tx.Exec(ctx, `UPDATE facilities.facility SET packs = '{base,ayurveda}' WHERE tenant_id = $1`, tx.Scope().TenantID); err != nil {
			t.Fatal(err)
		}
		p := register(ctx, t, tx, m, person("Meera Nair", func(in *patients.RegisterInput) {
			in.Body.SystemSpecificData = sent(map[string]any{"base": map[string]any{"a": 1}})
		}))
		update := func(data httpx.Optional[map[string]any]) string {
			in := patients.UpdateInput{ByID: patients.ByID{ID: p.ID}}
			in.Body.SystemSpecificData = data
			updated, err := m.Update(ctx, tx, in)
			if err != nil {
				t.Fatal(err)
			}
			return strings.ReplaceAll(string(updated.SystemSpecificData), " ", "")
		}
		if got := update(sent(map[string]any{"ayurveda": map[string]any{"prakriti": "vata"}})); got != `{"base":{"a":1},"ayurveda":{"prakriti":"vata"}}` {
			t.Errorf("merged %s", got)
		}
		if got := update(sent(map[string]any{"base": nil})); got != `{"ayurveda":{"prakriti":"vata"}}` {
			t.Errorf("removed %s", got)
		}
		if got := update(null[map[string]any]()); got != `{}` {
			t.Errorf("cleared %s", got)
		}
	})
}

func TestEventsNameFieldsOnly(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p := register(ctx, t, tx, m, person("Meera Marked"))
		name := "Meera Remarked"
		in := patients.UpdateInput{ByID: patients.ByID{ID: p.ID}}
		in.Body.FullName, in.Body.Phone = &name, sent("98765 43210")
		for range 2 { // the second changes nothing
			if _, err := m.Update(ctx, tx, in); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var happened []string
		err := tx.QueryRow(ctx, `SELECT array_agg(name || ' ' || payload ORDER BY id) FROM events.event WHERE tenant_id = $1 AND patient_id = $2`, p.TenantID, p.ID).Scan(&happened)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`patients.registered.v1 {"patient_id": "` + p.ID.String() + `"}`,
			`patients.updated.v1 {"changed": ["full_name", "phone"], "version": 2, "patient_id": "` + p.ID.String() + `"}`,
		}
		if !slices.Equal(happened, want) {
			t.Errorf("got %q", happened)
		}
	})
}

func TestUnknownAndForeignAreTheSame(t *testing.T) {
	t.Parallel()
	here := testkit.NewScope()
	there := here
	there.FacilityID = uuid.New()
	testkit.InScope(t, here, func(ctx context.Context, tx db.Tx) {
		m := module()
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		p := register(ctx, t, tx, m, person("Meera Nair"))
		err := tx.Nested(ctx, there, func(tx db.Tx) error {
			ctx := db.WithScope(ctx, there)
			for _, patientID := range []uuid.UUID{p.ID, uuid.New()} {
				if _, err := m.Get(ctx, tx, patients.ByID{ID: patientID}); errs.Of(err) == nil || errs.Of(err).Code != "patients.not_found" {
					t.Errorf("get: %v", err)
				}
				if _, err := m.Update(ctx, tx, patients.UpdateInput{ByID: patients.ByID{ID: patientID}}); errs.Of(err) == nil || errs.Of(err).Code != "patients.not_found" {
					t.Errorf("update: %v", err)
				}
			}
			summaries, err := patients.Reader{}.Summaries(ctx, tx, there, []uuid.UUID{p.ID})
			if err != nil || len(summaries) != 0 {
				t.Errorf("summaries: %v, %v", summaries, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestListIsNewestFirst(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, name := range []string{"First", "Second", "Third"} {
			register(ctx, t, tx, m, person(name, func(in *patients.RegisterInput) { in.Body.Phone = sent("0484-2345678") }))
		}
		for _, filter := range []patients.ListInput{{}, {Phone: "0484 2345678"}} {
			var listed []string
			in := filter
			in.Limit, in.Count = 2, true
			for {
				page, err := m.List(ctx, tx, in)
				if err != nil || *page.Count != 3 {
					t.Fatalf("%+v, %v", page, err)
				}
				for _, p := range page.Results {
					listed = append(listed, p.FullName)
				}
				if page.Next == nil {
					break
				}
				in.Cursor = *page.Next
			}
			if !slices.Equal(listed, []string{"Third", "Second", "First"}) {
				t.Errorf("listed %q", listed)
			}
		}
	})
}

func TestListByMRN(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p := register(ctx, t, tx, m, person("Meera Nair", func(in *patients.RegisterInput) { in.Body.MRN, in.Body.Phone = sent("Old 7"), sent("2345678") }))
		register(ctx, t, tx, m, person("Meera Nair"))
		for _, c := range []struct {
			in   patients.ListInput
			want int
		}{{patients.ListInput{MRN: " old  7"}, 1}, {patients.ListInput{MRN: "OLD"}, 0}, {patients.ListInput{MRN: "OLD 7", Phone: "2345678"}, 1}, {patients.ListInput{MRN: "OLD 7", Phone: "1"}, 0}} {
			c.in.Limit, c.in.Count = 50, true
			page, err := m.List(ctx, tx, c.in)
			if err != nil || len(page.Results) != c.want || *page.Count != int64(c.want) || c.want > 0 && page.Results[0].ID != p.ID {
				t.Errorf("%+v gives %+v, %v", c.in, page, err)
			}
		}
	})
}

func TestSummaries(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		born := date(t, "1980-05-06")
		a := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Meera Nair", Gender: "female", DateOfBirth: &born})
		b := patientstest.Patient(ctx, t, tx, patientstest.With{MRN: "B-1"})
		summaries, err := patients.Reader{}.Summaries(ctx, tx, tx.Scope(), []uuid.UUID{a, b, uuid.New()})
		if err != nil || len(summaries) != 2 {
			t.Fatalf("got %v, %v", summaries, err)
		}
		if s := summaries[a]; s.ID != a || s.FullName != "Meera Nair" || s.Gender != "female" || *s.DateOfBirth != born || summaries[b].MRN != "B-1" || summaries[b].DateOfBirth != nil {
			t.Errorf("got %+v", summaries)
		}
	})
}
