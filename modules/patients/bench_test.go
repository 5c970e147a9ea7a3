package patients

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

const (
	givenNames = `Lakshmi Ravi Suresh Ramesh Mohammed Fatima Priya Anil Sunita Anita Vijay Srinivas Geetha Karthik Murugan Selvi Deepak Pooja Rahul
Sanjay Meena Kavita Rajesh Mahesh Ganesh Harpreet Gurpreet Abdul Imran Ayesha Joseph Mary Thomas Philip Catherine John Sarah David Amit Neha
Nikhil Sneha Arjun Divya Shankar Parvati Saraswati Venkatesh Balaji Senthil Kumaran Tamilselvi Bhavani Chandra Indira Jagdish Omprakash Siddharth
Aishwarya Akshay Zubair Yusuf Salim Noor Razia Shabnam Devendra Narendra Mahendra Surendra Jyoti Asha Usha Rekha Hema Sushma Jaya Radha Sita Gita`
	familyNames = `Kumar Sharma Singh Patel Reddy Rao Nair Iyer Iyengar Pillai Menon Das Bose Mukherjee Chatterjee Banerjee Khan Ahmed Ansari Sheikh
Gupta Agarwal Jain Shah Mehta Desai Joshi Kulkarni Deshpande Patil Yadav Verma Mishra Tiwari Pandey Chaudhary Kaur Gill Sandhu Fernandes DSouza
Thomas Kurien Mathew Subramaniam Krishnan Raman Natarajan Venkataraman Swaminathan Balasubramaniam Naidu Gowda Shetty Hegde Kamath Bhat Devi Bai`
)

// person draws a name as unevenly as names are given.
func person(r *rand.Rand, given, family []string) string {
	draw := func(from []string) string { return from[int(float64(len(from))*r.Float64()*r.Float64())] }
	name := draw(given) + " " + draw(family)
	if r.IntN(4) == 0 {
		name = draw(given) + " " + name
	}
	if r.IntN(5) == 0 {
		name = misspell(r, name)
	}
	return name
}

// misspell makes one of the slips of a hurried desk.
func misspell(r *rand.Rand, name string) string {
	letters := []rune(name)
	at := 1 + r.IntN(len(letters)-2)
	switch r.IntN(4) {
	case 0:
		return string(slices.Delete(letters, at, at+1))
	case 1:
		letters[at], letters[at+1] = letters[at+1], letters[at]
		return string(letters)
	case 2:
		return strings.NewReplacer("ksh", "x", "sh", "s", "ee", "i", "v", "w").Replace(name)
	}
	return string(slices.Insert(letters, at, letters[at]))
}

