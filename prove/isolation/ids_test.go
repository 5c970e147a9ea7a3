package isolation_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/prove/figures"
)

// without are the operations that are not tried with foreign ids, each with its reason.
var without = map[string]string{
	"POST /api/auth/logout": "takes no id, and would end the stranger's session",
	"GET /api/stream":       "answers without end; TestTheStream follows it",
}

func operations(c *apptest.Contract) []*apptest.Operation {
	var all []*apptest.Operation
	for i := range c.Operations {
		if o := &c.Operations[i]; without[o.Method+" "+o.Path] == "" {
			all = append(all, o)
		}
	}
	return all
}

// attempts counts what was asked and keeps the answers to ids that nobody has.
type attempts struct {
	*estate
	requests, ids atomic.Int64
	mu            sync.Mutex
	unknown       map[string]apptest.Reply
	tried         map[string]bool
}

// requestID is the same in every request, so that answers can be compared to the byte.
const requestID = "isolation"

func (a *attempts) ask(t *testing.T, who *stranger, r *apptest.Request) apptest.Reply {
	if r.Headers["X-Request-ID"] == "" {
		r = a.Contract.With(r, apptest.Slot{In: "header", Name: "X-Request-ID"}, requestID)
	}
	reply, err := who.Send(t.Context(), r)
	if err != nil {
		t.Errorf("%s: %s %s: %v", who, r.Operation.Method, r.URL(), err)
	}
	a.requests.Add(1)
	if reply.Response != nil && reply.StatusCode == http.StatusUnauthorized && !r.Operation.Public && !strings.HasPrefix(r.Operation.Path, "/api/me/") {
		t.Errorf("%s is signed out: nothing is proved any more", who)
	}
	if reply.Response != nil && reply.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: %s %s: %d %s", who, r.Operation.Method, r.URL(), reply.StatusCode, reply.Body)
	}
	return reply
}

// seen is all that a caller can learn from an answer, apart from the time it took: the id that was sent is taken out.
func seen(r apptest.Reply, sent string) string {
	if r.Response == nil {
		return "nothing"
	}
	header := r.Header.Clone()
	header.Del("Date")
	var all strings.Builder
	fmt.Fprintf(&all, "%d\n", r.StatusCode)
	_ = header.Write(&all)
	all.Write(r.Body)
	return strings.ReplaceAll(all.String(), sent, "(the id)")
}

// hold compares the answers to a foreign id and to one that never existed, in the same slot of the same request.
func (a *attempts) hold(t *testing.T, who *stranger, r *apptest.Request, s apptest.Slot, id string) {
	t.Helper()
	if strings.HasPrefix(r.Operation.Path, "/api/audit/") && a.openedFrom(who, id) {
		return // the tenant's own trail tells each of its facilities which were opened
	}
	a.ids.Add(1)
	place := fmt.Sprintf("%s: %s %s with theirs in %s", who, r.Operation.Method, r.Operation.Path, s)
	key := fmt.Sprint(who, r.Operation.ID, s)
	a.mu.Lock()
	unknown, asked := a.unknown[key]
	a.mu.Unlock()
	nobody := uuid.NewString()
	if asked {
		nobody = unknown.Request.Header.Get("X-Unknown")
	} else {
		unknown = a.ask(t, who, a.Contract.With(r, s, nobody))
		if unknown.Response == nil {
			return
		}
		unknown.Request.Header.Set("X-Unknown", nobody)
		a.mu.Lock()
		a.unknown[key] = unknown
		a.mu.Unlock()
	}
	theirs := a.ask(t, who, a.Contract.With(r, s, id))
	if theirs.Response == nil {
		return
	}
	a.leaks(t, who, theirs, place, id)
	if theirs.StatusCode < http.StatusBadRequest && r.Operation.Method != http.MethodGet {
		t.Errorf("%s was done: %d %s", place, theirs.StatusCode, theirs.Body)
	}
	if seen(theirs, id) == seen(unknown, nobody) {
		return
	}
	// The stranger's own side moves on as well: only what differs at once is told.
	again := a.ask(t, who, a.Contract.With(r, s, nobody))
	if theirs = a.ask(t, who, a.Contract.With(r, s, id)); seen(theirs, id) != seen(again, nobody) {
		t.Errorf("%s (%v) tells more than an id that never was:\n%s\nagainst\n%s", place, a.owners[id], seen(theirs, id), seen(again, nobody))
	}
}

// leaks looks for what is not the stranger's in an answer: an id that was not sent, or the marks of another side.
func (a *attempts) leaks(t *testing.T, who *stranger, reply apptest.Reply, place, sent string) {
	t.Helper()
	for _, id := range apptest.IDShape.FindAllString(string(reply.Body), -1) {
		if id != sent && a.foreign(who, id) {
			t.Errorf("%s shows their id %s (%v): %s", place, id, a.owners[id], reply.Body)
			return
		}
	}
	for _, s := range a.sides {
		if s == who.Side || who.Wide && s.ID == who.Side.ID {
			continue
		}
		if strings.Contains(strings.ToLower(string(reply.Body)), strings.ToLower(s.Mark)) || strings.Contains(string(reply.Body), s.Name+".") {
			t.Errorf("%s shows something of %s: %s", place, s.Name, reply.Body)
			return
		}
	}
}

