package packs

import (
	"fmt"
	"runtime"
	"testing"
	"testing/fstest"
	"weak"
)

// choosingPack is a pack with one form, whose choices come from a value set.
func choosingPack(t *testing.T) *pack {
	t.Helper()
	p := loadedPack(t, fstest.MapFS{
		"pack.yaml":              {Data: []byte("id: choosing\nversion: 1.0.0\nname: Choosing\nkind: specialty\nextends: [base]\nrequires_hm: \"^1\"\nlocales: [en]\n")},
		"templates/choice.yaml":  {Data: []byte("code: choice\nversion: 1.0.0\ntitle: Choice\nschema: {type: object, properties: {a: {type: string, x-valueset: answers}}}\n")},
		"valuesets/answers.yaml": {Data: []byte("code: answers\ntitle: Answers\noptions: [{code: sure, title: Sure}]\n")},
	})
	p.proved = true
	return p
}

// siteOver is a tenant's pack that adds an answer.
func siteOver(t *testing.T, answer string) *pack {
	t.Helper()
	return loadedPack(t, fstest.MapFS{
		"pack.yaml":              {Data: []byte("id: site\nversion: 1.0.0\nname: Site\nkind: site\nextends: [choosing]\nrequires_hm: \"^1\"\nlocales: [en]\n")},
		"valuesets/answers.yaml": {Data: []byte("code: answers\noptions: [{code: " + answer + ", title: " + answer + "}]\n")},
	})
}

func TestMemoryOfAPackDoesNotGrowWithItsTenants(t *testing.T) {
	t.Parallel()
	own := choosingPack(t)
	for i := range 4 * variantsMost {
		joined(t, "", own, siteOver(t, fmt.Sprintf("answer%d", i)))
	}
	for n, kept := range own.memo.compiled {
		if len(kept) > variantsMost {
			t.Errorf("%d results are kept of %s:%d", len(kept), n.at.file, n.at.line)
		}
	}
	last := fmt.Sprintf("answer%d", 4*variantsMost-1)
	one, two := joined(t, "", own, siteOver(t, last)), joined(t, "", own, siteOver(t, last))
	if len(own.memo.compiled) == 0 || one.packs["choosing"].form("choice") != two.packs["choosing"].form("choice") {
		t.Error("what is the same was compiled twice")
	}
	if faults := one.packs["choosing"].form("choice").Validate(map[string]any{"a": last}, true); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestMemoryOfAPackHoldsNoTenantsPack(t *testing.T) {
	t.Parallel()
	own := choosingPack(t)
	tenants := func() weak.Pointer[pack] {
		site := siteOver(t, "maybe")
		joined(t, "", own, site)
		return weak.Make(site)
	}()
	runtime.GC()
	if tenants.Value() != nil {
		t.Error("what was compiled of one pack keeps another in memory")
	}
	runtime.KeepAlive(own)
}
