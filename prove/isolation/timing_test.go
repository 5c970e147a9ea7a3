package isolation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/prove/figures"
)

// pair is one thing asked about what is theirs and about what never was. Nobody may tell the two by the clock.
type pair struct {
	name           string
	theirs, nobody func(random *rand.Rand) func() error
	// tenth pairs are slow, and sampled a tenth as often.
	tenth bool

	times [2][]float64 // seconds
}

// tolerance is by how much the medians may differ.
const tolerance = 0.20

// timing samples every pair in a mixed order and compares the medians. A difference counts when even the cautious end
// of its interval is above the tolerance, and again so when measured anew. Only the long form asserts it: what else
// the machine does in the short one is anybody's guess.
func (a *attempts) timing(t *testing.T) map[string]any {
	samples := 3
	if figures.Long() {
		samples = 300
	}
	random := rand.New(rand.NewPCG(7, 11))
	pairs := slices.Concat(a.idPairs(), a.searchPairs(), a.signInPairs(t))
	a.sampleAll(t, pairs, samples, random)
	worst, over := "", 0.0
	for _, p := range pairs {
		ratio, low, high := p.compare(random)
		if beyond := distance(low, high); figures.Long() && beyond > tolerance {
			t.Logf("%s: %.2f times (%.2f to %.2f) at first", p.name, ratio, low, high)
			p.times = [2][]float64{}
			a.sampleAll(t, []*pair{p}, samples, random)
			if ratio, low, high = p.compare(random); distance(low, high) > tolerance {
				t.Errorf("%s takes %.2f times as long (%.2f to %.2f) as what never was: the clock tells", p.name, ratio, low, high)
			}
		}
		if d := max(ratio, 1/ratio) - 1; d > over {
			worst, over = p.name, d
		}
		t.Logf("%-90s %.3f (%.3f to %.3f), median %.2f ms", p.name, ratio, low, high, 1000*median(p.times[0]))
	}
	return map[string]any{
		"timing_pairs": len(pairs), "timing_samples": samples, "timing_asserted": figures.Long(),
		"timing_worst_percent": fmt.Sprintf("%.1f", 100*over), "timing_worst_pair": worst,
	}
}

func (a *attempts) sampleAll(t *testing.T, pairs []*pair, samples int, random *rand.Rand) {
	t.Helper()
	for round := range samples {
		if figures.Long() && round%30 == 0 {
			a.stayIn(t)
		}
		for _, i := range random.Perm(len(pairs)) {
			p := pairs[i]
			if p.tenth && round%10 != 0 {
				continue
			}
			for _, which := range random.Perm(2) {
				ask := [2]func(*rand.Rand) func() error{p.theirs, p.nobody}[which](random)
				began := time.Now()
				err := ask()
				p.times[which] = append(p.times[which], time.Since(began).Seconds())
				if err != nil {
					t.Fatalf("%s: %v", p.name, err)
				}
			}
		}
	}
}

// compare gives the ratio of the medians and its interval, by resampling: the times have a long tail, and no shape.
func (p *pair) compare(random *rand.Rand) (ratio, low, high float64) {
	const resamples = 2000
	ratios := make([]float64, resamples)
	for i := range ratios {
		ratios[i] = median(resample(p.times[0], random)) / median(resample(p.times[1], random))
	}
	slices.Sort(ratios)
	return median(p.times[0]) / median(p.times[1]), ratios[resamples/200], ratios[resamples-1-resamples/200]
}

// distance is how far from 1 an interval surely is, whichever side takes longer.
func distance(low, high float64) float64 { return max(low-1, 1/high-1, 0) }

