package labprint

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/typeset"
	"hmsoftware.com/hm/kit/typeset/typesettest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// named is a library of packs that knows what some things are called and nothing else.
type named struct {
	packsapi.Library
	analytes map[string]packsapi.Text
}

type namedLaboratory struct {
	packsapi.Laboratory
	analytes map[string]packsapi.Text
}

func (n named) Laboratory(string) (packsapi.Laboratory, error) {
	return namedLaboratory{analytes: n.analytes}, nil
}
func (n named) Catalog(string) (packsapi.Catalog, error) { return nil, packsapi.ErrUnknownPack }
func (l namedLaboratory) Analyte(code string) (*packsapi.Analyte, bool) {
	name, known := l.analytes[code]
	return &packsapi.Analyte{Code: code, Name: name, Choices: []packsapi.ResultChoice{{Code: "POS", Title: packsapi.Text{"en": "Positive", "hi": "धनात्मक", "ta": "நேர்மறை", "ur": "مثبت"}}}}, known
}

var analyteNames = map[string]packsapi.Text{
	"HGB":   {"en": "Haemoglobin", "hi": "हीमोग्लोबिन", "ta": "ஹீமோகுளோபின்", "ur": "ہیموگلوبن"},
	"WBC":   {"en": "White cell count", "hi": "श्वेत रक्त कोशिकाएँ", "ta": "வெள்ளை இரத்த அணுக்கள்", "ur": "سفید خلیوں کی تعداد"},
	"PLT":   {"en": "Platelet count", "hi": "प्लेटलेट संख्या", "ta": "இரத்தத் தட்டுகள்", "ur": "پلیٹ لیٹس"},
	"K":     {"en": "Potassium", "hi": "पोटैशियम", "ta": "பொட்டாசியம்", "ur": "پوٹاشیم"},
	"HBSAG": {"en": "Hepatitis B surface antigen", "hi": "हेपेटाइटिस बी सतह प्रतिजन", "ta": "ஹெபடைடிஸ் பி", "ur": "ہیپاٹائٹس بی"},
}

var zone = time.FixedZone("+05:30", 5*3600+1800)

func ptr[T any](v T) *T { return &v }

func number64(text string) json.RawMessage { return json.RawMessage(text) }

func measured(code, display, unit, low, high, flag string) labapi.Value {
	v := labapi.Value{Code: code, Name: analyteNames[code]["en"], Value: number64(display), Display: display, Unit: ptr(unit), ReferenceLow: number64(low), ReferenceHigh: number64(high), Method: ptr("Impedance")}
	if flag != "" {
		v.Flag = ptr(flag)
	}
	return v
}

