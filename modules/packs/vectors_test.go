package packs

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The vectors under testdata/vectors are what server and browser must agree on; web/packages/forms reads the same
// files. HM_UPDATE=1 writes them anew from what the server says: look at what changed before keeping it.
//
// expressions.json is a list of {facts, types, expression, value}: facts are doc, patient, encounter and now as a
// frontend has them, types are the JSON Schema properties of doc, value is what the expression comes out as, null
// for what is missing or has no value.
const vectorFolder = "testdata/vectors"

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
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, b.Bytes()) {
		was, is := bytes.Split(stored, []byte("\n")), bytes.Split(b.Bytes(), []byte("\n"))
		for i := range is {
			if i >= len(was) || !bytes.Equal(was[i], is[i]) {
				t.Fatalf("%s differs at line %d; is it meant? HM_UPDATE=1 writes it anew:\n%s", file, i+1, is[i])
			}
		}
		t.Fatalf("%s has lines too many; HM_UPDATE=1 writes it anew", file)
	}
}
