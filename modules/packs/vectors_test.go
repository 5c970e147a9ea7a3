package packs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// The vectors under testdata/vectors are what server and browser must agree on; web/packages/forms reads the same
// files. HM_UPDATE=1 writes them anew from what the server says: look at what changed before keeping it.
//
// expressions.json is a list of {facts, types, expression, value}: facts are doc, patient, encounter and now as a
// frontend has them, types are the JSON Schema properties of doc, value is what the expression comes out as, null
// for what is missing or has no value.
//
// <pack>.json has every payload of the pack's tests: {pack, template, version, payload, about, computed, summary,
// hidden}, where hidden are the fields whose show_if does not hold. ../documents/<pack>.json has the templates
// themselves, as GET /api/templates/{code} answers them in English, by code@version.
const (
	vectorFolder   = "testdata/vectors"
	documentFolder = "testdata/documents"
)

type expressionVector struct {
	Facts      map[string]any  `json:"facts"`
	Types      json.RawMessage `json:"types"`
	Expression string          `json:"expression"`
	Value      any             `json:"value"`
}

func TestExpressionVectors(t *testing.T) {
	t.Parallel()
	file := filepath.Join(vectorFolder, "expressions.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []expressionVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 100 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for i := range vectors {
		vectors[i].Value = vectors[i].evaluate(t)
	}
	compareVectors(t, file, vectors)
}

// evaluate gives what the server makes of the expression.
func (v expressionVector) evaluate(t *testing.T) any {
	t.Helper()
	r := &reading{file: "vector"}
	root, faults := parseYAML("", "vector.yaml", []byte(`{"type": "object", "properties": `+string(v.Types)+`}`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	schema := r.compileSchema(root, "types")
	if len(r.faults) > 0 {
		t.Fatal(r.faults)
	}
	env, err := newEnvironment(map[string]*shape{"doc": schema.shape, "patient": patientShape, "encounter": encounterShape, "now": timeValue})
	if err != nil {
		t.Fatal(err)
	}
	e, issues := env.compile(v.Expression)
	if len(issues) > 0 {
		t.Errorf("%s: %v", v.Expression, issues)
		return nil
	}
	value, err := e.value(env.facts(v.Facts))
	if err != nil {
		return nil
	}
	return value
}

// templateVector is what a form makes of one payload.
type templateVector struct {
	Pack     string         `json:"pack"`
	Template string         `json:"template"`
	Version  string         `json:"version"`
	Payload  map[string]any `json:"payload"`
	About    map[string]any `json:"about"`
	Computed map[string]any `json:"computed"`
	Summary  string         `json:"summary"`
	Hidden   []string       `json:"hidden"`
}

func TestTemplateVectors(t *testing.T) {
	t.Parallel()
	library := base(t)
	for _, id := range library.order {
		folder, err := fs.Sub(builtin.Files, id)
		if err != nil {
			t.Fatal(err)
		}
		p, faults := load(folder, true)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		vectors := []templateVector{}
		documents := map[string]packsapi.TemplateDocument{}
		for _, e := range p.examples {
			if e.template == "" {
				continue
			}
			v, f := templateVectorOf(t, library.packs[id], e)
			vectors = append(vectors, v)
			documents[f.code+"@"+f.version] = f.Document(packsapi.DefaultLocale)
		}
		compareVectors(t, filepath.Join(vectorFolder, id+".json"), vectors)
		ordered := []packsapi.TemplateDocument{}
		for _, ref := range slices.Sorted(maps.Keys(documents)) {
			ordered = append(ordered, documents[ref])
		}
		compareVectors(t, filepath.Join(documentFolder, id+".json"), ordered)
	}
}

func templateVectorOf(t *testing.T, r *resolved, e example) (templateVector, *form) {
	t.Helper()
	late := r.form(e.template)
	if late == nil {
		t.Fatalf("%s names no template", e.template)
	}
	f := late.form()
	computed, summary, err := f.Compute(e.payload, e.about)
	if err != nil {
		t.Fatal(err)
	}
	about := map[string]any{"patient": e.about.Patient.Map(), "encounter": e.about.Encounter.Map()}
	if !e.about.Now.IsZero() {
		about["now"] = e.about.Now.Format(time.RFC3339)
	}
	v := templateVector{Pack: f.pack, Template: f.code, Version: f.version, Payload: e.payload, About: about,
		Computed: computed, Summary: summary, Hidden: []string{}}
	known := map[string]any{}
	for name, value := range computed {
		if value != nil {
			known[name] = value
		}
	}
	facts := f.environment.facts(map[string]any{"doc": e.payload, "patient": e.about.Patient.Map(), "encounter": e.about.Encounter.Map(), "now": e.about.Now})
	facts["computed"] = known
	for _, name := range slices.Sorted(maps.Keys(f.showIf)) {
		condition, issues := f.environment.compile(f.showIf[name])
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		if holds, err := condition.holds(facts); err != nil || !holds {
			v.Hidden = append(v.Hidden, name)
		}
	}
	return v, f
}

// compareVectors holds a file to its fresh content, one vector a line.
func compareVectors[V any](t *testing.T, file string, vectors []V) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, v := range vectors {
		line := &bytes.Buffer{}
		encoder := json.NewEncoder(line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
		b.Write(bytes.TrimSpace(line.Bytes()))
		if i < len(vectors)-1 {
			b.WriteString(",")
		}
		b.WriteString("\n")
	}
	b.WriteString("]\n")
	if os.Getenv("HM_UPDATE") == "1" {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, b.Bytes()) {
		was, is := bytes.Split(stored, []byte("\n")), bytes.Split(b.Bytes(), []byte("\n"))
		for i := range is {
			if i >= len(was) || !bytes.Equal(was[i], is[i]) {
				t.Fatalf("%s differs at line %d; if that is meant, HM_UPDATE=1 go test -run Vectors writes it anew:\n%s", file, i+1, is[i])
			}
		}
		t.Fatalf("%s has lines too many; HM_UPDATE=1 writes it anew", file)
	}
}
