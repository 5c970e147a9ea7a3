package labprint

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/typeset/typesettest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

func sampleOfLabel(barcode string) (labapi.Sample, patientsapi.Summary) {
	born, _ := clock.ParseDate("1984-03-09")
	return labapi.Sample{ID: id.New(), Barcode: barcode, CollectedAt: time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC), Container: ptr("EDTA"), Priority: "STAT",
		Items: []labapi.SampleItem{{ServiceCode: "HBA1C"}, {ServiceCode: "CBC"}}}, patientsapi.Summary{FullName: "Meenakshi Sundaram", MRN: "ASHA-26-000042", Gender: "female", DateOfBirth: &born}
}

func TestALabelSaysWhoseTubeItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, _ := sampleOfLabel("2611220001")
	second, _ := sampleOfLabel("2611220002")
	h.m.deps.Lab = laboratory{samples: map[uuid.UUID]labapi.Sample{first.ID: first, second.ID: second}}
	in := &LabelsInput{}
	in.Body.SampleIDs = []uuid.UUID{second.ID, first.ID, second.ID}
	file, err := h.m.Labels(h.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	pages := typesettest.Pages(t, file.Body)
	if len(pages) != 2 || !contains(pages[0], "2611220002", "A patient", "TEST-1", "CBC HBA1C", "22-Nov-2026 10:00 EDTA", "STAT") || !contains(pages[1], "2611220001") {
		t.Errorf("the labels say %q", pages)
	}
	if len(h.journal.reads) != 1 || h.journal.reads[0].Subject.Entity != labapi.EntitySample {
		t.Errorf("audited: %+v", h.journal.reads)
	}
	in.Body.SampleIDs = append(in.Body.SampleIDs, id.New())
	if _, err := h.m.Labels(h.ctx, in); !strings.HasPrefix(err.Error(), "labprint.sample_not_found") {
		t.Errorf("an unknown sample: %v", err)
	}
}

func TestALabelInZPL(t *testing.T) {
	t.Parallel()
	sample, patient := sampleOfLabel("2611220001")
	got := zpl([]label{labelOf(sample, patient, zone)})
	for _, must := range []string{"^XA", "^PW400^LL200", "^FDMeenakshi Sundaram^FS", "^FDASHA-26-000042  42y/F^FS", "^FDCBC HBA1C^FS", "^FD22-Nov-2026 10:00 EDTA STAT^FS",
		"^BCN,56,N,N,N,A^FH^FD2611220001^FS", "^BQN,2,3^FH^FDMA,2611220001^FS", "^XZ"} {
		if !strings.Contains(got, must) {
			t.Errorf("%s is missing in\n%s", must, got)
		}
	}
}

func TestALabelHasNoBarsThatItHasNoRoomFor(t *testing.T) {
	t.Parallel()
	for barcode, want := range map[string]bool{"2611220001": true, strings.Repeat("A", 29): true, strings.Repeat("A", 30): false, strings.Repeat("A", 40): false, strings.Repeat("1", 40): true} {
		sample, patient := sampleOfLabel(barcode)
		text := zpl([]label{labelOf(sample, patient, zone)})
		if strings.Contains(text, "^BCN") != want || !strings.Contains(text, "^FDMA,"+barcode) {
			t.Errorf("%s:\n%s", barcode, text)
		}
		if svg, _ := barsSVG(barcode); (svg != nil) != want {
			t.Errorf("%s has bars: %v", barcode, svg != nil)
		}
	}
}

// zplCommand is a command of our own: whatever begins otherwise came from the data.
var zplCommand = regexp.MustCompile(`^(XA|CI28|PW400|LL200|LH0,0|FO\d+,\d+|A0N,\d+,\d+|FH|FD[^^~]*|FS|BQN,2,3|BCN,56,N,N,N,A|BY\d,2,56|XZ)$`)

func FuzzZPLHoldsNoCommandOfTheData(f *testing.F) {
	for _, text := range []string{"^XZ^XA", "~JR", "_5E", `\&`, "नमूना", "a\nb", ">:", "\x00", "~DG", "^FD"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, name, barcode string) {
		text := strings.ReplaceAll(zpl([]label{{Name: name, MRN: name, Tests: barcode, Barcode: barcode, Taken: name, Urgent: barcode}}), "\n", "")
		if strings.Contains(text, "~") {
			t.Fatalf("%q", text)
		}
		for command := range strings.SplitSeq(strings.TrimPrefix(text, "^"), "^") {
			if !zplCommand.MatchString(command) {
				t.Fatalf("%q has the command %q", text, command)
			}
		}
		// What the printer puts together again is what was meant.
		if field := regexp.MustCompile(`\^FO12,8\^A0N,26,23\^FH\^FD([^^]*)\^FS`).FindStringSubmatch(text); field == nil || unescaped(field[1]) != shortened(name, 26) && strings.ToValidUTF8(name, "") == name {
			t.Fatalf("%q became %q", name, text)
		}
	})
}

var escape = regexp.MustCompile(`_[0-9A-F]{2}`)

func unescaped(text string) string {
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		const digits = "0123456789ABCDEF"
		return string([]byte{byte(strings.IndexByte(digits, e[1])<<4 | strings.IndexByte(digits, e[2]))})
	})
}

func TestALabelOfEveryAge(t *testing.T) {
	t.Parallel()
	taken := time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC)
	for born, want := range map[string]string{"2026-11-22": "0d/F", "2026-10-23": "30d/F", "2026-10-22": "1m/F", "2024-11-23": "23m/F", "2024-11-22": "2y/F", "1926-11-22": "100y/F"} {
		date, err := clock.ParseDate(born)
		if err != nil {
			t.Fatal(err)
		}
		if got := labelOf(labapi.Sample{CollectedAt: taken, Priority: "ROUTINE"}, patientsapi.Summary{Gender: "female", DateOfBirth: &date}, zone).About; got != want {
			t.Errorf("born %s: %s, want %s", born, got, want)
		}
	}
	if got := labelOf(labapi.Sample{CollectedAt: taken}, patientsapi.Summary{Gender: "unknown"}, zone).About; got != "" {
		t.Errorf("of nobody it says %q", got)
	}
}
