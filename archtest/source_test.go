// Package archtest holds the walls of the house: what ARCHITECTURE.md says, as tests. It parses files itself; a
// test that asked the go command would be answered from the test cache and miss what changed.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "hmsoftware.com/hm"

var root = func() string {
	folder, err := filepath.Abs("..")
	if err != nil {
		panic(err)
	}
	return folder
}()

// source is one Go file of the project.
type source struct {
	path    string // from the root, "modules/lab/results.go"
	folder  string
	imports []string // those inside the project, from the root
	file    *ast.File
	lines   int
}

func (s source) isTest() bool      { return strings.HasSuffix(s.path, "_test.go") }
func (s source) isGenerated() bool { return ast.IsGenerated(s.file) }

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	fileSet := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "node_modules" || name == "testdata" || name == "data" || strings.HasPrefix(name, ".") && path != root {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fileSet, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		s := source{path: filepath.ToSlash(relative), file: file, lines: strings.Count(string(text), "\n")}
		s.folder = filepath.ToSlash(filepath.Dir(s.path))
		for _, spec := range file.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if inside, ok := strings.CutPrefix(path, modulePath+"/"); ok {
				s.imports = append(s.imports, inside)
			}
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("found only %d Go files below %s", len(all), root)
	}
	return all
}

// moduleOf gives "lab" for modules/lab and everything below it.
func moduleOf(path string) string {
	rest, ok := strings.CutPrefix(path, "modules/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func isContract(path string) bool {
	name := moduleOf(path)
	return name != "" && path == "modules/"+name+"/"+name+"api"
}

func isFactory(path string) bool {
	name := moduleOf(path)
	return name != "" && path == "modules/"+name+"/"+name+"test"
}

func TestKitKnowsNoModule(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.path, "kit/") {
			continue
		}
		for _, path := range s.imports {
			if !strings.HasPrefix(path, "kit/") && !(path == "migrations" && s.folder == "kit/testkit") {
				t.Errorf("%s imports %s: the kit knows nothing of hospitals", s.path, path)
			}
		}
	}
}

func TestContractsImportTheKitOnly(t *testing.T) {
	for _, s := range sources(t) {
		if !isContract(s.folder) || s.isTest() {
			continue
		}
		for _, path := range s.imports {
			if !strings.HasPrefix(path, "kit/") {
				t.Errorf("%s imports %s: a contract stands on the kit alone", s.path, path)
			}
		}
	}
}

func TestModulesMeetThroughContracts(t *testing.T) {
	for _, s := range sources(t) {
		own := moduleOf(s.path)
		if own == "" {
			continue
		}
		for _, path := range s.imports {
			other := moduleOf(path)
			switch {
			case path == "app" || strings.HasPrefix(path, "app/"):
				if !s.isTest() {
					t.Errorf("%s imports %s: a module does not know the house it stands in", s.path, path)
				}
			case other == "" || other == own || isContract(path):
			case isFactory(path) && isFactory(s.folder):
			case s.isTest():
				// A test may build the modules it needs beside it.
			default:
				t.Errorf("%s imports %s: modules meet through %sapi, events or the list of shared transactions", s.path, path, other)
			}
		}
	}
}

// reserved names say nothing about a hospital, so whatever lands in them has no other place.
var reserved = []string{"service.go", "store.go", "utils.go", "util.go", "helpers.go", "common.go", "models.go", "misc.go", "types.go"}

func TestFilesAreNamedForWhatTheHospitalDoes(t *testing.T) {
	for _, s := range sources(t) {
		name := filepath.Base(s.path)
		if slices.Contains(reserved, name) && !s.isGenerated() {
			t.Errorf("%s: name the file for its noun", s.path)
		}
		if folder := filepath.Base(s.folder); folder == "utils" || folder == "common" || folder == "models" || folder == "helpers" {
			t.Errorf("%s: a package named %s is a drawer", s.path, folder)
		}
	}
}

func TestEveryModuleHasItsSpine(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join(root, "modules"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		folder := filepath.Join(root, "modules", entry.Name())
		for _, name := range []string{"doc.go", "module.go", "routes.go", entry.Name() + "api"} {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Errorf("modules/%s has no %s", entry.Name(), name)
			}
		}
	}
}

