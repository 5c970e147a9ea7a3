package repertory

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of what an import takes: three times the largest repertory that is printed.
const (
	mostRubrics   = 300_000
	mostRemedies  = 10_000
	mostGradings  = 3_000_000
	mostBytes     = 512 << 20
	mostFaults    = 20
	longestLine   = 1 << 20
	longestPath   = 1000
	longestName   = 255
	longestAbbr   = 40
	weakest, most = 1, 5
)

// parsed is what a file says, before it has ids.
type parsed struct {
	rubrics []parsedRubric
	// names of remedies by abbreviation, as far as the file gives them; and all that are graded.
	names map[string]string
}

type parsedRubric struct {
	// reference is the file's own id, else empty.
	reference, chapter, path, see string
	grades                        map[string]int
}

// FileFaults is a file that cannot be imported: what is wrong with it, line by line.
type FileFaults struct {
	// Faults are sentences that begin with the line; the first ones, More tells how many are not among them.
	Faults []string
	More   int
}

// Error gives the faults, one a line.
func (f *FileFaults) Error() string {
	text := "nothing was imported:\n" + strings.Join(f.Faults, "\n")
	if f.More > 0 {
		text += fmt.Sprintf("\nand %d more", f.More)
	}
	return text
}

// parser reads a file line by line. See ARCHITECTURE of the format at parse.
type parser struct {
	parsed
	columns map[string]int
	// byName finds a rubric again: by its reference, else by its chapter and path.
	byName   map[string]int
	graded   map[string]bool
	gradings int
	line     int
	faults   FileFaults
}

// parse reads a repertory, gzipped or not: UTF-8, a line each, columns parted by tabs. Empty lines, and those that
// begin with #, say nothing, but "#remedy<TAB>acon<TAB>Aconitum napellus" names a remedy. A first line of column names
// says what is where: rubric (or path), and remedies, or remedy and grade; besides chapter, see and id. Without one it
// is one of
//
//	MIND<TAB>FEAR, death, of<TAB>acon:3 ars:3, gels:2      a rubric with its remedies
//	MIND<TAB>FEAR, death, of<TAB>acon<TAB>3                one remedy of a rubric
//
// Remedies are parted by blanks, commas or semicolons; a grade follows ":" or "=", or stands in brackets, and is 1 when
// absent. A rubric that comes again is the same one, unless column id tells them apart: its grades are joined, the
// higher counts.
func parse(r io.Reader, progress func(rubrics int)) (parsed, error) {
	buffered := bufio.NewReader(r)
	if magic, _ := buffered.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return parsed{}, fmt.Errorf("the file is no whole gzip: %w", err)
		}
		defer unzipped.Close()
		r = unzipped
	} else {
		r = buffered
	}
	limited := &io.LimitedReader{R: r, N: mostBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	p := &parser{parsed: parsed{names: map[string]string{}}, byName: map[string]int{}, graded: map[string]bool{}}
	for lines.Scan() {
		p.line++
		text := strings.TrimRight(lines.Text(), "\r")
		if p.line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			p.fault("is no UTF-8 text")
			continue
		}
		p.read(text)
		if err := p.tooMuch(); err != nil {
			return parsed{}, err
		}
		if p.line%10_000 == 0 {
			progress(len(p.rubrics))
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return parsed{}, fmt.Errorf("line %d is longer than 1 MiB", p.line+1)
	case err != nil:
		return parsed{}, fmt.Errorf("the file cannot be read to its end: %w", err)
	case limited.N == 0:
		return parsed{}, errors.New("the file is larger than 512 MiB")
	case len(p.faults.Faults) > 0:
		return parsed{}, &p.faults
	case p.gradings == 0:
		return parsed{}, errors.New("the file grades no remedy")
	}
	for abbreviation := range p.names {
		if !p.graded[abbreviation] {
			delete(p.names, abbreviation) // no rubric has it
		}
	}
	for abbreviation := range p.graded {
		if p.names[abbreviation] == "" {
			p.names[abbreviation] = nameOf(abbreviation)
		}
	}
	return p.parsed, nil
}

func (p *parser) tooMuch() error {
	switch {
	case len(p.rubrics) > mostRubrics:
		return fmt.Errorf("the file has more than %d rubrics", mostRubrics)
	case len(p.graded) > mostRemedies:
		return fmt.Errorf("the file has more than %d remedies", mostRemedies)
	case p.gradings > mostGradings:
		return fmt.Errorf("the file has more than %d grades", mostGradings)
	}
	return nil
}

func (p *parser) fault(format string, args ...any) {
	if len(p.faults.Faults) == mostFaults {
		p.faults.More++
		return
	}
	p.faults.Faults = append(p.faults.Faults, fmt.Sprintf("line %d ", p.line)+fmt.Sprintf(format, args...))
}

// read takes one line.
func (p *parser) read(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	fields := strings.Split(text, "\t")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	if strings.HasPrefix(text, "#") {
		if fields[0] == "#remedy" {
			p.name(fields[1:])
		}
		return
	}
	if p.columns == nil {
		if p.columns = header(fields); p.columns != nil {
			return
		}
		switch len(fields) {
		case 3:
			p.columns = map[string]int{"chapter": 0, "rubric": 1, "remedies": 2}
		case 4:
			p.columns = map[string]int{"chapter": 0, "rubric": 1, "remedy": 2, "grade": 3}
		default:
			p.fault("has %d columns: three (chapter, rubric, remedies) or four (chapter, rubric, remedy, grade), or names of columns", len(fields))
			return
		}
	}
	p.rubric(fields)
}

