package load

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/clock"
)

func sums(tenants []*plannedTenant) (patients, events, facilities int) {
	for _, t := range tenants {
		for _, f := range t.facilities {
			patients, events, facilities = patients+f.patients, events+f.events, facilities+1
		}
	}
	return patients, events, facilities
}

func sizesOf(tenants []*plannedTenant) (sizes []int) {
	for _, t := range tenants {
		size := 0
		for _, f := range t.facilities {
			size += f.patients
		}
		sizes = append(sizes, size)
	}
	return sizes
}

func TestAPlanAddsUpWhateverIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Tenants: rapid.IntRange(1, 300).Draw(t, "tenants")}
		o.Patients = o.Tenants + rapid.IntRange(0, 30_000).Draw(t, "patients")
		o.Events = o.Patients + rapid.IntRange(0, 90_000).Draw(t, "events")
		if o.Check() != nil {
			t.Skip("impossible")
		}
		planned := plan(o)
		patients, events, _ := sums(planned)
		if patients != o.Patients || events != o.Events || len(planned) != o.Tenants {
			t.Fatalf("planned %d tenants, %d patients, %d events", len(planned), patients, events)
		}
		for _, tenant := range planned {
			for _, f := range tenant.facilities {
				visits := f.events - f.patients
				if f.patients < 1 || visits < 0 || visits > 0 && visits < smallestVisit {
					t.Fatalf("%s %s has %d patients and %d events of visits", tenant.code, f.code, f.patients, visits)
				}
			}
		}
	})
}

func TestTheLargestTenantIsAMultipleOfTheMiddleOne(t *testing.T) {
	planned := plan(Options{Tenants: 50, Patients: 200_000, Events: 1_000_000})
	sizes := sizesOf(planned)
	sorted := slices.Sorted(slices.Values(sizes))
	if largest, middle := sorted[49], sorted[25]; largest < 8*middle {
		t.Errorf("the largest tenant has %d patients, the middle one %d", largest, middle)
	}
	if len(planned[0].facilities) != 4 || len(planned[49].facilities) != 1 {
		t.Errorf("the largest tenant has %d facilities, the smallest %d", len(planned[0].facilities), len(planned[49].facilities))
	}
	search := 0
	for _, tenant := range planned {
		for _, f := range tenant.facilities {
			if f.search {
				search++
				if f.patients != searchFacility {
					t.Errorf("the search is measured by %d patients", f.patients)
				}
			}
		}
	}
	if search != 1 {
		t.Errorf("%d facilities to measure the search by", search)
	}
}

func TestImpossibleSizesAreRefused(t *testing.T) {
	for _, o := range []Options{
		{Patients: 10, Events: 10}, {Tenants: 5, Patients: 4, Events: 10}, {Tenants: 1, Patients: 10, Events: 9}, {Tenants: 1, Patients: 10, Events: 12},
		{Tenants: 1, Patients: 1, Events: 20_000}, {Tenants: -1}, {Tenants: 20_000, Patients: 20_000, Events: 20_000},
	} {
		if o.Check() == nil {
			t.Errorf("%d tenants, %d patients, %d events pass", o.Tenants, o.Patients, o.Events)
		}
	}
	for _, o := range []Options{{Tenants: 1, Patients: 1, Events: 1}, {Tenants: 1, Patients: 10, Events: 40}, {Tenants: 50, Patients: 200_000, Events: 1_000_000}} {
		if err := o.Check(); err != nil {
			t.Errorf("%d tenants, %d patients, %d events: %v", o.Tenants, o.Patients, o.Events, err)
		}
	}
}

func TestShapesHaveTheEventsTheyCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 5000 {
		for kind, s := range map[string]shape{"past": drawPast(r), "today": drawToday(r)} {
			if n := s.events(); n < smallestVisit || n > largestVisit {
				t.Fatalf("%s: %+v has %d events", kind, s, n)
			}
			if kind == "past" && s.stage < closed && !s.cancelled {
				t.Fatalf("a past visit is under way: %+v", s)
			}
		}
	}
	for n := smallestVisit; n < largestVisit+smallestVisit; n++ {
		if got := filling(n).events(); got != n {
			t.Errorf("a filling of %d has %d events", n, got)
		}
	}
	for _, n := range []int{30, 400} {
		if got := stay(n).events(); got != n {
			t.Errorf("a stay of %d has %d events", n, got)
		}
	}
}

func TestHalfOfTheNamesAreIndian(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	families := map[string]int{}
	const all = 20_000
	for range all {
		name := person(r, clock.Date{Year: 2026, Month: 3, Day: 10}).Body.FullName
		for i := len(name) - 1; i >= 0; i-- {
			if name[i] == ' ' {
				families[name[i+1:]]++
				break
			}
		}
	}
	indian := 0
	for _, family := range indianFamilies {
		indian += families[family]
	}
	if share := float64(indian) / all; share < 0.42 || share > 0.55 {
		t.Errorf("%.2f of the names are Indian", share)
	}
}

func ExampleOptions_Check() {
	fmt.Println(Options{Tenants: 1, Patients: 10, Events: 9}.Check())
	// Output: --events 9 is fewer than --patients 10: each registration is an event
}
