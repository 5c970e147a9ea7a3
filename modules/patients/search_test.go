package patients_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients"
)

// register of a small hospital, in which the questions below are asked.
var ward = []string{
	"Lakshmi Narayanan", "Laxmikant Berde", "Srinivas Rao", "Mohammed Rafi", "Muhammad Ali Jinnah", "Vijay Kumar", "Bijoy Das", "Ravi Kumar",
	"Ravi Shankar", "R Kumar", "Ravichandran Ashwin", "Ramesh Gupta", "Suresh Gupta", "Rakesh Gupta", "Sita Devi", "Gita Devi", "Geetha Menon",
	"Sunita Williams", "Anita Desai", "Venkataramanan Iyer", "Balasubramaniam S P", "Ramkumar Pillai", "Ram Kumar Verma", "लक्ष्मी देवी",
	"லட்சுமி அம்மாள்", "முருகன் சாமி", "Murugesan Pillai", "Jagdish Chandra Bose", "जगदीश प्रसाद", "محمد اقبال", "Catherine D'Souza",
	"Zubair Khan", "Philip Kurien", "Siddharth Roy Kapur", "Mohd Arif", "O'Brien Patrick", "王小明", "Дмитрий Иванов", "José Álvarez",
	"Aishwarya Rai", "Deepak Chopra", "Narendra Modi", "Harpreet Kaur", "Thangavel Kandasamy", "Joseph Vijay", "Akshay Kumar", "Mr Smith",
}

func inWard(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *patients.Module)) {
	t.Helper()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, name := range ward {
			register(ctx, t, tx, m, person(name))
		}
		fn(ctx, tx, m)
	})
}

func TestSearchFindsHoweverSpelt(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, c := range []struct{ question, wanted string }{
			{"laxmi", "Lakshmi Narayanan"}, {"Lakshmi", "लक्ष्मी देवी"}, {"लक्ष्मी", "Lakshmi Narayanan"}, {"luxmi", "Lakshmi Narayanan"},
			{"lakshmi", "லட்சுமி அம்மாள்"}, {"shrinivas", "Srinivas Rao"}, {"sreenivasa", "Srinivas Rao"}, {"Muhammad", "Mohammed Rafi"},
			{"mohamed", "Muhammad Ali Jinnah"}, {"mohammad", "محمد اقبال"}, {"mohammed", "Mohd Arif"}, {"bijoy", "Vijay Kumar"}, {"Vijoy", "Bijoy Das"},
			{"kumar ravi", "Ravi Kumar"}, {"ravi k", "Ravi Kumar"}, {"ravi kumar", "R Kumar"}, {"gita", "Geetha Menon"}, {"venkatramanan", "Venkataramanan Iyer"},
			{"venkatraman", "Venkataramanan Iyer"}, {"balasubramanyam", "Balasubramaniam S P"}, {"balsubramaniam", "Balasubramaniam S P"},
			{"ram kumar", "Ramkumar Pillai"}, {"ramkumar", "Ram Kumar Verma"}, {"murugan", "முருகன் சாமி"}, {"முருகேசன்", "Murugesan Pillai"},
			{"जगदीश", "Jagdish Chandra Bose"}, {"jagadish", "जगदीश प्रसाद"}, {"dsouza", "Catherine D'Souza"}, {"d souza", "Catherine D'Souza"},
			{"kathrine", "Catherine D'Souza"}, {"jubair", "Zubair Khan"}, {"filip", "Philip Kurien"}, {"sidharta", "Siddharth Roy Kapur"},
			{"obrien", "O'Brien Patrick"}, {"王", "王小明"}, {"дмитрий", "Дмитрий Иванов"}, {"jose alvarez", "José Álvarez"}, {"ashwarya", "Aishwarya Rai"},
			{"narender modi", "Narendra Modi"}, {"tangavel", "Thangavel Kandasamy"}, {"kanthasamy", "Thangavel Kandasamy"}, {"josef", "Joseph Vijay"},
			{"deepka chopra", "Deepak Chopra"}, {"narayann", "Lakshmi Narayanan"}, {"mrs lakshmi", "Lakshmi Narayanan"}, {"dr. akshai kumar", "Akshay Kumar"},
			{"lak", "Lakshmi Narayanan"}, {"l", "Lakshmi Narayanan"}, {"ra sh", "Ravi Shankar"}, {"mohamm", "Muhammad Ali Jinnah"}, {"harprit kour", "Harpreet Kaur"},
			{"smith", "Mr Smith"}, {"mr", "Mr Smith"}, {"Ravi Kumar Sharma", "Ravi Kumar"}, {"subramaniam", "Balasubramaniam S P"},
		} {
			found := find(ctx, t, tx, m, c.question)
			if at := slices.Index(found, c.wanted); at < 0 || at > 9 {
				t.Errorf("%q finds %q, not %s", c.question, found, c.wanted)
			}
		}
	})
}