// sampleShelf is one report of two tests: a blood count with every flag, and a corrected potassium.
func sampleShelf() *shelf {
	at := time.Date(2026, 11, 22, 4, 30, 0, 0, time.UTC)
	born, _ := clock.ParseDate("1984-03-09")
	patient := patientsapi.Summary{ID: id.New(), FullName: "Meenakshi Sundaram", MRN: "ASHA-26-000042", Gender: "female", DateOfBirth: &born}
	doctor, pathologist := labapi.Person{ID: id.New(), FullName: "Dr. Example Pathologist"}, labapi.Person{ID: id.New(), FullName: "Dr. Second Pathologist"}
	result := func(code, name string, values ...labapi.Value) labapi.Result {
		return labapi.Result{
			ID: id.New(), OrderItemID: id.New(), SampleID: id.New(), Barcode: "2611220001", SpecimenType: "blood", CollectedAt: at, ServiceCode: code, Name: name, JudgedFor: labapi.JudgedFor{Sex: "female", AgeDays: ptr(born.DaysUntil(clock.DateOf(at.In(zone))))},
			ResultVersion: 1, Status: labapi.ResultStatusReleased, Values: values, VerifiedAt: ptr(at.Add(90 * time.Minute)), VerifiedByID: &doctor.ID,
			ReleasedAt: ptr(at.Add(2 * time.Hour)), ReleasedByID: &pathologist.ID,
		}
	}
	hgb := measured("HGB", "6.8", "g/dL", "12.0", "15.5", "LL")
	hgb.Former, hgb.DeltaFlag = &labapi.FormerValue{Value: number64("11.2"), Display: "11.2", At: at.AddDate(0, -2, 0)}, ptr("DOWN")
	coded := labapi.Value{Code: "HBSAG", Name: "Hepatitis B surface antigen", Value: json.RawMessage(`"POS"`), Display: "Positive", Flag: ptr("A"), ReferenceText: ptr("Negative"), Method: ptr("ELISA"), Comment: ptr("Repeat with a second method -> confirm.")}
	count := result("CBC", "Complete blood count", hgb, measured("WBC", "12.4", "10*3/uL", "4.0", "11.0", "H"), measured("PLT", "1250", "10*3/uL", "150", "410", "HH"), coded)
	count.IsCritical = true
	count.Comment = ptr(`#panic("not code") *not bold* $x$`)
	count.CriticalNotice = &labapi.CriticalNotice{NotifiedTo: "Dr. Example Physician", ReadBack: true, NotifiedAt: at.Add(80 * time.Minute)}
	former := result("K", "Potassium", measured("K", "6.9", "mmol/L", "3.5", "5.1", "HH"))
	potassium := result("K", "Potassium", measured("K", "4.4", "mmol/L", "3.5", "5.1", "N"))
	potassium.OrderItemID, potassium.IsCorrection, potassium.CorrectionReason = former.OrderItemID, true, ptr("The first sample was haemolysed")
	s := &shelf{zone: zone, layout: Layout{Name: "Asha Hospital", Address: []string{"12 Lake Road", "Chennai 600001"}, Phone: ptr("+91 44 0000 0000"), Accreditation: ptr("NABL MC-0000"), Accent: "#1a4f8b",
		Footer: ptr("Results relate only to the sample received.")},
		results: map[uuid.UUID]labapi.Result{}, samples: map[uuid.UUID]labapi.Sample{}, names: map[uuid.UUID]string{doctor.ID: doctor.FullName, pathologist.ID: pathologist.FullName}, patients: map[uuid.UUID]patientsapi.Summary{patient.ID: patient},
		library: named{analytes: analyteNames}, packs: map[uuid.UUID]string{}, awaiting: map[uuid.UUID][]waitingTest{}}
	report := labprintdb.LabprintReport{TenantID: id.New(), FacilityID: id.New(), ID: id.New(), OrderID: id.New(), EncounterID: id.New(), PatientID: patient.ID, Number: "ASHA-L26-000007", Version: 2,
		IsCorrected: true, ReplacesID: ptr(id.New()), OrderedByID: &doctor.ID, IssuedAt: at.Add(2 * time.Hour)}
	for _, r := range []labapi.Result{count, potassium} {
		report.ItemIds, report.ResultIds, report.FormerIds = append(report.ItemIds, r.OrderItemID), append(report.ResultIds, r.ID), append(report.FormerIds, uuid.Nil)
		s.results[r.ID], s.samples[r.SampleID] = r, labapi.Sample{ReceivedAt: ptr(at.Add(25 * time.Minute))}
	}
	report.FormerIds[1], s.results[former.ID] = former.ID, former
	report.ContentDigest = digestOf([]labapi.Result{count, potassium}, []labapi.Result{former})
	s.awaiting[report.OrderID] = []waitingTest{{"LIPID", "Lipid profile"}}
	s.rows = []labprintdb.ReportsRow{{LabprintReport: report, Newest: 2, ReplacedIssuedAt: ptr(at.Add(time.Hour))}}
	return s
}

var shared = typeset.New(typeset.Options{})

