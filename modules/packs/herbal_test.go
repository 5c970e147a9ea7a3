package packs

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// herbal is a small whole pack with every file a pack may have, as files that a test may change.
func herbal() fstest.MapFS {
	out := fstest.MapFS{}
	folder := os.DirFS("testdata/herbal")
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		panic(err) // the files stand beside this one
	}
	return out
}

func TestWholePackHasNoFault(t *testing.T) {
	t.Parallel()
	for _, f := range Check(herbal(), base(t)) {
		t.Error(f)
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	l := joined(t, "", loadedPack(t, herbal()))
	c, err := l.Catalog("herbal")
	if err != nil {
		t.Fatal(err)
	}
	codes := []string{}
	for _, s := range c.Services() {
		if s.Pack == "herbal" {
			codes = append(codes, s.Code)
		}
	}
	if diff := cmp.Diff([]string{"BEFORE", "BLOOD", "KASHAYA", "LIVER", "METALS", "RASA-1"}, codes); diff != "" {
		t.Error(diff)
	}
	k, ok := c.Service("KASHAYA")
	if !ok || k.Name.In("hi") != "काढ़ा" || k.Tasks[0].Role != "pharmacist" || k.Tasks[0].DueIn.Hours() != 2 || k.DuplicateWithin.Hours() != 48 {
		t.Errorf("%+v", k)
	}
	rasa, _ := c.Service("RASA-1")
	if rasa.TurnAround.Routine.Hours() != 4 || rasa.TurnAround.Stat.Minutes() != 45 || rasa.TurnAround.Urgent != 0 {
		t.Errorf("%+v", rasa.TurnAround)
	}
	for data, want := range map[string]string{
		`{"dose_ml": 60, "taste": "sweet"}`: "",
		`{"dose_ml": 500}`:                  "data.dose_ml: Dose must be at most 120.",
		`{"taste": "sour"}`:                 "data.dose_ml: Dose is required. data.taste: Taste must be one of the choices offered.",
		`{"dose_ml": 60, "colour": "blue"}`: "data.colour: This form has no such field.",
	} {
		if got := told(k.ValidateData(decode(t, data), true)); got != want {
			t.Errorf("%s: %s", data, got)
		}
	}
	if got := told(rasa.ValidateData(map[string]any{"x": 1}, true)); got != "data: This service takes no further data." {
		t.Error(got)
	}
	if rasa.ValidateData(nil, true) != nil || rasa.DataSchema("en") != nil || !strings.Contains(string(k.DataSchema("hi")), "मीठा") {
		t.Error("a service without data, or the words of one with them")
	}
	if _, ok := c.Service("NOTHING"); ok {
		t.Error("there is such a service")
	}
	sets := c.OrderSets()
	i := slices.IndexFunc(sets, func(s packsapi.OrderSet) bool { return s.Code == "first-visit" })
	if i < 0 || sets[i].Pack != "herbal" || sets[i].Items[0].Quantity != 14 || sets[i].Items[1].Quantity != 1 || sets[i].Items[1].Priority != "urgent" {
		t.Errorf("%+v", sets)
	}
}

func told(faults []packsapi.Fault) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.Path + ": " + f.Message
	}
	return strings.Join(lines, " ")
}

func TestDataOfPatientsAndEncounters(t *testing.T) {
	t.Parallel()
	l := joined(t, "", loadedPack(t, herbal()))
	patient, err := l.PatientData("herbal")
	if err != nil {
		t.Fatal(err)
	}
	want := []packsapi.SearchField{{Name: "constitution", Title: packsapi.Text{"en": "Constitution"}, Kind: packsapi.SearchCode, Codes: []string{"warm", "cold"}}}
	if diff := cmp.Diff(want, patient.Search); diff != "" {
		t.Error(diff)
	}
	if got := told(patient.Validate(map[string]any{"constitution": "hot", "allergies": []any{1}}, true)); got !=
		"data.allergies[0]: Allergies must be text. data.constitution: Constitution must be one of the choices offered." &&
		!strings.Contains(got, "data.constitution: Constitution must be one of the choices offered.") {
		t.Error(got)
	}
	if got := patient.Validate(nil, true); got != nil {
		t.Error(got)
	}
	if !strings.Contains(string(patient.Document("en")), `"const":"warm"`) {
		t.Error(string(patient.Document("en")))
	}
	encounter, err := l.EncounterData("herbal")
	if err != nil || encounter.Search[0].Kind != packsapi.SearchText {
		t.Errorf("%+v %v", encounter, err)
	}
	if form, err := l.PatientData(packsapi.Base); err != nil || form != nil {
		t.Log("base has a form of its own now")
	}
	if _, err := l.PatientData("nowhere"); err == nil {
		t.Error("there is such a pack")
	}
}