// Two letters exchanged, one left out or one doubled, anywhere but at the ends of a word, in short names above all: they
// have the fewest letters to be known by.
func TestSearchFindsWhoIsMeantBySlips(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, name := range []string{"Maria Tan", "Joseph Nair", "Asha Khan", "Imran Das", "Priya Okafor", "Arjun Iyer", "Lakshmi Brown", "Wei Davis", "Kavita Fernandes"} {
			register(ctx, t, tx, m, person(name))
			letters := []rune(name)
			for i := 1; i+1 < len(letters); i++ {
				if letters[i-1] == ' ' || letters[i] == ' ' || letters[i+1] == ' ' {
					continue
				}
				before, here, next, after := string(letters[:i]), string(letters[i]), string(letters[i+1]), string(letters[i+2:])
				for _, question := range []string{before + next + here + after, before + next + after, before + here + here + next + after} {
					if found := find(ctx, t, tx, m, question); !slices.Contains(found, name) {
						t.Errorf("%q finds %q, not %s", question, found, name)
					}
				}
			}
		}
	})
}

func TestSearchFindsNobodyElse(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for _, c := range []struct{ question, unwanted string }{
			{"ramesh", "Suresh Gupta"}, {"ramesh", "Rakesh Gupta"}, {"sita", "Gita Devi"}, {"sunita", "Anita Desai"}, {"anita", "Sunita Williams"},
			{"ravi", "R Kumar"}, {"ravi", "Ramesh Gupta"}, {"vijay", "Ravi Kumar"}, {"lakshmi", "Sita Devi"}, {"ravi shankar", "Ravi Kumar"},
			{"philip", "Deepak Chopra"}, {"mohammed", "Jagdish Chandra Bose"}, {"xyzzy", "Zubair Khan"},
		} {
			if found := find(ctx, t, tx, m, c.question); slices.Contains(found, c.unwanted) {
				t.Errorf("%q finds %q", c.question, found)
			}
		}
	})
}

func TestSearchPutsTheBestFirst(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		for question, first := range map[string][]string{
			"ravi kumar":     {"Ravi Kumar"},
			"Kumar, Ravi":    {"Ravi Kumar"},
			"geetha":         {"Geetha Menon", "Gita Devi"},
			"gita":           {"Gita Devi", "Geetha Menon"},
			"ravi":           {"Ravi Kumar", "Ravi Shankar", "Ravichandran Ashwin"},
			"lakshmi":        {"Lakshmi Narayanan"},
			"vijay":          {"Joseph Vijay", "Vijay Kumar"},
			"mohammed rafi":  {"Mohammed Rafi"},
			"ram kumar":      {"Ram Kumar Verma"},
			"MOHAMMED  RAFI": {"Mohammed Rafi"},
		} {
			if found := find(ctx, t, tx, m, question); len(found) < len(first) || !slices.Equal(found[:len(first)], first) {
				t.Errorf("%q finds %q, not %q first", question, found, first)
			}
		}
	})
}

func TestSearchFindsNumbers(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		p := register(ctx, t, tx, m, person("Kavita Numbered", func(in *patients.RegisterInput) {
			in.Body.MRN = sent("old/77-004711")
			in.Body.Phone = sent("+91 98765-43210")
			in.Body.Identifiers = sent([]patients.Identifier{{System: "abha", Value: "91-1234-5678-9012"}})
		}))
		for _, question := range []string{
			"OLD/77-004711", "old77004711", "004711", "4711", "711", "9876543210", "98765 43210", "+919876543210", "09876543210", "43210", "3210",
			"91-1234-5678-9012", "91123456789012", "kavita 3210", "kav 4711", "९८७६५४३२१०",
		} {
			if found := find(ctx, t, tx, m, question); len(found) == 0 || found[0] != p.FullName {
				t.Errorf("%q finds %q", question, found)
			}
		}
		for _, question := range []string{"210", "987654321", "ravi 3210"} {
			if found := find(ctx, t, tx, m, question); slices.Contains(found, p.FullName) {
				t.Errorf("%q finds %q", question, found)
			}
		}
	})
}