// header reads a line of column names; nil for any other. What stands in brackets explains.
func header(fields []string) map[string]int {
	columns := map[string]int{}
	for i, field := range fields {
		name, _, _ := strings.Cut(strings.ToLower(field), "(")
		name = strings.TrimSpace(name)
		if name == "path" {
			name = "rubric"
		}
		columns[name] = i
	}
	_, rubric := columns["rubric"]
	_, remedies := columns["remedies"]
	_, remedy := columns["remedy"]
	if !rubric || !remedies && !remedy {
		return nil
	}
	return columns
}

func (p *parser) name(fields []string) {
	if len(fields) != 2 || fields[1] == "" || utf8.RuneCountInString(fields[1]) > longestName {
		p.fault("is no #remedy with an abbreviation and a name")
		return
	}
	if abbreviation, ok := abbreviationOf(fields[0]); ok {
		p.names[abbreviation] = fields[1]
	} else {
		p.fault("has %q for a remedy's abbreviation", fields[0])
	}
}

func (p *parser) rubric(fields []string) {
	column := func(name string) string {
		if i, known := p.columns[name]; known && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	r := parsedRubric{reference: column("id"), chapter: column("chapter"), path: column("rubric"), see: column("see"), grades: map[string]int{}}
	if r.chapter == "" {
		// "MIND; FEAR; death, of" names its chapter itself.
		chapter, rest, found := strings.Cut(r.path, ";")
		if !found {
			p.fault("has no chapter")
			return
		}
		r.chapter, r.path = strings.TrimSpace(chapter), strings.TrimSpace(rest)
	}
	switch {
	case len(fields) > len(p.columns):
		p.fault("has %d columns, the first line has %d", len(fields), len(p.columns))
		return
	case r.path == "":
		p.fault("has no rubric")
		return
	case utf8.RuneCountInString(r.path) > longestPath || utf8.RuneCountInString(r.see) > longestPath || utf8.RuneCountInString(r.chapter) > 100:
		p.fault("has a rubric of more than %d characters, or a chapter of more than 100", longestPath)
		return
	}
	if remedy := column("remedy"); remedy != "" {
		p.grade(&r, remedy+":"+column("grade"))
	}
	for _, token := range strings.FieldsFunc(column("remedies"), func(c rune) bool { return c == ' ' || c == ',' || c == ';' }) {
		p.grade(&r, token)
	}
	p.add(r)
}

// grade takes "acon:3", "acon=3", "acon(3)" or "acon".
func (p *parser) grade(r *parsedRubric, token string) {
	abbreviation, text, graded := token, "", false
	if i := strings.IndexAny(token, ":=("); i >= 0 {
		abbreviation, text, graded = token[:i], strings.TrimSuffix(token[i+1:], ")"), true
	}
	grade := weakest
	if graded && text != "" {
		var err error
		if grade, err = strconv.Atoi(text); err != nil || grade < weakest || grade > most {
			p.fault("grades %s as %q: from %d to %d", abbreviation, text, weakest, most)
			return
		}
	}
	known, ok := abbreviationOf(abbreviation)
	if !ok {
		p.fault("has %q for a remedy's abbreviation", abbreviation)
		return
	}
	r.grades[known] = max(r.grades[known], grade)
}

// abbreviationOf writes a remedy's abbreviation in the one way: small, without the dot at its end.
func abbreviationOf(text string) (string, bool) {
	text = strings.TrimRight(strings.ToLower(strings.TrimSpace(text)), ".")
	ok := text != "" && len(text) <= longestAbbr && !strings.ContainsFunc(text, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' && c != '\''
	})
	return text, ok
}

// add keeps a rubric, or joins it with the one it is.
func (p *parser) add(r parsedRubric) {
	name := r.reference
	if name == "" {
		name = r.chapter + "\t" + r.path
	}
	at, known := p.byName[name]
	if !known {
		at = len(p.rubrics)
		p.byName[name] = at
		p.rubrics = append(p.rubrics, parsedRubric{reference: r.reference, chapter: r.chapter, path: r.path, see: r.see, grades: map[string]int{}})
	}
	kept := &p.rubrics[at]
	if kept.chapter != r.chapter || kept.path != r.path {
		p.fault("has the id %q of another rubric", r.reference)
		return
	}
	if kept.see == "" {
		kept.see = r.see
	}
	for abbreviation, grade := range r.grades {
		if kept.grades[abbreviation] == 0 {
			p.gradings++
		}
		p.graded[abbreviation] = true
		kept.grades[abbreviation] = max(kept.grades[abbreviation], grade)
	}
}

// abbreviations of all remedies of a book, in alphabetical order: a remedy's number is its place there.
func (p parsed) abbreviations() []string {
	all := make([]string, 0, len(p.names))
	for abbreviation := range p.names {
		all = append(all, abbreviation)
	}
	slices.Sort(all)
	return all
}
