package typeset

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/typeset/typesettest"
)

var letter = NewTemplate("letter", `#set page(width: 148mm, height: 105mm)
#set text(font: ("Inter", "Noto Sans Devanagari", "Noto Sans Tamil", "Noto Nastaliq Urdu"), lang: "en")
#let data = json("data.json")
#for line in data.lines [#line #parbreak()]`)

var endless = NewTemplate("endless", `#for a in range(20000) { for b in range(20000) { let c = a * b } }`)

type lines struct {
	Lines []string `json:"lines"`
}

func typesetter(t testing.TB, o Options) *Typesetter {
	t.Helper()
	made := New(o)
	t.Cleanup(func() { made.Stop(context.Background()) })
	return made
}

func render(t testing.TB, s *Typesetter, template Template, data any) PDF {
	t.Helper()
	pdf, err := s.Render(t.Context(), template, Document{Data: data, At: time.Unix(1_700_000_000, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// Every one of these would do something if it became code.
var injections = []string{
	`#panic("the canary")`, `#eval("1+1")`, `#read("data.json")`, `#import "data.json"`, `]#panic("out")[`, `"); #panic("x"`,
	`$ x^2 $`, `*bold* _slanted_ = Heading`, "`raw`", `// comment`, `/* comment */`, `\u{41} \ #`, `<label> @reference`, `- item`,
	`{"lines": []}`, `#set page(width: 1pt)`, `https://example.org/#fragment`, `~ -- --- ...`, `'single' "double"`,
}

func TestDataNeverBecomesCode(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	for _, text := range injections {
		got := typesettest.Text(t, render(t, s, letter, lines{[]string{"before", text, "after"}}).Bytes)
		// Typography may join letters, but it may not change a single one.
		if want := "before\n" + text + "\nafter"; got != want {
			t.Errorf("it stands there as %q, want %q", got, want)
		}
	}
}

func FuzzDataNeverBecomesCode(f *testing.F) {
	for _, text := range append(injections, "\x00\x01\u202e\ufeff", "خون میں شکر", "हीमोग्लोबिन", strings.Repeat("\u0301", 500)) {
		f.Add(text)
	}
	s := New(Options{})
	f.Cleanup(func() { s.Stop(context.Background()) })
	f.Fuzz(func(t *testing.T, text string) {
		pdf, err := s.Render(t.Context(), letter, Document{Data: lines{[]string{text, "the end"}}, At: time.Unix(0, 0)})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := typesettest.Text(t, pdf.Bytes); !strings.HasSuffix(got, "the end") {
			t.Fatalf("after %q stands %q", text, got)
		}
	})
}

func TestATemplateReadsNoFileOfTheMachine(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	for _, path := range []string{"/etc/hostname", "../../../../../../etc/hostname", "/proc/self/environ"} {
		thief := NewTemplate("thief", `#read("`+path+`")`)
		if _, err := s.Render(t.Context(), thief, Document{}); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

func TestTheChildKnowsNoSecret(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells a process's environment")
	}
	t.Setenv("HM_SECRET_KEY", "never-to-be-passed-on")
	s := typesetter(t, Options{})
	render(t, s, letter, lines{[]string{""}})
	environment, err := os.ReadFile("/proc/" + strconv.Itoa(s.child.process.Pid) + "/environ")
	if err != nil || strings.Contains(string(environment), "never-to-be-passed-on") || !strings.Contains(string(environment), "PATH=") {
		t.Errorf("%q, %v", environment, err)
	}
}

func TestEveryScriptHasItsFont(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	text := []string{"Haemoglobin 13.5 g/dL", "हीमोग्लोबिन क्षमता कृत्रिम", "இரத்த சர்க்கரை ஹீமோகுளோபின்", "خون میں شکر کی جانچ"}
	pdf := render(t, s, letter, lines{text})
	if got := strings.Join(typesettest.Fonts(pdf.Bytes), " "); got != "Inter-Regular NotoNastaliqUrdu-Regular NotoSansDevanagari-Regular NotoSansTamil-Regular" {
		t.Errorf("fonts: %s", got)
	}
	got := typesettest.Text(t, pdf.Bytes)
	for _, line := range text[:3] { // Nastaliq stands in steps, which no reader of PDF puts together again
		if !strings.Contains(got, line) {
			t.Errorf("%q is not to be read in %q", line, got)
		}
	}
}

func TestACrashedChildIsReplaced(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	render(t, s, letter, lines{[]string{"one"}})
	first := s.child.process.Pid
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if got := typesettest.Text(t, render(t, s, letter, lines{[]string{"two"}}).Bytes); got != "two" {
		t.Errorf("it stands there as %q", got)
	}
	if s.child.process.Pid == first {
		t.Error("the child is the one that was killed")
	}
}

func TestAnEndlessDocumentIsEndedAndTheNextIsMade(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{Limit: time.Second})
	if _, err := s.Render(t.Context(), endless, Document{}); !errors.Is(err, errTooSlow) {
		t.Fatalf("it answered %v", err)
	}
	render(t, s, letter, lines{[]string{""}})
}

func TestWhoGivesUpDoesNotTakeTheNextOnesDocument(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{Limit: time.Second})
	render(t, s, letter, lines{[]string{""}})
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Render(impatient, endless, Document{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("it answered %v", err)
	}
	if got := typesettest.Text(t, render(t, s, letter, lines{[]string{"mine"}}).Bytes); got != "mine" {
		t.Errorf("it stands there as %q", got)
	}
}

func TestALineThatIsFullIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{Limit: 2 * time.Second, Line: 2})
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() { _, _ = s.Render(context.Background(), endless, Document{}) })
	}
	for deadline := time.Now().Add(5 * time.Second); len(s.line) < 2 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
	}
	if _, err := s.Render(t.Context(), letter, Document{Data: lines{[]string{""}}}); !errors.Is(err, ErrBusy) {
		t.Errorf("it answered %v", err)
	}
	waiting.Wait()
	render(t, s, letter, lines{[]string{""}})
}