func resample(from []float64, random *rand.Rand) []float64 {
	drawn := make([]float64, len(from))
	for i := range drawn {
		drawn[i] = from[random.IntN(len(from))]
	}
	return drawn
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// asking sends a request that some value is put into.
func (a *attempts) asking(who *stranger, r *apptest.Request) func() error {
	return func() error {
		a.requests.Add(1)
		reply, err := who.Send(context.Background(), r)
		return wentWrong(reply, err)
	}
}

// wentWrong tells of an answer whose time means nothing.
func wentWrong(reply apptest.Reply, err error) error {
	if err == nil && (reply.StatusCode >= http.StatusInternalServerError || reply.StatusCode == http.StatusUnauthorized) {
		err = fmt.Errorf("%d %s", reply.StatusCode, reply.Body)
	}
	return err
}

// idPairs are every slot that takes an id, with one of the right kind of theirs: reads, changes and acts alike, of
// another tenant and of a sibling facility.
func (a *attempts) idPairs() (pairs []*pair) {
	for _, who := range a.strangers() {
		if who.Role != auth.Admin {
			continue
		}
		for _, o := range operations(a.Contract) {
			if o.Permission == "" {
				continue
			}
			valid := a.Contract.Fill(o, who.Side.values)
			for _, s := range a.Contract.Slots(o) {
				kind := a.pick(who, o, s, sample{20, 0}, rand.New(rand.NewPCG(1, 1)))
				kind = slices.DeleteFunc(kind, func(id string) bool { return !slices.Contains(a.targets(who.Side)[0].Pool.Candidates(o, s), id) })
				if !s.TakesID() || s.In == "header" || len(kind) == 0 {
					continue
				}
				put := func(id string) func() error { return a.asking(who, a.Contract.With(valid, s, id)) }
				pairs = append(pairs, &pair{
					name:   fmt.Sprintf("%s %s %s %s", who, o.Method, o.Path, s),
					theirs: func(random *rand.Rand) func() error { return put(kind[random.IntN(len(kind))]) },
					nobody: func(*rand.Rand) func() error { return put(uuid.NewString()) },
				})
			}
		}
	}
	return pairs
}

// searchPairs look for a name, a number and a telephone that only the other side has.
func (a *attempts) searchPairs() (pairs []*pair) {
	target := a.sides[0]
	for _, who := range a.strangers() {
		if who.Role != auth.Admin {
			continue
		}
		read := func(path string) func(*rand.Rand) func() error {
			return func(*rand.Rand) func() error {
				return func() error {
					a.requests.Add(1)
					return wentWrong(who.Try(context.Background(), http.MethodGet, path, nil))
				}
			}
		}
		for theirs, nobodys := range map[string]string{
			"/api/patients?mrn=" + url.QueryEscape(target.mrn()+"2"):     "/api/patients?mrn=" + url.QueryEscape(strings.Repeat("X", len(target.mrn()))+"2"),
			"/api/patients?phone=" + target.Phone:                        "/api/patients?phone=5555099999",
			"/api/patients?q=" + url.QueryEscape(target.Mark):            "/api/patients?q=" + url.QueryEscape(strings.Repeat("w", len(target.Mark))),
			"/api/patients/duplicates?full_name=N&phone=" + target.Phone: "/api/patients/duplicates?full_name=N&phone=5555099999",
			"/api/users?q=" + target.Name:                                "/api/users?q=" + strings.Repeat("w", len(target.Name)),
		} {
			name, _, _ := strings.Cut(theirs, "=")
			pairs = append(pairs, &pair{name: fmt.Sprintf("%s GET %s=", who, name), theirs: read(theirs), nobody: read(nobodys)})
		}
		scoped := func(facility func() uuid.UUID) func(*rand.Rand) func() error {
			return func(*rand.Rand) func() error {
				header := facility().String()
				return func() error {
					a.requests.Add(1)
					return wentWrong(who.Try(context.Background(), http.MethodGet, "/api/patients", nil, "X-Facility-ID", header))
				}
			}
		}
		pairs = append(pairs, &pair{
			name:   fmt.Sprintf("%s GET /api/patients header X-Facility-ID", who),
			theirs: scoped(func() uuid.UUID { return target.Facility }), nobody: scoped(uuid.New),
		})
	}
	return pairs
}

// signInPairs are a wrong password and a closed account against a name that nobody has.
func (a *attempts) signInPairs(t *testing.T) []*pair {
	try := func(username string) func(*rand.Rand) func() error {
		return func(*rand.Rand) func() error {
			// The count of failures is not what is timed.
			a.DB.AsSuperuser(t, `DELETE FROM iam.sign_in_throttle`)
			return func() error {
				a.requests.Add(1)
				reply, err := (&apptest.Client{House: a.House}).Try(context.Background(), http.MethodPost, "/api/auth/token", object{"username": username, "password": "not the password"})
				if err == nil && reply.StatusCode != http.StatusUnauthorized {
					err = fmt.Errorf("%d %s", reply.StatusCode, reply.Body)
				}
				return err
			}
		}
	}
	return []*pair{
		{name: "signing in with a wrong password", theirs: try("asha.main.nurse"), nobody: try("asha.main.nobod"), tenth: !figures.Long()},
		{name: "signing in to a closed account", theirs: try("closed.account"), nobody: try("nobody.account"), tenth: !figures.Long()},
	}
}
