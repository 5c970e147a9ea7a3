package packs

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
	builtin "hmsoftware.com/hm/packs"
)

// fuzzLimit is how long one input may take; a hang is a fault as much as a crash is, and only a crash makes
// the fuzzer keep the input.
const fuzzLimit = 5 * time.Second

func within(what func()) {
	watchdog := time.AfterFunc(fuzzLimit, func() { panic("the input takes too long") })
	defer watchdog.Stop()
	what()
}

// No file of a pack crashes the server: it loads, or its faults are named.
func FuzzPackFile(f *testing.F) {
	err := fs.WalkDir(builtin.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(builtin.Files, name)
		_, file, _ := strings.Cut(name, "/")
		f.Add(file, data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	for name, file := range herbal() {
		f.Add(name, file.Data)
	}
	f.Add("templates/d.yaml", []byte(doshas))
	f.Add("templates/x.yaml", []byte("a: &x [*x, !!map {? - - - [[{"))
	f.Add("templates/x.yaml", []byte("schema: {properties: {a: {$ref: \"#/$defs/a\"}}, $defs: {a: {allOf: [{$ref: \"#/$defs/a\"}]}}}"))
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if !fs.ValidPath(name) || strings.Count(name, "/") > 1 || len(data) > 1<<16 {
			t.Skip()
		}
		within(func() {
			files := herbal()
			files[name] = &fstest.MapFile{Data: data}
			for _, fault := range Check(files, library) {
				if fault.File == "" || fault.Line < 1 || fault.Message == "" {
					t.Errorf("a fault without a place or a reason: %+v", fault)
				}
			}
		})
	})
}

// No file of a site pack takes away the pack it lays itself over: with a fault it is left out.
func FuzzSiteFile(f *testing.F) {
	for name, file := range herbal() {
		f.Add(name, file.Data)
	}
	f.Add("rules/r.yaml", []byte("- {code: herbal.pair, hidden: true}\n- {code: herbal.old, when: \"x\"}"))
	f.Add("workflows/w.yaml", []byte("encounter_type: OPD\nsteps: [{code: tongue, hidden: true}]"))
	f.Add("nav.yaml", []byte("- {code: queue, order: -9223372036854775808}\n- {code: orders, title: null}"))
	own, below := loadedPack(f, herbal()), basePack(f)
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if !fs.ValidPath(name) || strings.Count(name, "/") > 1 || name == "pack.yaml" || len(data) > 1<<14 {
			t.Skip()
		}
		within(func() {
			over, faults := load(site("clinic", "", map[string]string{name: string(data)}), false)
			if over == nil {
				if len(faults) == 0 {
					t.Error("neither loaded nor refused")
				}
				return
			}
			l, _ := join([]*pack{below, own, over}, "")
			if _, err := l.Template("herbal", "tongue", packsapi.Latest); err != nil {
				t.Error("the pack went with the site pack:", err)
			}
			if _, err := l.Presentation("herbal", "hi"); err != nil {
				t.Error(err)
			}
		})
	})
}

// No YAML crashes or hangs the reader, and what it reads, it reads again the same.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{doshas, "a: |\n  x\n  y\nb: >-\n  z\n", "[1, 2.5, .inf, -0x1F, 1e400, 'a', \"\\u0000\"]", "? a\n: b", "- - - a", "{a: {b: [c, {d: e}]}}", "\t", "---\n...\n", "a: b: c", "[-0.0, -0]", "[1.5e-7, 1e-7]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip()
		}
		within(func() {
			root, faults := parseYAML("test", "f.yaml", data)
			if (root == nil) == (len(faults) == 0) {
				t.Fatalf("a tree %v with faults %v", root != nil, faults)
			}
			if root == nil {
				return
			}
			var b bytes.Buffer
			writeSchema(&b, root, "", false)
			again, faults := parseYAML("test", "f.yaml", b.Bytes()) // JSON is YAML
			if len(faults) > 0 {
				t.Skip() // a text the YAML library cannot take back in JSON's quoting
			}
			var c bytes.Buffer
			writeSchema(&c, again, "", false)
			if !bytes.Equal(b.Bytes(), c.Bytes()) {
				t.Errorf("%s\nbecame\n%s", b.Bytes(), c.Bytes())
			}
		})
	})
}

// No expression crashes or hangs: it is refused, or comes out as a value, null or the cost limit.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{"doc.i + 1", "sum(doc.list) / 2.0", "round(doc.n, 99)", "doc.list.map(x, doc.list.map(y, x * y))",
		"days_between(now, doc.s)", "pow(doc.n, 1e308)", "doc.s.matches('(a+)+$')", "[1][9]", "{'a': 1}.b", "doc", "type(1)", "timestamp(doc.s)", "b'\\xff'", "dyn([1, 'a'])", "1u", "duration('1h')"} {
		f.Add(seed)
	}
	doc := object("hm.doc", map[string]*shape{
		"i": integerValue, "n": {kind: doubleShape}, "s": textValue, "list": listOf(&shape{kind: doubleShape})})
	env, err := newEnvironment(map[string]*shape{"doc": doc, "now": timeValue})
	if err != nil {
		f.Fatal(err)
	}
	facts := env.facts(map[string]any{"now": time.Unix(1e9, 0), "doc": map[string]any{
		"i": 7, "n": 2.5, "s": "2026-01-31", "list": []any{1.0, 2.0, 3.0}}})
	f.Fuzz(func(t *testing.T, source string) {
		within(func() {
			e, issues := env.compile(source)
			if (e == nil) == (len(issues) == 0) {
				t.Fatal("neither compiled nor refused")
			}
			if e == nil {
				return
			}
			if _, err := e.value(facts); err == nil {
				_, _ = e.holds(facts)
			}
		})
	})
}

// No payload crashes a form, and what it stores is JSON again.
func FuzzPayload(f *testing.F) {
	for _, seed := range []string{`{"vata_score": 20}`, `{"vata_score": 1e999}`, `{"a": {"b": [[[{}]]]}}`, `{"vikriti_note": "\u0000"}`, `null`} {
		f.Add([]byte(seed))
	}
	form := template(f, doshas)
	f.Fuzz(func(t *testing.T, data []byte) {
		var payload map[string]any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber() // so that numbers no double can hold come through
		if decoder.Decode(&payload) != nil {
			t.Skip()
		}
		within(func() {
			whole, draft := form.Validate(payload, true), form.Validate(payload, false)
			if len(whole) == 0 && len(draft) > 0 {
				t.Error("valid, but not as a draft:", draft)
			}
			if _, _, err := form.Compute(payload, packsapi.About{}); err != nil {
				t.Error(err)
			}
		})
	})
}