func TestSearchCombinesWithFilters(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		phone := func(number string) func(*patients.RegisterInput) {
			return func(in *patients.RegisterInput) { in.Body.Phone = sent(number) }
		}
		want := register(ctx, t, tx, m, person("Meera Nair", phone("9000000001")))
		register(ctx, t, tx, m, person("Meera Nair", phone("9000000002")))
		in := patients.ListInput{Q: "mira", Phone: "90000 00001"}
		in.Limit, in.Count = 50, true
		page, err := m.List(ctx, tx, in)
		if err != nil || len(page.Results) != 1 || page.Results[0].ID != want.ID || *page.Count != 1 {
			t.Errorf("got %+v, %v", page, err)
		}
		in = patients.ListInput{Q: "nair", MRN: strings.ToLower(want.MRN)}
		in.Limit = 50
		if page, err = m.List(ctx, tx, in); err != nil || len(page.Results) != 1 || page.Results[0].ID != want.ID {
			t.Errorf("got %+v, %v", page, err)
		}
	})
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		whole := find(ctx, t, tx, m, "ra")
		var paged []string
		in := patients.ListInput{Q: "ra"}
		in.Limit, in.Count = 3, true
		for {
			page, err := m.List(ctx, tx, in)
			if err != nil {
				t.Fatal(err)
			}
			if *page.Count != int64(len(whole)) {
				t.Errorf("counts %d of %d", *page.Count, len(whole))
			}
			for _, p := range page.Results {
				paged = append(paged, p.FullName)
			}
			if page.Next == nil {
				break
			}
			in.Cursor = *page.Next
		}
		if len(whole) < 7 || !slices.Equal(paged, whole) {
			t.Errorf("pages give %q, the whole %q", paged, whole)
		}
	})
}

func TestSearchNeverFails(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, m *patients.Module) {
		register(ctx, t, tx, m, person("Ravi Kumar"))
		for _, question := range []string{"%", "'; DROP TABLE patients.patient; --", "{}", "\\", "((", "👩‍⚕️", strings.Repeat("a ", 500), strings.Repeat("ल", 300), "0", "+", "...", "a b c d e f g"} {
			find(ctx, t, tx, m, question)
		}
		rapid.Check(t, func(t *rapid.T) {
			in := patients.ListInput{Q: rapid.String().Draw(t, "q")}
			in.Limit = 5
			if _, err := m.List(ctx, tx, in); err != nil {
				t.Fatal(err)
			}
		})
	})
}

func TestSearchStaysInItsFacility(t *testing.T) {
	t.Parallel()
	here := testkit.NewScope()
	there := here
	there.FacilityID = testkit.NewScope().FacilityID
	testkit.InScope(t, here, func(ctx context.Context, tx db.Tx) {
		m := module()
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		register(ctx, t, tx, m, person("Ravi Kumar", func(in *patients.RegisterInput) { in.Body.Phone = sent("9876543210") }))
		err := tx.Nested(ctx, there, func(tx db.Tx) error {
			for _, question := range []string{"ravi", "ravi kumar", "ravy", "9876543210", "000001"} {
				if found := find(db.WithScope(ctx, there), t, tx, m, question); len(found) > 0 {
					t.Errorf("%q finds %q of another facility", question, found)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if found := find(ctx, t, tx, m, "ravi"); len(found) != 1 {
			t.Errorf("found %q", found)
		}
	})
}

// The keys of one facility, asked in the scope of another: what a fault in the application would do.
func TestSearchFunctionHoldsTheScopeItself(t *testing.T) {
	t.Parallel()
	here := testkit.NewScope()
	otherFacility, otherTenant := here, testkit.NewScope()
	otherFacility.FacilityID = testkit.NewScope().FacilityID
	otherTenant.FacilityID = here.FacilityID
	testkit.InScope(t, here, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		register(ctx, t, tx, module(), person("Ravi Kumar"))
		var keys []int64
		if err := tx.QueryRow(ctx, `SELECT keys FROM patients.search_entry WHERE tenant_id = $1`, here.TenantID).Scan(&keys); err != nil {
			t.Fatal(err)
		}
		points := make([]int32, len(keys))
		ask := func(tx db.Tx) (n int) {
			err := tx.QueryRow(ctx, `SELECT count(*) FROM patients.search($1, $2, $3, '{}', '{0,0,0,0}', $1, '{}', 0, NULL, 10)`, keys, points, keys[:7]).Scan(&n)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := ask(tx); n != 1 {
			t.Fatalf("the question itself finds %d", n)
		}
		for _, scope := range []db.Scope{otherFacility, otherTenant} {
			if err := tx.Nested(ctx, scope, func(tx db.Tx) error {
				if n := ask(tx); n != 0 {
					t.Errorf("found %d from outside", n)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
