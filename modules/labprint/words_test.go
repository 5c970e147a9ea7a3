package labprint

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/typeset/typesettest"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	english := languages["en"]
	for language, w := range languages {
		if !slices.Equal(slices.Sorted(maps.Keys(w)), slices.Sorted(maps.Keys(english))) {
			t.Errorf("%s has other keys than English", language)
		}
		for key, sentence := range english {
			want, got := placeholder.FindAllString(sentence, -1), placeholder.FindAllString(w[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if w[key] == "" || !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q has the placeholders %v, English %v", language, key, w[key], got, want)
			}
		}
		if n := len(strings.Fields(w["months_of_year"])); n != 12 {
			t.Errorf("%s has %d months", language, n)
		}
	}
}

func TestTemplatesNeverReadTextAsCode(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{"report": reportSource, "label": labelSource} {
		for _, word := range []string{"eval(", "#import", "plugin(", "read(", "#include"} {
			if strings.Contains(source, word) {
				t.Errorf("%s has %s", name, word)
			}
		}
	}
}

func TestAHostileReportIsPrintedAsItIs(t *testing.T) {
	t.Parallel()
	const hostile = `#panic("x") ]#eval("1") $a$ *b*`
	s := sampleShelf()
	report := &s.rows[0].LabprintReport
	patient := s.patients[report.PatientID]
	patient.FullName, patient.MRN = hostile, hostile
	s.patients[report.PatientID] = patient
	s.layout.Name, s.layout.Address, s.layout.Header, s.layout.Footer = hostile, []string{hostile}, ptr(hostile), ptr(hostile)
	for user := range s.names {
		s.names[user] = hostile
	}
	for resultID, r := range s.results {
		r.Name, r.Comment, r.Barcode, r.SpecimenType, r.CorrectionReason = hostile, ptr(hostile), hostile, hostile, ptr(hostile)
		for i := range r.Values {
			r.Values[i].Display, r.Values[i].Unit, r.Values[i].ReferenceText, r.Values[i].Method, r.Values[i].Comment = hostile, ptr(hostile), ptr(hostile), ptr(hostile), ptr(hostile)
		}
		s.results[resultID] = r
	}
	// Lines break where they must; what counts is that every letter is still there, often.
	text := strings.Join(strings.Fields(typesettest.Text(t, printed(t, s, "en"))), "")
	if n := strings.Count(text, strings.ReplaceAll(hostile, " ", "")); n < 12 {
		t.Errorf("it stands there %d times in %s", n, text)
	}
}

func TestUnitsAreWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	for ucum, want := range map[string]string{"10*3/uL": "10³/µL", "10*12/L": "10¹²/L", "umol/L": "µmol/L", "ug/dL": "µg/dL", "m[IU]/L": "mIU/L", "u[IU]/mL": "µIU/mL", "mm[Hg]": "mmHg",
		"{nominal}": "", "mg/g{creat}": "mg/g", "%": "%", "mL/min/{1.73_m2}": "mL/min/1.73 m²", "g/dL": "g/dL", "U/L": "U/L", "Cel": "°C", "ug/mL{FEU}": "µg/mL FEU", "{INR}": "INR", "[pH]": "pH", "": ""} {
		if got := readableUnit(ucum); got != want {
			t.Errorf("%s becomes %q, want %q", ucum, got, want)
		}
	}
}

func TestAReplacedReportSaysNothingOfWhatIsAwaited(t *testing.T) {
	t.Parallel()
	s := sampleShelf()
	s.rows[0].Newest = 3
	text := typesettest.Text(t, printed(t, s, "en"))
	if !contains(text, "OUT OF DATE") || contains(text, "INTERIM") {
		t.Errorf("it says %s", text)
	}
}

func BenchmarkReport(b *testing.B) {
	s := sampleShelf()
	printed(b, s, "en")
	i := 0
	for b.Loop() {
		i++
		s.rows[0].LabprintReport = labprintdb.LabprintReport(s.rows[0].LabprintReport)
		s.layout.Footer = ptr(strings.Repeat("x", i%40))
		printed(b, s, "en")
	}
}