// load fills one facility after the other by COPY.
func load(b testing.TB, conn *pgx.Conn, r *rand.Rand, scopes []db.Scope, sizes []int) {
	ctx := context.Background()
	given, family := strings.Fields(givenNames), strings.Fields(familyNames)
	for i, scope := range scopes {
		var patients, entries [][]any
		for n := range sizes[i] {
			patientID, name, mrn := id.New(), person(r, given, family), fmt.Sprintf("MAIN-26-%06d", n+1)
			phone := strconv.Itoa(6_000_000_000 + r.IntN(3_999_999_999))
			patients = append(patients, []any{scope.TenantID, patientID, scope.FacilityID, mrn, name, "unknown", phone, phone, testkit.Epoch, testkit.Epoch})
			e := entryOf(scope.FacilityID, findable{fullName: name, mrn: mrn, phone: &phone})
			entries = append(entries, []any{scope.TenantID, patientID, scope.FacilityID, keyVersion, e.sortName, e.keys})
		}
		_, err := conn.CopyFrom(ctx, pgx.Identifier{"patients", "patient"},
			[]string{"tenant_id", "id", "facility_id", "mrn", "full_name", "gender", "phone", "phone_digits", "created_at", "updated_at"}, pgx.CopyFromRows(patients))
		if err != nil {
			b.Fatal(err)
		}
		_, err = conn.CopyFrom(ctx, pgx.Identifier{"patients", "search_entry"},
			[]string{"tenant_id", "patient_id", "facility_id", "key_version", "sort_name", "keys"}, pgx.CopyFromRows(entries))
		if err != nil {
			b.Fatal(err)
		}
	}
	if _, err := conn.Exec(ctx, "VACUUM ANALYZE patients.patient, patients.search_entry"); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSearch asks a facility of 4,000 patients among 20,000 of fifty tenants (HM_BENCH_PATIENTS for another
// sum) what a desk asks, and gives the median and the 95th percentile in milliseconds, and the latter as a multiple
// of what the same takes, asked in turn, where row-level security does not bind.
func BenchmarkSearch(b *testing.B) {
	total := 20_000
	if text := os.Getenv("HM_BENCH_PATIENTS"); text != "" {
		total, _ = strconv.Atoi(text)
	}
	database := testkit.NewDatabase(b)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, database.OwnerURL)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	r := rand.New(rand.NewPCG(1, 2))
	scopes, sizes := []db.Scope{testkit.NewScope()}, []int{4000}
	for left := total - 4000; left > 0; {
		size := min(left, max(left/12, total/100))
		scopes, sizes, left = append(scopes, testkit.NewScope()), append(sizes, size), left-size
	}
	load(b, conn, r, scopes, sizes)
	m := New(Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}})
	given, family := strings.Fields(givenNames), strings.Fields(familyNames)
	for place, scope := range map[string]db.Scope{"4000": scopes[0], "largest": scopes[largest(sizes)]} {
		for kind, question := range map[string]func() string{
			"misspelt":  func() string { return misspell(r, given[r.IntN(len(given))]+" "+family[r.IntN(len(family))]) },
			"given":     func() string { return misspell(r, given[r.IntN(len(given))]) },
			"typing":    func() string { return given[r.IntN(len(given))][:3] },
			"letter":    func() string { return given[r.IntN(len(given))][:1] },
			"nobody":    func() string { return fmt.Sprintf("qw%cz%crtop", 'a'+r.IntN(26), 'a'+r.IntN(26)) },
			"phonetail": func() string { return strconv.Itoa(1000 + r.IntN(8999)) },
			"alike":     nil,
		} {
			b.Run(place+"/"+kind, func(b *testing.B) {
				ctx := db.WithScope(ctx, scope)
				_, err := conn.Exec(ctx, `SELECT set_config('app.tenant_id', $1, false), set_config('app.facility_id', $2, false)`, scope.TenantID.String(), scope.FacilityID.String())
				if err != nil {
					b.Fatal(err)
				}
				ask := func(q db.DBTX, text string) time.Duration {
					var err error
					began := time.Now()
					if question == nil {
						_, err = m.Duplicates(ctx, q, DuplicatesInput{FullName: text, Phone: "9876543210"})
					} else {
						in := ListInput{Q: text}
						in.Limit = 20
						_, err = m.List(ctx, q, in)
					}
					if err != nil {
						b.Fatal(err)
					}
					return time.Since(began)
				}
				guarded := database.Pool.Read(ctx)
				var took, unguarded []time.Duration
				for range max(b.N, 60) {
					text := person(r, given, family)
					if question != nil {
						text = question()
					}
					took, unguarded = append(took, ask(guarded, text)), append(unguarded, ask(conn, text))
				}
				slices.Sort(took)
				slices.Sort(unguarded)
				at := len(took) * 95 / 100
				b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
				b.ReportMetric(took[at].Seconds()*1000, "p95-ms")
				b.ReportMetric(took[at].Seconds()/unguarded[at].Seconds(), "p95-ratio")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func largest(sizes []int) int {
	at := 0
	for i, size := range sizes {
		if size > sizes[at] {
			at = i
		}
	}
	return at
}

// BenchmarkRegister registers one patient in a facility of 4,000 and tells what that costs, commit included.
func BenchmarkRegister(b *testing.B) {
	database := testkit.NewDatabase(b)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, database.OwnerURL)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	r := rand.New(rand.NewPCG(5, 6))
	scope := testkit.NewScope()
	load(b, conn, r, []db.Scope{scope}, []int{4000})
	m := New(Deps{Bus: events.NewBus(), Facilities: facilities.Reader{}})
	ctx = db.WithScope(ctx, scope)
	if err := database.Pool.InTx(ctx, func(tx db.Tx) error {
		facilitiestest.Facility(ctx, b, tx, facilitiestest.With{MRNPattern: "NEW-{number:6}"})
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	given, family := strings.Fields(givenNames), strings.Fields(familyNames)
	for b.Loop() {
		err := database.Pool.InTx(ctx, func(tx db.Tx) error {
			var in RegisterInput
			in.Body.FullName, in.Body.Gender = person(r, given, family), "unknown"
			_, err := m.Register(ctx, tx, in)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
