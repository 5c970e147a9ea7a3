package packs

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// loadedPack loads a pack folder that must have no fault of its own.
func loadedPack(t testing.TB, files fstest.MapFS) *pack {
	t.Helper()
	p, faults := load(files, false)
	for _, f := range faults {
		t.Error(f)
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

// joined joins packs that must fit each other, with the base pack.
func joined(t testing.TB, facility string, packs ...*pack) *Library {
	t.Helper()
	var all []*pack
	for _, p := range base(t).sources {
		if p.ID == packsapi.Base {
			all = append(all, p)
		}
	}
	l, faults := join(append(all, packs...), facility)
	for _, f := range faults {
		t.Error(f)
	}
	if t.Failed() {
		t.FailNow()
	}
	return l
}

// site is a site pack over herbal.
func site(id string, facilities string, files map[string]string) fstest.MapFS {
	out := packFiles(id, files)
	manifest := "id: " + id + "\nversion: 1.0.0\nname: Site\nkind: site\nextends: [herbal]\nrequires_hm: \"^1\"\nlocales: [en]\n"
	if facilities != "" {
		manifest += "facilities: [" + facilities + "]\n"
	}
	out["pack.yaml"] = &fstest.MapFile{Data: []byte(manifest)}
	return out
}

func TestSitePackChangesWhatItNamesAndNothingElse(t *testing.T) {
	t.Parallel()
	own := loadedPack(t, herbal())
	tenant := loadedPack(t, site("clinic", "", map[string]string{
		"labels/en.yaml":       "diagnosis: Finding\n",
		"catalog/more.yaml":    "- {code: KASHAYA, name: House decoction}\n- {code: RASA-1, hidden: true}\n- {code: TEA, name: Tea, order_type: HERBAL, order: -1}\n",
		"valuesets/taste.yaml": "code: taste\noptions: [{code: salty, title: Salty}, {code: bitter, hidden: true}]\n",
		"workflows/opd.yaml":   "encounter_type: OPD\nsteps: [{code: tongue, title: Look at the tongue first, order: -1}]\n",
		"rules/all.yaml":       "- {code: herbal.pair, then: {effect: warn}, severity: warning}\n- {code: herbal.old, hidden: true}\n",
		"theme.yaml":           "icon: moon\n",
		"patient.yaml":         "properties: {district: {type: string, x-search: true}}\n",
	}))
	branch := loadedPack(t, site("branch", "NORTH", map[string]string{
		"catalog/more.yaml": "- {code: KASHAYA, name: Northern decoction}\n",
	}))
	plain, everywhere, north := joined(t, "", own), joined(t, "", own, tenant, branch), joined(t, "NORTH", branch, own, tenant)

	if got := len(everywhere.Packs()); got != 2 {
		t.Errorf("%d packs can be used: a site pack cannot", got)
	}
	name := func(l *Library, code string) string {
		c, err := l.Catalog("herbal")
		if err != nil {
			t.Fatal(err)
		}
		s, ok := c.Service(code)
		if !ok {
			return "none"
		}
		return s.Name.In("en") + " of " + s.Pack
	}
	for code, want := range map[string][3]string{
		"KASHAYA": {"Decoction of herbal", "House decoction of herbal", "Northern decoction of herbal"},
		"RASA-1":  {"Mercurial of herbal", "none", "none"},
		"TEA":     {"none", "Tea of clinic", "Tea of clinic"},
	} {
		if got := [3]string{name(plain, code), name(everywhere, code), name(north, code)}; got != want {
			t.Errorf("%s is %v", code, got)
		}
	}
	catalog, err := everywhere.Catalog("herbal")
	if err != nil || catalog.Services()[0].Code != "TEA" {
		t.Error("an order of -1 does not come first", err)
	}

	if choices := choicesOf(t, everywhere, "taste"); !slices.Equal(choices, []string{"sweet", "salty"}) {
		t.Error(choices)
	}
	if choices := choicesOf(t, plain, "taste"); !slices.Equal(choices, []string{"sweet", "bitter"}) {
		t.Error("the pack itself changed:", choices)
	}
	w, err := everywhere.Workflow("herbal", "OPD")
	if err != nil || w.Steps[0].Code != "tongue" || w.Steps[0].Title.In("en") != "Look at the tongue first" || w.Steps[0].Role != "doctor" {
		t.Errorf("%+v %v", w, err)
	}
	rules, err := everywhere.Rules("herbal", packsapi.MomentOrderCreate)
	if err != nil || len(rules.Rules()) != 1 || rules.Rules()[0].Then.Effect != "warn" || rules.Rules()[0].Pack != "herbal" || rules.Rules()[0].When == "" {
		t.Errorf("%+v %v", rules.Rules(), err)
	}
	shown, err := everywhere.Presentation("herbal", "en")
	if err != nil || shown.Theme != (packsapi.Theme{Primary: "#0b6e4f", Icon: "moon"}) || shown.Labels["diagnosis"] != "Finding" {
		t.Errorf("%+v %v", shown.Theme, err)
	}
	if words, _ := everywhere.Presentation(packsapi.Base, "en"); words.Labels["diagnosis"] == "Finding" {
		t.Error("a pack that the site does not extend has its word")
	}
	form, err := everywhere.PatientData("herbal")
	if err != nil || len(form.Search) != 2 {
		t.Errorf("%+v %v", form, err)
	}
}

// choicesOf lists what a field of the tongue form offers.
func choicesOf(t *testing.T, l *Library, fieldName string) []string {
	t.Helper()
	f := l.packs["herbal"].form("tongue").form()
	var out []string
	for _, o := range f.schema.source.get("properties").get(fieldName).get("oneOf").items {
		code, _ := o.get("const").str()
		out = append(out, code)
	}
	return out
}

func TestSitePackThatDoesNotFitIsLeftOut(t *testing.T) {
	t.Parallel()
	own := loadedPack(t, herbal())
	bad := loadedPack(t, site("broken", "", map[string]string{"rules/r.yaml": "- {code: herbal.pair, when: \"order.nothing == 1\"}\n"}))
	good := loadedPack(t, site("clinic", "", map[string]string{"labels/en.yaml": "diagnosis: Finding\n"}))
	l, faults := join([]*pack{own, bad, good, basePack(t)}, "")
	if len(faults) != 1 || faults[0].File != "broken/rules/r.yaml" || faults[0].Line != 1 {
		t.Error(faults)
	}
	shown, err := l.Presentation("herbal", "en")
	if err != nil || shown.Labels["diagnosis"] != "Finding" {
		t.Error("a good site pack went with the bad one", shown.Labels, err)
	}
	rules, err := l.Rules("herbal", packsapi.MomentOrderCreate)
	if err != nil || len(rules.Rules()) != 2 {
		t.Error("the pack's own rules went", err)
	}
}

func basePack(t testing.TB) *pack {
	t.Helper()
	i := slices.IndexFunc(base(t).sources, func(p *pack) bool { return p.ID == packsapi.Base })
	return base(t).sources[i]
}

func TestPackThatIsFaultyTakesThoseOverItAlong(t *testing.T) {
	t.Parallel()
	lower := herbal()
	lower["rules/bad.yaml"] = &fstest.MapFile{Data: []byte("- {code: herbal.bad, on: order.create, when: \"order.nothing\", then: {effect: warn}, severity: info, message: X}\n")}
	upper := packFiles("upper", nil)
	upper["pack.yaml"].Data = []byte(strings.Replace(string(upper["pack.yaml"].Data), "[base]", "[herbal]", 1))
	l, faults := join([]*pack{basePack(t), loadedPack(t, upper), loadedPack(t, lower)}, "")
	if len(faults) != 1 || faults[0].File != "herbal/rules/bad.yaml" {
		t.Error(faults)
	}
	if len(l.Packs()) != 1 {
		t.Error(l.Packs())
	}
}

func TestCompiledContentIsSharedBetweenLibraries(t *testing.T) {
	t.Parallel()
	own := loadedPack(t, herbal())
	one, two := joined(t, "", own), joined(t, "NORTH", own)
	a, errA := one.Template("herbal", "tongue", packsapi.Latest)
	b, errB := two.Template("herbal", "tongue", packsapi.Latest)
	if errA != nil || errB != nil || a != b {
		t.Error("the same form was compiled twice")
	}
	changed := joined(t, "", own, loadedPack(t, site("clinic", "", map[string]string{"valuesets/t.yaml": "code: taste\noptions: [{code: salty, title: Salty}]\n"})))
	if c, err := changed.Template("herbal", "tongue", packsapi.Latest); err != nil || c == a {
		t.Error("a form with other choices is the same form")
	}
	rulesOne, rulesTwo := one.packs["herbal"].rules, two.packs["herbal"].rules
	if !maps.Equal(rulesOne, rulesTwo) {
		t.Error("the same rules were compiled twice")
	}
}
