package packs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

func TestWhatWasReadBeforeAChangeIsNotRemembered(t *testing.T) {
	t.Parallel()
	var r remembered[string]
	tenant := uuid.New()
	ask := func(now string, during func()) string {
		got, err := r.of(tenant, func() (string, error) {
			if during != nil {
				during()
			}
			return now, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	// A change is made and told while somebody is on the way with what was before it.
	ask("before", func() { r.forget(tenant) })
	if got := ask("after", nil); got != "after" {
		t.Errorf("somebody is told %q", got)
	}
	if got := ask("later", nil); got != "after" {
		t.Errorf("within a second it is read again: %q", got)
	}
	if other, _ := r.of(uuid.New(), func() (string, error) { return "other", nil }); other != "other" {
		t.Errorf("another tenant is told %q", other)
	}
	time.Sleep(rememberedFor)
	if got := ask("later", nil); got != "later" {
		t.Errorf("after a second it is still %q", got)
	}
	if _, err := r.of(uuid.New(), func() (string, error) { return "", fmt.Errorf("no answer") }); err == nil {
		t.Error("a failure to read is taken for an answer")
	}
}

func TestViewsAreMadeOnceAndForgottenInTime(t *testing.T) {
	t.Parallel()
	var v views
	var made atomic.Int64
	get := func(state string, size int) *view {
		got, err := v.of(t.Context(), viewKey{state: state}, size, false, func() (*view, error) {
			made.Add(1)
			time.Sleep(time.Millisecond)
			return &view{key: state}, nil
		})
		if err != nil || got.key != state {
			t.Errorf("got %v, %v", got, err)
		}
		return got
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { get("a", 1) })
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	for i := range 2 * viewsMost {
		get(fmt.Sprint(i), 1)
		get("a", 1) // in use all the time
	}
	if len(v.known) > viewsMost || v.order.Len() != len(v.known) {
		t.Errorf("%d are kept", len(v.known))
	}
	if before := made.Load(); get("a", 1) == nil || made.Load() != before {
		t.Error("what is in use was forgotten")
	}
	get("large", viewsMostSize+1)
	if v.order.Len() != 1 || v.size != viewsMostSize+1 {
		t.Errorf("%d of %d bytes are kept beside a large one", v.order.Len(), v.size)
	}
	if _, err := v.of(t.Context(), viewKey{state: "broken"}, 1, false, func() (*view, error) { return nil, fmt.Errorf("no database") }); err == nil {
		t.Error("what could not be made was given out")
	}
	get("broken", 1)
}

func TestWhoHoldsAConnectionWaitsForNobodysView(t *testing.T) {
	t.Parallel()
	var v views
	key := viewKey{state: "cold"}
	begun, connectionFree := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		got, err := v.of(t.Context(), key, 1, false, func() (*view, error) {
			close(begun)
			<-connectionFree // as when every connection is held by those who come next
			return &view{key: "first"}, nil
		})
		if err != nil || got.key != "first" {
			t.Error(got, err)
		}
	})
	<-begun
	got, err := v.of(t.Context(), key, 1, true, func() (*view, error) { return &view{key: "own"}, nil })
	if err != nil || got.key != "own" {
		t.Error(got, err)
	}
	// Who holds none waits, but no longer than its request.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := v.of(ctx, key, 1, false, func() (*view, error) { return &view{key: "second"}, nil }); !errors.Is(err, context.Canceled) {
		t.Error(got, err)
	}
	close(connectionFree)
	first.Wait()
	for _, holdsConnection := range []bool{true, false} {
		if got, err := v.of(ctx, key, 1, holdsConnection, nil); err != nil || got.key != "first" {
			t.Error(got, err)
		}
	}
}

// row makes the rows of an installed version.
func row(t *testing.T, content files) (packsdb.ListVersionsRow, packsdb.GetArchivesRow, packsdb.ListManifestsRow) {
	t.Helper()
	c, faults, err := newCandidate(content)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	manifest, err := json.Marshal(c.manifest)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.New()
	return packsdb.ListVersionsRow{ID: id, Pack: c.ID, Version: c.Version, Digest: c.digest[:], Size: int32(c.size)}, packsdb.GetArchivesRow{ID: id, Archive: c.archive},
		packsdb.ListManifestsRow{ID: id, Pack: c.ID, Version: c.Version, Manifest: manifest}
}

func small(id, version, extends, form string) files {
	out := files{"pack.yaml": []byte("id: " + id + "\nversion: " + version + "\nname: " + id + "\nkind: specialty\nextends: [" + extends + "]\nrequires_hm: \"^1\"\nlocales: [en]\n" +
		"encounter_types: [OPD]\nsign_off: {clinician: \"\", date: \"\"}\n")}
	if form != "" {
		out["templates/"+form+".yaml"] = []byte("code: " + form + "\nversion: " + version + "\ntitle: " + id + " " + form + "\nschema: {type: object, properties: {a: {type: string}}}\n")
	}
	return out
}