// sample says how many ids are tried in one slot by one stranger: those of the slot's own kind, and any others.
type sample struct{ ofKind, others int }

func (a *attempts) size(who *stranger, o *apptest.Operation, holds map[string][]auth.Role) sample {
	switch {
	case o.Permission != "" && !who.Wide && !slices.Contains(holds[o.Permission], who.Role):
		return sample{1, 0} // refused before anything is read
	case figures.Long():
		return sample{8, 12}
	}
	return sample{2, 1}
}

// pick chooses ids of the other sides that are foreign to the stranger.
func (a *attempts) pick(who *stranger, o *apptest.Operation, s apptest.Slot, n sample, random *rand.Rand) []string {
	var picked []string
	for _, target := range a.targets(who.Side) {
		var kind, others []string
		for _, id := range target.Pool.Candidates(o, s) {
			if a.foreign(who, id) {
				kind = append(kind, id)
			}
		}
		for id := range target.Pool.IDs {
			if a.foreign(who, id) && !slices.Contains(kind, id) {
				others = append(others, id)
			}
		}
		slices.Sort(others)
		for from, count := range map[*[]string]int{&kind: n.ofKind, &others: n.others} {
			random.Shuffle(len(*from), func(i, j int) { (*from)[i], (*from)[j] = (*from)[j], (*from)[i] })
			picked = append(picked, (*from)[:min(count, len(*from))]...)
		}
		if len(kind) == 0 && len(others) > 0 && n.others == 0 {
			picked = append(picked, others[0])
		}
	}
	return picked
}

// foreignIDs tries ids of the other sides in every slot of every operation, as everybody.
func (a *attempts) foreignIDs(t *testing.T) {
	holds := map[string][]auth.Role{}
	for _, p := range app.Permissions() {
		holds[p.Code] = p.Roles
	}
	var group errgroup.Group
	group.SetLimit(3)
	for number, who := range a.strangers() {
		group.Go(func() error {
			random := rand.New(rand.NewPCG(1, uint64(number)))
			for _, o := range operations(a.Contract) {
				valid := a.Contract.Fill(o, who.Side.values)
				for _, s := range a.Contract.Slots(o) {
					if !s.TakesID() || s.In == "header" {
						continue
					}
					a.mu.Lock()
					a.tried[o.ID+" "+s.String()] = true
					a.mu.Unlock()
					for _, id := range a.pick(who, o, s, a.size(who, o, holds), random) {
						a.hold(t, who, valid, s, id)
					}
				}
			}
			return nil
		})
	}
	_ = group.Wait()
	t.Logf("%d requests so far with %d foreign ids in %d slots", a.requests.Load(), a.ids.Load(), len(a.tried))
	if len(a.tried) < 60 || a.ids.Load() < 1500 {
		t.Errorf("only %d ids in %d slots: the document or the harvest is too thin", a.ids.Load(), len(a.tried))
	}
}

// shownOnPurpose are the places where an id of another facility of the tenant may stand, each with its reason.
var shownOnPurpose = map[string]string{
	"/api/audit/seals results.note":          "a seal is the whole tenant's and is signed with the last entry that it covers, an id behind which that facility's entry stays hidden",
	"/api/audit/events/{id}/proof seal.note": "the same seal, shown with a proof",
}

// openedFrom tells of an id that is nothing but a facility of the stranger's own tenant: that it was opened is in the
// trail of the tenant, or of the facility where that was done.
func (a *attempts) openedFrom(who *stranger, id string) bool {
	return !slices.ContainsFunc(a.owners[id], func(owner apptest.Owner) bool {
		return owner.Table != "facilities.facility" || owner.TenantID != who.Side.ID
	})
}

// ownReads reads everything there is as everybody: no list and no single thing shows what is another side's.
func (a *attempts) ownReads(t *testing.T) {
	var group errgroup.Group
	group.SetLimit(3)
	for _, who := range a.strangers() {
		// In the short form those whose roles read differently.
		if !figures.Long() && !who.Wide && !slices.Contains([]auth.Role{auth.Admin, auth.Doctor, auth.Auditor, auth.Biller}, who.Role) {
			continue
		}
		group.Go(func() error {
			own := apptest.NewPool()
			a.requests.Add(int64(own.Harvest(t, who.Client)))
			for id, members := range own.IDs {
				maps.DeleteFunc(members, func(place string, _ bool) bool {
					return shownOnPurpose[place] != "" || strings.HasPrefix(place, "/api/audit/") && a.openedFrom(who, id)
				})
				if a.foreign(who, id) && len(members) > 0 {
					t.Errorf("%s is shown the id %s as %v: it is of %v", who, id, members, a.owners[id])
				}
			}
			for _, s := range a.sides {
				if s == who.Side || who.Wide && s.ID == who.Side.ID {
					continue
				}
				if text, found := own.Holds(s.Mark); found {
					t.Errorf("%s is shown %q of %s", who, text, s.Name)
				}
			}
			return nil
		})
	}
	_ = group.Wait()
}