func TestPresentation(t *testing.T) {
	t.Parallel()
	l := joined(t, "", loadedPack(t, herbal()))
	hindi, err := l.Presentation("herbal", "hi-IN")
	if err != nil {
		t.Fatal(err)
	}
	if hindi.Labels["tongue"] != "जिह्वा" || hindi.Labels["vitals"] == "" || hindi.Theme.Icon != "leaf" {
		t.Errorf("%+v", hindi)
	}
	english, err := l.Presentation("herbal", "fr")
	if err != nil || english.Labels["diagnosis"] != "Pattern" || english.Labels["patient"] != "Patient" {
		t.Errorf("%v %v", english.Labels, err)
	}
	types := map[string]string{}
	for _, c := range append(english.EncounterTypes, english.OrderTypes...) {
		types[c.Code] = c.Name
	}
	if types["THERAPY"] == "" || types["HERBAL"] != "Decoction" || types["LAB"] == "" || types["IPD"] != "" {
		t.Error(types)
	}
	if !slices.Contains(english.Navigation, packsapi.NavigationItem{Code: "orders", Title: "Decoction", Screen: "orders"}) {
		t.Errorf("a title that is a label's key is not shown as the label: %+v", english.Navigation)
	}
	var cards []string
	for _, c := range english.Chart {
		if slices.Contains([]string{"dryness", "last-tongue", "balance", "herbs"}, c.Code) {
			cards = append(cards, c.Code+" "+c.Title)
		}
	}
	if got := strings.Join(cards, ", "); got != "dryness Dryness, last-tongue Tongue, balance Balance, herbs Herbs" {
		t.Error(got)
	}
	tool := english.Tools[slices.IndexFunc(english.Tools, func(s packsapi.ToolSetting) bool { return s.Code == "picture" })]
	if tool.Element != "x-tongue-picture" || tool.Tool != packsapi.ToolCustom || tool.URL == "" {
		t.Errorf("%+v", tool)
	}
}

func TestFormWithTablesAndObservations(t *testing.T) {
	t.Parallel()
	l := joined(t, "", loadedPack(t, herbal()))
	f, err := l.Template("herbal", "tongue", packsapi.Latest)
	if err != nil {
		t.Fatal(err)
	}
	payload := decode(t, `{"dryness": 7, "heat": 6, "coating": "white", "marks": [{"place": "tip", "size_mm": 2}, {"place": "root"}, {"size_mm": 1.5}]}`)
	computed, summary, err := f.Compute(payload, packsapi.About{})
	if err != nil || computed["grade"] != "much" || summary != "Dryness 7, much" {
		t.Error(computed, summary, err)
	}
	var got []string
	for _, o := range f.Observed(payload, computed) {
		got = append(got, strings.Join([]string{o.Path, o.Code, o.System, o.Unit, string(o.Kind), show(o.Value)}, " "))
	}
	if diff := cmp.Diff([]string{"dryness dryness hm-herbal  number 7", "marks[0].size_mm mark hm-herbal mm number 2",
		"marks[2].size_mm mark hm-herbal mm number 1.5", `grade grade hm-herbal  text "much"`}, got); diff != "" {
		t.Error(diff)
	}
	if got := f.Observed(map[string]any{"dryness": "seven", "marks": "none"}, nil); len(got) != 0 {
		t.Error(got)
	}
	if diff := cmp.Diff(map[string]any{"heat": 6.0}, f.CarryOver(map[string]any{"heat": 6.0, "dryness": 7.0, "gone": 1.0})); diff != "" {
		t.Error(diff)
	}
	if got := f.CarryOver(map[string]any{"heat": 60.0}); len(got) != 0 {
		t.Error("a value that the form no longer takes is offered again:", got)
	}
	d := f.Document("hi")
	if d.Tables["grade"][1].Value != "some" || *d.Tables["grade"][1].From != 5 || d.Tools[0].Tool != "balance" || d.Tools[0].At != "page" ||
		d.UI.Fields["dryness"].MinLabel != "Wet" || len(d.UI.Fields["marks"].Columns) != 2 || d.Computed[1].Title != "Grade" || d.Title != "जिह्वा" ||
		!strings.Contains(string(d.Schema), `{"const":"bitter","title":"कड़वा"}`) {
		t.Errorf("%+v", d)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	const form = `
code: t
version: 1.0.0
title: T
schema: {type: object, properties: {n: {type: number}, i: {type: integer}, s: {type: string}}}
tables:
  points: [{from: 0, value: 1}, {from: 10, value: 2.0}]
  share: [{is: low, value: 0.5}, {is: high, value: 1}]
  words: [{is: 1, value: one}, {is: 2.5, value: two and a half}]
computed:
  out: %s
`
	for expression, payloads := range map[string]map[string]any{
		"table('points', doc.n) + 1":      {`{"n": 0}`: int64(2), `{"n": 9.99}`: int64(2), `{"n": 10}`: int64(3), `{"n": 1e9}`: int64(3), `{"n": -0.1}`: nil, `{}`: nil},
		"table('points', doc.i)":          {`{"i": 12}`: int64(2), `{"i": -1}`: nil},
		"table('share', doc.s) * 2.0":     {`{"s": "low"}`: 1.0, `{"s": "high"}`: 2.0, `{"s": "mid"}`: nil, `{"s": ""}`: nil},
		"table('words', doc.n) + '!'":     {`{"n": 2.5}`: "two and a half!", `{"n": 1}`: "one!", `{"n": 2}`: nil},
		"table('words', doc.i)":           {`{"i": 1}`: "one"},
		"[1, 2].map(x, table('words',x))": {`{}`: nil},
	} {
		f := template(t, strings.Replace(form, "%s", quote(expression), 1))
		for payload, want := range payloads {
			computed, _, err := f.Compute(decode(t, payload), packsapi.About{})
			if err != nil || computed["out"] != want {
				t.Errorf("%s on %s is %v, not %v (%v)", expression, payload, computed["out"], want, err)
			}
		}
	}
	for _, wrong := range []string{"table('ponts', doc.n)", "table(doc.s, doc.n)", "table('points', doc.s)", "table('points', doc.n) + 0.5", "table('points')"} {
		if f, _ := readOne(strings.Replace(form, "%s", quote(wrong), 1)); f != nil {
			t.Error(wrong, "was taken")
		}
	}
}