// tenantOf gives the view of a tenant that installed these, in this order.
func tenantOf(t *testing.T, m *Module, spoil string, all ...files) *view {
	t.Helper()
	return viewIn(t, m, "", spoil, all...)
}

func viewIn(t *testing.T, m *Module, facility, spoil string, all ...files) *view {
	t.Helper()
	var versions []packsdb.ListVersionsRow
	var archives []packsdb.GetArchivesRow
	var manifests []packsdb.ListManifestsRow
	for _, content := range all {
		v, a, f := row(t, content)
		if v.Pack == spoil {
			a.Archive, v.Digest = []byte("spoilt"), []byte("spoilt")
		}
		versions, archives, manifests = append(versions, v), append(archives, a), append(manifests, f)
	}
	v, err := m.makeView(stateOf(uuid.New(), versions), facility, archives, manifests)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOldFormsAreFoundWhateverBecameOfTheirPack(t *testing.T) {
	t.Parallel()
	m := module(t)
	v := tenantOf(t, m, "",
		small("below", "1.0.0", "base", "first"), small("below", "1.10.0", "base", "second"), small("below", "1.9.0", "base", "third"),
		small("over", "1.0.0", "below", "own"), small("over", "2.0.0", "base", ""),
		small("eye", "9.0.0", "base", "mine"))
	if p, err := v.Pack("below"); err != nil || p.Version != "1.10.0" {
		t.Errorf("in use is %v, %v", p.Version, err)
	}
	for _, c := range []struct{ pack, code, version, title string }{
		{"below", "first", "1.0.0", "below first"}, {"below", "second", packsapi.Latest, "below second"}, {"below", "third", "1.9.0", "below third"},
		{"over", "own", "1.0.0", "over own"}, {"over", "first", "1.0.0", "below first"}, // what it extended once
		{"eye", "mine", packsapi.Latest, "eye mine"}, {"eye", "refraction", "1.0.0", "Refraction"}, // what the built-in pack of this id had
		{"eye", "opd_note", "1.0.0", "Outpatient note"}, {"over", "progress_note", packsapi.Latest, "Progress note"},
	} {
		form, err := v.Template(c.pack, c.code, c.version)
		if err != nil || form.Title.In("en") != c.title {
			t.Errorf("%s of %s: %v, %v", c.code, c.pack, form, err)
		}
	}
	for _, c := range [][3]string{{"below", "first", packsapi.Latest}, {"below", "first", "1.9.0"}, {"over", "mine", "9.0.0"}, {"nobody", "first", "1.0.0"}} {
		if form, err := v.Template(c[0], c[1], c[2]); err == nil {
			t.Errorf("%v is %s of %s", c, form.Ref(), form.Pack)
		}
	}
}

// siteForm is a version of a site pack with one form of that version.
func siteForm(id, version, facilities, form string) files {
	out := small(id, version, "base", form)
	out["pack.yaml"] = []byte("id: " + id + "\nversion: " + version + "\nname: " + id + "\nkind: site\nextends: [base]\nrequires_hm: \"^1\"\nlocales: [en]\nfacilities: [" + facilities + "]\n")
	return out
}

func TestFormsOfASitePackAreFoundUnderItsName(t *testing.T) {
	t.Parallel()
	m := module(t)
	all := []files{
		siteForm("clinic", "1.0.0", "", "first"), siteForm("clinic", "1.1.0", "", "second"),
		siteForm("branch", "1.0.0", "NORTH", "third"), siteForm("branch", "2.0.0", "NORTH, EAST", "fourth"), siteForm("branch", "3.0.0", "EAST", "fifth"),
	}
	for _, facility := range []string{"", "NORTH", "EAST"} {
		v := viewIn(t, m, facility, "", all...)
		for _, c := range []struct{ pack, code, version string }{
			{"clinic", "first", "1.0.0"}, {"clinic", "second", "1.1.0"}, {"base", "first", "1.0.0"}, {"eye", "second", "1.1.0"},
			{"branch", "third", "1.0.0"}, {"branch", "fourth", "2.0.0"}, {"branch", "fifth", "3.0.0"},
		} {
			form, err := v.Template(c.pack, c.code, c.version)
			if err != nil || form.Code != c.code || form.Document("en").Schema == nil {
				t.Errorf("in %q, %v: %v, %v", facility, c, form, err)
			}
		}
		// What is begun is stored with the form's own pack, and found by that again.
		begun, err := v.Template("eye", "second", packsapi.Latest)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := v.Template(begun.Pack, begun.Code, begun.Version); err != nil || again != begun || begun.Pack != "clinic" {
			t.Errorf("in %q: %v, %v", facility, again, err)
		}
		if form, err := v.Template("base", "fifth", packsapi.Latest); (err == nil) != (facility == "EAST") {
			t.Errorf("in %q the newest form is %v, %v", facility, form, err)
		}
		if _, err := v.Template("clinic", "opd_note", "1.0.0"); !errors.Is(err, packsapi.ErrUnknownTemplate) {
			t.Errorf("in %q: %v", facility, err)
		}
	}
}

func TestAPackThatCannotBeReadAnyMoreTakesNoOtherAway(t *testing.T) {
	t.Parallel()
	m := module(t)
	all := []files{small("sound", "1.0.0", "base", "first"), small("spoilt", "1.0.0", "base", "second"), small("over_it", "1.0.0", "spoilt", "third")}
	v := tenantOf(t, m, "spoilt", all...)
	if _, err := v.Template("sound", "first", packsapi.Latest); err != nil {
		t.Errorf("the sound pack: %v", err)
	}
	for _, id := range []string{"spoilt", "over_it"} {
		if _, err := v.Pack(id); err == nil || v.problems[id] == "" {
			t.Errorf("%s: %v, %q", id, err, v.problems[id])
		}
	}
	listed := map[string]PackSummary{}
	for _, p := range summaries(v, installed{}, "en") {
		listed[p.ID] = p
	}
	if p := listed["spoilt"]; p.Problem == nil || p.Origin != originTenant || p.Name != "spoilt" {
		t.Errorf("it is listed as %+v", p)
	}
	if p := listed["over_it"]; p.Problem == nil || !strings.Contains(*p.Problem, "extends") {
		t.Errorf("the one over it is listed as %+v", p)
	}
	if p := listed["sound"]; p.Problem != nil {
		t.Errorf("the sound one is listed with %s", *p.Problem)
	}
}

func TestRulesOfAPackThatDoesNotFitHoldBack(t *testing.T) {
	t.Parallel()
	m := module(t)
	ruled := func(content files, rule string) files {
		content["rules/all.yaml"] = []byte(rule + "\n")
		return content
	}
	site := siteForm("clinic", "1.0.0", "NORTH", "own")
	broken := ruled(changed(site, "pack.yaml", "[base]", "[eye]"),
		"- {code: clinic.lost, on: order.create, when: \"order.nothing == 1\", then: {effect: block}, severity: safety, message: Lost.}")
	unfit := changed(siteForm("unruled", "1.0.0", "", "other"), "pack.yaml", "[base]", "[nobody]")
	replaced := ruled(small("eye", "9.0.0", "base", "mine"),
		"- {code: eye.lost, on: task.complete, when: \"task.nothing == 1\", then: {effect: block}, severity: safety, message: Lost.}")
	firing := func(v *view, pack, moment string) []string {
		t.Helper()
		set, err := v.Rules(pack, moment)
		if err != nil {
			t.Fatal(err)
		}
		off := map[string]packsapi.RuleSetting{}
		var listed []string
		for _, r := range set.Rules() {
			off[r.Code] = packsapi.RuleSetting{Disabled: true}
			if r.When == "true" {
				listed = append(listed, r.Code)
				if faults := set.CheckSetting(r.Code, off[r.Code]); len(faults) != 1 {
					t.Errorf("%s can be changed", r.Code)
				}
			}
		}
		firings, err := set.Evaluate(t.Context(), map[string]any{}, off, "en")
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range firings {
			out = append(out, f.Code)
			if f.Effect != packsapi.EffectBlock || f.Severity != packsapi.SeveritySafety || f.OverridableBy != "rules.can_override" || f.Failure == "" || !strings.Contains(f.Message, f.Pack) {
				t.Errorf("%+v", f)
			}
		}
		if !slices.Equal(listed, out) {
			t.Errorf("listed are %v, and %v fire", listed, out)
		}
		return out
	}
	for _, c := range []struct {
		facility, spoil string
		all             []files
		pack, moment    string
		want            string
	}{
		{"NORTH", "", []files{broken}, "eye", packsapi.MomentOrderCreate, "clinic.cannot_be_checked.order_create"},
		{"NORTH", "", []files{broken}, "eye", packsapi.MomentTaskComplete, ""},                                           // it has no rules of this
		{"NORTH", "", []files{broken}, "allopathy", packsapi.MomentOrderCreate, ""},                                      // which it does not cover
		{"", "", []files{broken}, "eye", packsapi.MomentOrderCreate, ""},                                                 // nor anywhere else
		{"NORTH", "clinic", []files{site}, "eye", packsapi.MomentTaskComplete, "clinic.cannot_be_checked.task_complete"}, // nobody knows
		{"", "", []files{unfit}, "base", packsapi.MomentOrderCreate, ""},                                                 // it has none
		{"", "", []files{replaced}, "eye", packsapi.MomentTaskComplete, "eye.cannot_be_checked.task_complete"},
		{"", "", []files{siteForm("sound", "1.0.0", "", "own")}, "eye", packsapi.MomentOrderCreate, ""},
	} {
		v := viewIn(t, m, c.facility, c.spoil, c.all...)
		if got := strings.Join(firing(v, c.pack, c.moment), " "); got != c.want {
			t.Errorf("%s at %s in %q: %q, want %q (%v)", c.pack, c.moment, c.facility, got, c.want, v.problems)
		}
		if len(c.all[0]) > 0 && c.spoil != "" && !v.isSitedIn("NORTH") {
			t.Error("the facility whose pack cannot be read sees the tenant's library")
		}
	}
}
