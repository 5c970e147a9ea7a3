package repertory

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func parseText(text string) (parsed, error) { return parse(strings.NewReader(text), func(int) {}) }

// told writes a file's rubrics as "MIND|FEAR ars3 puls1".
func (p parsed) told() string {
	var all []string
	for _, r := range p.rubrics {
		line := r.chapter + "|" + r.path
		if r.see != "" {
			line += " -> " + r.see
		}
		for _, abbreviation := range slices.Sorted(maps.Keys(r.grades)) {
			line += fmt.Sprintf(" %s%d", abbreviation, r.grades[abbreviation])
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

func TestFormatsThatAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"rubrics with their remedies":     {"MIND\tFEAR\tars:3 Puls.:1\nMIND\tFEAR, night\tars:2,  rhus-t=3; acon(1)\n", "MIND|FEAR ars3 puls1\nMIND|FEAR, night acon1 ars2 rhus-t3"},
		"a grade left out is 1":           {"MIND\tFEAR\tars puls:2\n", "MIND|FEAR ars1 puls2"},
		"one remedy a line":               {"MIND\tFEAR\tars\t3\nMIND\tFEAR\tpuls\t\nHEAD\tPAIN\tbell\t2", "MIND|FEAR ars3 puls1\nHEAD|PAIN bell2"},
		"named columns in any order":      {"remedies\tsee\trubric\tchapter\nars:3\tAnxiety\tFEAR\tMIND\n", "MIND|FEAR -> Anxiety ars3"},
		"columns that explain themselves": {"ID\tChapter\tPage\tRubric\tRemedies(abbr:grade 1-3)\n1\tMIND\t7\tFEAR\tars:3", "MIND|FEAR ars3"},
		"named columns of links":          {"path\tremedy\tgrade\nMIND; FEAR, night\tars\t2\nMIND; FEAR, night\tpuls\t1", "MIND|FEAR, night ars2 puls1"},
		"a rubric that comes again":       {"MIND\tFEAR\tars:1 puls:3\nMIND\tFEAR\tars:2 puls:1 bell:1", "MIND|FEAR ars2 bell1 puls3"},
		"told apart by their ids":         {"id\tchapter\trubric\tremedies\n7\tMIND\tFEAR\tars:1\n9\tMIND\tFEAR\tars:2", "MIND|FEAR ars1\nMIND|FEAR ars2"},
		"empty lines, comments, a mark":   {"\ufeff# Kent\r\n\r\n#remedy\tars\tArsenicum album\r\nMIND\tFEAR\tars:3\r\n", "MIND|FEAR ars3"},
		"a rubric without remedies":       {"MIND\tFEAR\tars:3\nMIND\tABANDONED\t\n", "MIND|FEAR ars3\nMIND|ABANDONED"},
	} {
		read, err := parseText(c.file)
		if err != nil || read.told() != c.want {
			t.Errorf("%s: got %q, %v; want %q", name, read.told(), err, c.want)
		}
	}
}

func TestRemediesAreNamedByTheFileElseAsUsual(t *testing.T) {
	t.Parallel()
	read, err := parseText("#remedy\tars\tWhite arsenic\n#remedy\tnobody\tNot graded\nMIND\tFEAR\tars:3 puls:2 xyz:1")
	want := map[string]string{"ars": "White arsenic", "puls": "Pulsatilla nigricans", "xyz": "xyz"}
	if err != nil || !maps.Equal(read.names, want) || !slices.Equal(read.abbreviations(), []string{"ars", "puls", "xyz"}) {
		t.Errorf("got %v, %v", read.names, err)
	}
}

func TestBadLinesAreNamedByNumber(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"a grade out of range":   {"MIND\tFEAR\tars:3\nMIND\tFEAR, night\tars:9 puls:x", []string{`line 2 grades ars as "9": from 1 to 5`, `line 2 grades puls as "x": from 1 to 5`}},
		"no remedy":              {"MIND\tFEAR\tars:3 p?ls:1", []string{`line 1 has "p?ls" for a remedy's abbreviation`}},
		"no chapter":             {"\tFEAR\tars:3", []string{"line 1 has no chapter"}},
		"no rubric":              {"MIND\t\tars:3", []string{"line 1 has no rubric"}},
		"too many columns":       {"MIND\tFEAR\tars:3\nMIND\tFEAR, night\tars:3\tpuls", []string{"line 2 has 4 columns, the first line has 3"}},
		"columns of no kind":     {"just words\nMIND\tFEAR\tars:3", []string{"line 1 has 1 columns: three (chapter, rubric, remedies) or four (chapter, rubric, remedy, grade), or names of columns"}},
		"an id of two rubrics":   {"id\tchapter\trubric\tremedies\n7\tMIND\tFEAR\tars:1\n7\tMIND\tANGER\tars:2", []string{`line 3 has the id "7" of another rubric`}},
		"no UTF-8":               {"MIND\tFEAR\xff\tars:3", []string{"line 1 is no UTF-8 text"}},
		"a name without remedy":  {"#remedy\tars\nMIND\tFEAR\tars:3", []string{"line 1 is no #remedy with an abbreviation and a name"}},
		"a rubric like a novel":  {"MIND\t" + strings.Repeat("x", 1001) + "\tars:3", []string{"line 1 has a rubric of more than 1000 characters, or a chapter of more than 100"}},
		"all of them are listed": {"MIND\tFEAR\tars:0\n\nMIND\t\tars:1", []string{`line 1 grades ars as "0": from 1 to 5`, "line 3 has no rubric"}},
	} {
		_, err := parseText(c.file)
		var faults *FileFaults
		if !errors.As(err, &faults) || !slices.Equal(faults.Faults, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := parseText(strings.Repeat("MIND\t\tars\n", 50))
	var faults *FileFaults
	if !errors.As(err, &faults) || len(faults.Faults) != 20 || faults.More != 30 || !strings.HasSuffix(err.Error(), "line 20 has no rubric\nand 30 more") {
		t.Errorf("of many: %v", err)
	}
}

func TestFilesThatAreNoRepertory(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"empty": "", "comments only": "# Kent\n", "no remedies": "MIND\tFEAR\t\n", "half a gzip": "\x1f\x8b\x08\x00", "a line without end": "MIND\t" + strings.Repeat("x", 2<<20),
	} {
		if _, err := parseText(file); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestAZippedFileIsReadAsItIs(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(sample); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	plain, err := parse(bytes.NewReader(sample), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	read, err := parse(&zipped, func(int) {})
	if err != nil || read.told() != plain.told() {
		t.Errorf("it differs, %v", err)
	}
}

func TestTheSampleIsWhole(t *testing.T) {
	t.Parallel()
	read, err := parse(bytes.NewReader(sample), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(read.rubrics) < 150 || len(read.names) < 100 {
		t.Errorf("%d rubrics, %d remedies", len(read.rubrics), len(read.names))
	}
	for abbreviation, name := range read.names {
		if name == abbreviation {
			t.Errorf("%s has no name", abbreviation)
		}
	}
	for _, r := range read.rubrics {
		for abbreviation, grade := range r.grades {
			if grade > 3 {
				t.Errorf("%s, %s grades %s as %d", r.chapter, r.path, abbreviation, grade)
			}
		}
	}
}

// FuzzParse: no file brings the importer down, and what it takes fits the tables.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"MIND\tFEAR\tars:3 puls", "id\tchapter\trubric\tremedies\n1\tMIND\tFEAR\tars:1", "#remedy\tars\tArsenicum\nMIND\tFEAR\tars\t3", "\x1f\x8b", "MIND; FEAR\tx"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		read, err := parse(bytes.NewReader(file), func(int) {})
		if err != nil {
			return
		}
		for _, r := range read.rubrics {
			if r.chapter == "" || r.path == "" || len([]rune(r.path)) > 1000 || strings.ContainsRune(r.path, 0) {
				t.Errorf("took %+v", r)
			}
			for abbreviation, grade := range r.grades {
				if read.names[abbreviation] == "" || len(abbreviation) > 40 || grade < 1 || grade > 5 {
					t.Errorf("took %q:%d", abbreviation, grade)
				}
			}
		}
	})
}
