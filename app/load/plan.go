package load

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Options of a load. The same options are the same rows, but for the salt of the password's hash.
type Options struct {
	// Tenants, Patients and Events are totals. Events are those of patients, encounters, tasks and documents; those of
	// founding the tenants, taking people on and the laboratory's work come on top.
	Tenants, Patients, Events int
	Seed                      uint64
	// Now is where the history ends.
	Now time.Time
	// Password of every user.
	Password string
	// Progress is told a line at a time; nil for silence.
	Progress func(line string)
	// Elapsed gives the time since the load began, for rates.
	Elapsed func() time.Duration
}

const (
	// smallestVisit is how many events an encounter has at least: that it was made, with its workflow's two tasks.
	smallestVisit = 3
	// mostEvents a patient can have, on average: more would need visits at the same time.
	mostEvents = 10_000
	// searchFacility is how many patients one facility has, if any tenant is that large, to measure the search by.
	searchFacility = 4000
)

// Check says what is impossible, in one line.
func (o Options) Check() error {
	switch {
	case o.Tenants < 1:
		return errors.New("--tenants must be at least 1")
	case o.Patients < o.Tenants:
		return fmt.Errorf("--patients %d is fewer than --tenants %d: each tenant has at least one", o.Patients, o.Tenants)
	case o.Events < o.Patients:
		return fmt.Errorf("--events %d is fewer than --patients %d: each registration is an event", o.Events, o.Patients)
	case o.Events > o.Patients && o.Events < o.Patients+smallestVisit:
		return fmt.Errorf("--events %d leaves %d beside the registrations; an encounter has at least %d", o.Events, o.Events-o.Patients, smallestVisit)
	case o.Events/o.Patients > mostEvents:
		return fmt.Errorf("--events %d is more than %d for each of --patients %d: nobody comes that often", o.Events, mostEvents, o.Patients)
	case o.Tenants > 10_000 || o.Events > 1_000_000_000:
		return errors.New("at most 10000 tenants and 1000000000 events")
	}
	return nil
}

// plannedTenant is a tenant before it is founded.
type plannedTenant struct {
	code, name string
	facilities []*plannedFacility
}

// plannedFacility is a facility before it is filled.
type plannedFacility struct {
	code, name       string
	patients, events int
	// search says that it is the one to measure the search by, long that it has one long encounter.
	search, long bool
}

var facilityCodes = []struct{ code, name string }{{"MAIN", "Main Hospital"}, {"EAST", "East Clinic"}, {"WEST", "West Clinic"}, {"NORTH", "North Clinic"}}

// tenantCode numbers tenants from 1.
func tenantCode(number int) string { return fmt.Sprintf("load%03d", number) }

// plan says how large every tenant and facility is.
func plan(o Options) []*plannedTenant {
	sizes := shares(o.Patients, zipf(o.Tenants, 0.9), 1)
	search := searched(sizes)
	var tenants []*plannedTenant
	var all []*plannedFacility
	for i, size := range sizes {
		tenant := &plannedTenant{code: tenantCode(i + 1), name: fmt.Sprintf("Load Hospital %d", i+1)}
		parts := shares(size, zipf(facilitiesOf(i, o.Tenants, size), 1), 1)
		if i == search && size > searchFacility {
			count := max(1, len(parts)-1)
			parts = append([]int{searchFacility}, shares(size-searchFacility, zipf(min(count, size-searchFacility), 1), 1)...)
		}
		for j, patients := range parts {
			named := facilityCodes[j]
			tenant.facilities = append(tenant.facilities, &plannedFacility{
				code: named.code, name: tenant.name + ", " + named.name, patients: patients, search: i == search && j == 0,
			})
		}
		tenants, all = append(tenants, tenant), append(all, tenant.facilities...)
	}
	spread(all, o.Events-o.Patients)
	return tenants
}

// searched is the smallest tenant that is large enough for the facility that the search is measured by; -1 for none.
func searched(sizes []int) int {
	at := -1
	for i, size := range sizes {
		if size >= searchFacility {
			at = i
		}
	}
	return at
}

// facilitiesOf says how many facilities a tenant has: the larger a tenant is among the others, the more.
func facilitiesOf(rank, tenants, patients int) int {
	count := 1
	switch {
	case rank == 0:
		count = 4
	case rank*10 < tenants:
		count = 3
	case rank*4 < tenants:
		count = 2
	}
	return min(count, max(1, patients/10))
}

// spread gives every facility events for its patients' visits, as many as it has patients in proportion. What is too
// little for an encounter each is enough for some.
func spread(facilities []*plannedFacility, visits int) {
	weights := make([]float64, len(facilities))
	for i, f := range facilities {
		weights[i] = float64(f.patients)
	}
	parts := shares(visits, weights, 0)
	pooled := 0
	for i := range parts {
		if parts[i] < smallestVisit {
			pooled += parts[i]
			parts[i] = 0
		}
	}
	largest := slices.Index(parts, slices.Max(parts))
	if pooled < smallestVisit {
		parts[largest] += pooled
		pooled = 0
	}
	for i := 0; pooled > 0; i = (i + 1) % len(parts) {
		given := min(pooled, largestVisit)
		if pooled-given < smallestVisit {
			given = pooled
		}
		parts[i] += given
		pooled -= given
	}
	largest = slices.Index(parts, slices.Max(parts))
	for i, f := range facilities {
		f.events = f.patients + parts[i]
		f.long = f.patients >= 20 && (parts[i] >= 1200 || i == largest && parts[i] >= 100)
	}
}

// zipf gives weights that fall with the rank: the first is a multiple of the middle one.
func zipf(count int, exponent float64) []float64 {
	weights := make([]float64, count)
	for i := range weights {
		weights[i] = 1 / math.Pow(float64(i+1), exponent)
	}
	return weights
}

// shares divides a total by weights into whole parts of at least least, which add up to it. The first get what
// rounding leaves.
func shares(total int, weights []float64, least int) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	parts := make([]int, len(weights))
	left := total - least*len(weights)
	free := left
	for i, w := range weights {
		parts[i] = least + int(float64(free)*w/sum)
		left -= parts[i] - least
	}
	for i := 0; left > 0; i = (i + 1) % len(parts) {
		parts[i]++
		left--
	}
	return parts
}
