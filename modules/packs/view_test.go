package packs

import (
	"encoding/json"
	"errors"
	"fmt"
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
		got, err := v.of(viewKey{state: state}, size, func() (*view, error) {
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
	if _, err := v.of(viewKey{state: "broken"}, 1, func() (*view, error) { return nil, fmt.Errorf("no database") }); err == nil {
		t.Error("what could not be made was given out")
	}
	get("broken", 1)
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