// longestFile is where a file becomes two. Tests may tell a longer story.
const longestFile, longestTest = 450, 700

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		limit := longestFile
		if s.isTest() {
			limit = longestTest
		}
		if s.lines > limit && !s.isGenerated() {
			t.Errorf("%s has %d lines; cut it where its nouns part (limit %d)", s.path, s.lines, limit)
		}
	}
}

// clockKeepers may ask the machine for the time: they measure waits, or tell the time to others.
var clockKeepers = []string{"kit/clock/", "kit/telemetry/", "kit/httpx/server.go", "kit/embedpg/", "kit/db/", "kit/events/", "kit/mail/", "cmd/", "modules/iam/watch.go", "modules/facilities/remembered.go", "modules/packs/remembered.go",
	"app/plant/", "app/apptest/", "bench/", "prove/"}

func TestTimeComesFromTheClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || slices.ContainsFunc(clockKeepers, func(p string) bool { return strings.HasPrefix(s.path, p) }) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if name, ok := call.X.(*ast.Ident); ok && name.Name == "time" && call.Sel.Name == "Now" {
				t.Errorf("%s asks time.Now: take tx.Now() or a clock, so that a test can move it", s.path)
			}
			return true
		})
	}
}

// tools run HM from outside, to test, measure and prove it.
var tools = []string{"app/plant", "app/apptest", "bench", "prove", "kit/testkit"}

func TestNothingThatServesImportsTheTools(t *testing.T) {
	below := func(path string) bool {
		return slices.ContainsFunc(tools, func(tool string) bool { return path == tool || strings.HasPrefix(path, tool+"/") })
	}
	for _, s := range sources(t) {
		if s.isTest() || below(s.folder) || s.folder == "archtest" || isFactory(s.folder) {
			continue
		}
		for _, path := range s.imports {
			if below(path) {
				t.Errorf("%s imports %s: what measures and breaks HM has no place in its binary", s.path, path)
			}
		}
	}
}

// sharedWrites are the contracts through which one module writes in another's transaction, each with its reason:
// someone must see both effects at once, or neither.
var sharedWrites = map[string]string{
	"encountersapi.Lock":            "documents and tasks must not slip into an encounter that is closing",
	"facilitiesapi.Open":            "a tenant without a facility could not be entered",
	"iamapi.Found":                  "a tenant without an administrator could not be entered",
	"auditapi.Record":               "what has no event is recorded exactly when it holds",
	"encountersapi.WriteAssessment": "a consultation is signed as a whole",
	"encountersapi.WritePlan":       "a consultation is signed as a whole",
	"encountersapi.WriteNote":       "a consultation is signed as a whole",
	"clinicaldocsapi.FinalizeDraft": "a consultation is signed as a whole",
	"ordersapi.Place":               "a consultation's orders and documents are signed together or not at all",
	"ordersapi.PlaceFurther":        "tests that a rule orders on a result are there with it, on the sample that is there",
	"rulesapi.Pass":                 "what a rule lets pass, and why, is recorded with the act or not at all",
	"rulesapi.PassClose":            "as rulesapi.Pass, for closing",
}

func TestSharedWritesAreListed(t *testing.T) {
	for _, s := range sources(t) {
		if !isContract(s.folder) || s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			contract, ok := n.(*ast.InterfaceType)
			if !ok {
				return true
			}
			for _, method := range contract.Methods.List {
				signature, ok := method.Type.(*ast.FuncType)
				if !ok || len(method.Names) == 0 {
					continue
				}
				for _, parameter := range signature.Params.List {
					selector, ok := parameter.Type.(*ast.SelectorExpr)
					if ok && selector.Sel.Name == "Tx" {
						name := s.file.Name.Name + "." + method.Names[0].Name
						if _, listed := sharedWrites[name]; !listed {
							t.Errorf("%s writes in another module's transaction and is not listed with its reason", name)
						}
					}
				}
			}
			return true
		})
	}
}