func printed(t testing.TB, s *shelf, language string) []byte {
	t.Helper()
	m := &Module{deps: Deps{PublicURL: "https://lab.example.org", Typesetter: shared}, sealKey: []byte("k")}
	paper, files, err := m.compose(s, language, "")
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := m.typeset(context.Background(), reportTemplate, typeset.Document{Data: paper, Files: files, At: time.Unix(1_800_000_000, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("HM_SAMPLES"); folder != "" {
		_ = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+"-"+language+".pdf"), pdf, 0o600)
	}
	return pdf
}

func TestAReportThatLacksValuesIsInterimAndNamesThem(t *testing.T) {
	t.Parallel()
	s := sampleShelf()
	report := s.rows[0].LabprintReport
	s.awaiting = map[uuid.UUID][]waitingTest{}
	if text := typesettest.Text(t, printed(t, s, "en")); strings.Contains(text, "INTERIM") {
		t.Errorf("a whole report says %s", text)
	}
	count := s.results[report.ResultIds[0]]
	count.Missing = []string{"WBC", "PLT", "NEW"}
	s.results[count.ID] = count
	if text := strings.Join(strings.Fields(typesettest.Text(t, printed(t, s, "en"))), " "); !contains(text, "INTERIM REPORT", "Not reported so far: White cell count, Platelet count, NEW (Complete blood count)") {
		t.Errorf("it says %s", text)
	}
	if text := typesettest.Text(t, printed(t, s, "hi")); !contains(text, "प्लेटलेट संख्या") {
		t.Errorf("in Hindi it says %s", text)
	}
	s.rows[0].Newest = 3
	if text := typesettest.Text(t, printed(t, s, "en")); strings.Contains(text, "INTERIM") {
		t.Errorf("a replaced one says %s", text)
	}
}

func TestAWithdrawnValueIsSaidToBeWithdrawn(t *testing.T) {
	t.Parallel()
	for language, word := range map[string]string{"en": "withdrawn", "hi": "वापस लिया गया", "ta": "திரும்பப் பெறப்பட்டது"} {
		s := sampleShelf()
		corrected := s.rows[0].LabprintReport.ResultIds[1]
		r := s.results[corrected]
		withdrawn := &r.Values[0]
		withdrawn.Value, withdrawn.Display, withdrawn.Flag = json.RawMessage("null"), "withdrawn", nil
		s.results[corrected] = r
		text := typesettest.Text(t, printed(t, s, language))
		if !strings.Contains(text, word) || !strings.Contains(text, "6.9 mmol/L") || strings.Contains(text, "3.5 – 5.1") {
			t.Errorf("%s: %s", language, text)
		}
	}
}

// toldBy is what a paper says, without where its lines break.
func toldBy(t *testing.T, s *shelf) string {
	t.Helper()
	text := typesettest.Text(t, printed(t, s, "en"))
	return strings.Join(strings.Fields(strings.NewReplacer(isolate, "", endIsolate, "").Replace(text)), " ")
}

func TestACorrectionSaysWhatElseChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(*labapi.Value)
		want   string
	}{
		{func(v *labapi.Value) { v.Flag = ptr("L") }, "formerly 4.4 mmol/L (Low, 3.5 – 5.1)"},
		{func(v *labapi.Value) { v.ReferenceLow = number64("3.0") }, "formerly 4.4 mmol/L (Normal, 3.0 – 5.1)"},
		{func(v *labapi.Value) { v.Flag, v.ReferenceLow, v.ReferenceHigh = nil, nil, nil }, "formerly 4.4 mmol/L (Reference range: —)"},
		{func(v *labapi.Value) { v.Comment = ptr("haemolysed") }, "formerly 4.4 mmol/L (Comment: haemolysed)"},
		{func(v *labapi.Value) { v.Method = ptr("ISE") }, "formerly 4.4 mmol/L (Method: ISE)"},
		{func(v *labapi.Value) { v.Value, v.Display = number64("4.5"), "4.5" }, "formerly 4.5 mmol/L"},
		{func(*labapi.Value) {}, ""},
	} {
		s := sampleShelf()
		report := s.rows[0].LabprintReport
		former, now := s.results[report.FormerIds[1]], s.results[report.ResultIds[1]]
		former.Values = []labapi.Value{now.Values[0]}
		c.change(&former.Values[0])
		s.results[former.ID] = former
		if text := toldBy(t, s); c.want != "" && !strings.Contains(text, c.want) || c.want == "" && strings.Contains(text, "formerly") {
			t.Errorf("want %q in %s", c.want, text)
		}
	}
	s := sampleShelf()
	now := s.results[s.rows[0].LabprintReport.ResultIds[1]]
	now.Comment = ptr("Seen twice")
	s.results[now.ID] = now
	if text := toldBy(t, s); !strings.Contains(text, "Commentnot reported before") {
		t.Errorf("a new comment: %s", text)
	}
}

func TestAFormerValueHasItsUnitWhereItDiffers(t *testing.T) {
	t.Parallel()
	s := sampleShelf()
	count := s.results[s.rows[0].LabprintReport.ResultIds[0]]
	count.Values[0].Former.Unit = ptr("g/dL")
	if text := toldBy(t, s); strings.Contains(text, "11.2 g/dL") {
		t.Errorf("its own unit again: %s", text)
	}
	count.Values[0].Former.Unit = ptr("mmol/L")
	if text := toldBy(t, s); !strings.Contains(text, "11.2 mmol/L") {
		t.Errorf("it says %s", text)
	}
}

// A paper tells the person by whom its ranges were chosen, whatever is known of the patient by now.
func TestAPaperTellsThePersonAsJudged(t *testing.T) {
	t.Parallel()
	s := sampleShelf()
	report := s.rows[0].LabprintReport
	born, _ := clock.ParseDate("2001-01-01")
	patient := s.patients[report.PatientID]
	patient.Gender, patient.DateOfBirth = "male", &born
	s.patients[patient.ID] = patient
	if text := toldBy(t, s); !contains(text, "Sexfemale", "Born09-Mar-1984 (42 years)") || contains(text, "Ranges for") {
		t.Errorf("it says %s", text)
	}
	// One that was entered again since is of the person who is known now, and the other says of whom it is.
	again := s.results[report.ResultIds[1]]
	again.JudgedFor, again.EnteredAt = labapi.JudgedFor{Sex: "male", AgeDays: ptr(born.DaysUntil(clock.DateOf(again.CollectedAt.In(zone))))}, again.CollectedAt.Add(time.Hour)
	s.results[again.ID] = again
	if text := toldBy(t, s); !contains(text, "Sexmale", "Born01-Jan-2001 (25 years)", "Ranges forfemale, 42 years", "Ranges forformerly female, 42 years") {
		t.Errorf("it says %s", text)
	}
}

func TestAReportInEveryLanguage(t *testing.T) {
	t.Parallel()
	for language := range languages {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			pdf := printed(t, sampleShelf(), language)
			text := typesettest.Text(t, pdf)
			for _, must := range []string{"ASHA-26-000042", "ASHA-L26-000007", "6.8", "12.0 – 15.5", "g/dL", "10³/µL", "11.2", "2611220001", "Meenakshi Sundaram"} {
				if !strings.Contains(text, must) {
					t.Errorf("%q is missing in %s", must, text)
				}
			}
		})
	}
}
