package clinicaldocs_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
)

// model is what the module should hold, in the simplest words.
type model struct {
	drafts    []uuid.UUID
	complete  map[uuid.UUID]bool // drafts whose payload satisfies the template
	discarded map[uuid.UUID]bool
	became    map[uuid.UUID]int // draft to its place in chains
	chains    [][]uuid.UUID
}

func (m *model) isDraft(documentID uuid.UUID) bool { return slices.Contains(m.drafts, documentID) }

func (m *model) all() []uuid.UUID {
	return append(slices.Concat(m.chains...), append(slices.Clone(m.drafts), uuid.Max)...)
}

// Whatever is asked for in whatever order, what is answered and stored is what the model says.
func TestChainsFollowTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
			w := newWard(ctx, t, tx)
			m := &model{complete: map[uuid.UUID]bool{}, discarded: map[uuid.UUID]bool{}, became: map[uuid.UUID]int{}}
			rt.Repeat(map[string]func(*rapid.T){
				"draft":    func(rt *rapid.T) { m.draft(ctx, rt, tx, w) },
				"replace":  func(rt *rapid.T) { m.replace(ctx, rt, tx, w) },
				"discard":  func(rt *rapid.T) { m.discard(ctx, rt, tx, w) },
				"finalize": func(rt *rapid.T) { m.finalize(ctx, rt, tx, w) },
				"amend":    func(rt *rapid.T) { m.amend(ctx, rt, tx, w) },
			})
			m.check(ctx, rt, tx, w)
		})
	})
}

func drawPayload(rt *rapid.T) (payload object, complete bool) {
	payload = object{"vata": float64(rapid.IntRange(0, 30).Draw(rt, "vata"))}
	if complete = rapid.Bool().Draw(rt, "complete"); complete {
		payload["pitta"] = 1.0
	}
	return payload, complete
}

func (m *model) draft(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	payload, complete := drawPayload(rt)
	d, err := w.Draft(ctx, tx, w.input("score", payload))
	if err != nil {
		rt.Fatal(err)
	}
	m.drafts = append(m.drafts, d.ID)
	m.complete[d.ID] = complete
}

// expect compares an answer's error with the code the model foresees; empty for none.
func expect(rt *rapid.T, err error, code string) bool {
	got := ""
	if e := errs.Of(err); e != nil {
		got = e.Code
	} else if err != nil {
		rt.Fatal(err)
	}
	if got != code {
		rt.Fatalf("got %q, want %q", got, code)
	}
	return err == nil
}

// asDraft is why an id cannot be changed as a draft; empty when it can.
func (m *model) asDraft(documentID uuid.UUID) string {
	_, finalized := m.became[documentID]
	switch {
	case documentID == uuid.Max || m.discarded[documentID]:
		return "clinicaldocs.not_found"
	case !m.isDraft(documentID) || finalized:
		return "clinicaldocs.not_a_draft"
	}
	return ""
}

func (m *model) replace(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	d := rapid.SampledFrom(m.all()).Draw(rt, "document")
	payload, complete := drawPayload(rt)
	_, err := w.Replace(ctx, tx, replace(d, payload))
	if expect(rt, err, m.asDraft(d)) {
		m.complete[d] = complete
	}
}

func (m *model) discard(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	d := rapid.SampledFrom(m.all()).Draw(rt, "document")
	_, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: d})
	if expect(rt, err, m.asDraft(d)) {
		m.discarded[d] = true
	}
}

func (m *model) finalize(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	d := rapid.SampledFrom(m.all()).Draw(rt, "document")
	final, err := w.Finalize(ctx, tx, finalize(d))
	if chain, finalized := m.became[d]; finalized {
		if err != nil || final.ID != m.chains[chain][0] || final.WasCreated() {
			rt.Fatalf("again gives %v, %v", final.ID, err)
		}
		return
	}
	foreseen := m.asDraft(d)
	if foreseen == "" && !m.complete[d] {
		foreseen = "clinicaldocs.payload_invalid"
	}
	if expect(rt, err, foreseen) {
		m.became[d] = len(m.chains)
		m.chains = append(m.chains, []uuid.UUID{final.ID})
	}
}

func (m *model) amend(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	d := rapid.SampledFrom(m.all()).Draw(rt, "document")
	amended, err := w.Amend(ctx, tx, patch(d, object{"vata": 3.0}))
	chain := slices.IndexFunc(m.chains, func(c []uuid.UUID) bool { return c[len(c)-1] == d })
	switch {
	case d == uuid.Max || m.discarded[d]:
		expect(rt, err, "clinicaldocs.not_found")
	case chain < 0:
		expect(rt, err, "clinicaldocs.not_current")
	default:
		if expect(rt, err, "") {
			m.chains[chain] = append(m.chains[chain], amended.ID)
		}
	}
}

func (m *model) check(ctx context.Context, rt *rapid.T, tx db.Tx, w ward) {
	for _, chain := range m.chains {
		page, err := w.History(ctx, tx, clinicaldocs.ByID{ID: chain[0]})
		if err != nil || !slices.Equal(ids(page.Results), chain) {
			rt.Fatalf("the history is %v, %v, want %v", ids(page.Results), err, chain)
		}
		for i, d := range page.Results {
			last := i == len(chain)-1
			if d.Version != int32(i+1) || (d.SupersededByID == nil) != last || (len(d.Actions) == 1) != last {
				rt.Fatalf("version %d of %d is %+v", i+1, len(chain), d)
			}
		}
	}
	page, err := w.Latest(ctx, tx, clinicaldocs.LatestInput{Of: clinicaldocs.Of{EncounterID: w.encounter}})
	if err != nil {
		rt.Fatal(err)
	}
	var want []uuid.UUID
	if n := len(m.chains); n > 0 {
		newest := m.chains[n-1]
		want = []uuid.UUID{newest[len(newest)-1]}
	}
	if got := ids(page.Results); !slices.Equal(got, want) {
		rt.Fatalf("latest is %v, want %v", got, want)
	}
	in := clinicaldocs.ListInput{Of: clinicaldocs.Of{EncounterID: w.encounter, IncludeDrafts: true}}
	in.Limit = 200
	all, err := w.List(ctx, tx, in)
	if open := len(m.drafts) - len(m.discarded) - len(m.became); err != nil || len(all.Results) != len(m.chains)+open {
		rt.Fatalf("the list has %d, %v, want %d documents and %d drafts", len(all.Results), err, len(m.chains), open)
	}
}