func TestALargeChildIsReplaced(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{Memory: 1})
	render(t, s, letter, lines{[]string{""}})
	if s.child != nil {
		t.Error("a child of more than a byte lives on")
	}
	render(t, s, letter, lines{[]string{""}})
}

func TestDocumentsAreMadeOneAfterTheOtherAndNeverMixed(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			want := "document " + strconv.Itoa(i)
			pdf, err := s.Render(context.Background(), letter, Document{Data: lines{[]string{want}}})
			if err != nil {
				t.Error(err)
				return
			}
			if got := typesettest.Text(t, pdf.Bytes); got != want {
				t.Errorf("%q holds %q", want, got)
			}
		})
	}
	all.Wait()
}

func TestStopEndsTheChild(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	render(t, s, letter, lines{[]string{""}})
	pid := s.child.process.Pid
	s.Stop(t.Context())
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
	if _, err := s.Render(t.Context(), letter, Document{}); !errors.Is(err, ErrStopped) {
		t.Errorf("it answered %v", err)
	}
	s.Stop(t.Context())
}

func TestAFaultOfATemplateTellsItsPlaceAndNoData(t *testing.T) {
	t.Parallel()
	s := typesetter(t, Options{})
	faulty := NewTemplate("faulty", "#let data = json(\"data.json\")\n#int(data.lines.first())")
	_, err := s.Render(t.Context(), faulty, Document{Data: lines{[]string{"Secret Name"}}})
	if err == nil || strings.Contains(err.Error(), "Secret") || !strings.Contains(err.Error(), "faulty") {
		t.Errorf("it answered %v", err)
	}
	render(t, s, letter, lines{[]string{""}})
}

func TestAMissingTypesetterSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	_, err := typesetter(t, Options{Folder: t.TempDir()}).Render(t.Context(), letter, Document{})
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "scripts/install-typeset.sh") {
		t.Errorf("it answered %v", err)
	}
}

func TestAFolderOfAnotherMachineIsMissingToo(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, path := range []string{"@myriaddreamin/typst-ts-node-compiler-darwin-arm64", "@expo-google-fonts"} {
		if err := os.MkdirAll(filepath.Join(folder, "node_modules", path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	_, err := typesetter(t, Options{Folder: folder}).Render(t.Context(), letter, Document{})
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "is not there") {
		t.Errorf("it answered %v", err)
	}
}

// BenchmarkPage makes a page of a child that has made one before. The goal is 3 ms.
func BenchmarkPage(b *testing.B) {
	s := typesetter(b, Options{})
	data := lines{[]string{"Haemoglobin", "हीमोग्लोबिन", "இரத்த சர்க்கரை", "خون میں شکر", ""}}
	render(b, s, letter, data)
	i := 0
	for b.Loop() {
		data.Lines[4] = strconv.Itoa(i)
		i++
		render(b, s, letter, data)
	}
}
