package labprint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

// compose writes the reports down in a language; files are what the template shows beside the text. The QR code leads to
// the installation's public address, else to the site that it was asked at; to none, and there is no code.
func (m *Module) compose(s *shelf, language, site string) (paper, map[string][]byte, error) {
	site = strings.TrimRight(cmp.Or(m.deps.PublicURL, site), "/")
	w := languages[language]
	p := paper{Language: language, Words: w, Layout: paperLayout{
		Name: s.layout.Name, Address: s.layout.Address, Phone: s.layout.Phone, Accreditation: s.layout.Accreditation, Header: s.layout.Header, Footer: s.layout.Footer,
		Accent: s.layout.Accent, HasLogo: len(s.layout.Logo) > 0,
	}}
	files := map[string][]byte{}
	if p.Layout.HasLogo {
		files["logo.png"] = s.layout.Logo
	}
	for i, row := range s.rows {
		made := s.composeReport(row, w, language)
		if site != "" {
			made.Address = site + "/check/" + m.sealOf(row.LabprintReport)
			made.Seal = fmt.Sprintf("seal-%d.svg", i)
			drawing, err := qrSVG(made.Address)
			if err != nil {
				return paper{}, nil, err
			}
			files[made.Seal] = drawing
		}
		p.Reports = append(p.Reports, made)
	}
	return p, files, nil
}

func (s *shelf) composeReport(row labprintdb.ReportsRow, w words, language string) paperReport {
	r := row.LabprintReport
	patient, person := s.patients[r.PatientID], s.personOf(r)
	made := paperReport{
		Patient: paperPatient{Name: patient.FullName, MRN: patient.MRN, Sex: person.sexIn(w), Born: w["not_recorded"]},
		Number:  r.Number, Version: w.fill("version", "n", strconv.Itoa(int(r.Version))), Issued: w.moment(r.IssuedAt, s.zone), OrderedBy: w["not_recorded"],
	}
	if person.born != nil {
		made.Patient.Born = w.day(*person.born)
		made.Patient.Age = w.age(*person.born, s.collectedOn(s.results[r.ResultIds[0]]))
	}
	if name := s.nameOf(r.OrderedByID); name != "" {
		made.OrderedBy = name
	}
	made.Notices = s.notices(row, w, language)
	for i, resultID := range r.ResultIds {
		test := s.composeTest(s.results[resultID], s.packs[r.EncounterID], w, language)
		if judged := s.judgedAs(s.results[resultID]); !judged.same(person) {
			test.Facts = append(test.Facts, fact{w["ranges_for"], judged.inWords(w)})
		}
		if former, known := s.results[r.FormerIds[i]]; known {
			test.Correction = s.correctionOf(s.results[resultID], former, s.packs[r.EncounterID], w, language)
		}
		made.Tests = append(made.Tests, test)
	}
	return made
}

func (s *shelf) notices(row labprintdb.ReportsRow, w words, language string) []notice {
	r, all := row.LabprintReport, []notice{}
	if r.Version != row.Newest {
		all = append(all, notice{"superseded", w["superseded"], w["superseded_by"]})
	}
	if r.IsCorrected && row.ReplacedIssuedAt != nil {
		all = append(all, notice{"corrected", w["corrected"],
			w.fill("corrected_replaces", "n", strconv.Itoa(int(r.Version)-1), "time", w.moment(*row.ReplacedIssuedAt, s.zone))})
	} else if r.IsCorrected {
		all = append(all, notice{"corrected", w["corrected"], ""})
	}
	if r.Version == row.Newest {
		if missing := s.missing(r, w, language); len(missing) > 0 {
			all = append(all, notice{"interim", w["interim"], strings.Join(missing, " · ")})
		}
	}
	return all
}

// missing says which tests of the order, and which values of its results, the report does not tell.
func (s *shelf) missing(r labprintdb.LabprintReport, w words, language string) (sentences []string) {
	pack := s.packs[r.EncounterID]
	var names []string
	for _, test := range s.awaiting[r.OrderID] {
		names = append(names, s.service(pack, test.code, test.name, language))
	}
	if len(names) > 0 {
		sentences = append(sentences, w.fill("interim_missing", "names", strings.Join(names, ", ")))
	}
	for _, resultID := range r.ResultIds {
		result := s.results[resultID]
		if len(result.Missing) == 0 {
			continue
		}
		names := make([]string, len(result.Missing))
		for i, code := range result.Missing {
			names[i] = s.analyte(pack, code, code, language)
		}
		sentences = append(sentences, w.fill("values_missing", "names", strings.Join(names, ", "), "test", s.service(pack, result.ServiceCode, result.Name, language)))
	}
	return sentences
}

func (s *shelf) nameOf(userID *uuid.UUID) string {
	if userID == nil {
		return ""
	}
	return s.names[*userID]
}

// service and analyte are called as their pack calls them in the language, else as the result does.
func (s *shelf) service(pack, code, otherwise, language string) string {
	if catalog, err := s.library.Catalog(pack); err == nil {
		if service, known := catalog.Service(code); known && service.Name[language] != "" {
			return service.Name[language]
		}
	}
	return otherwise
}

func (s *shelf) analyte(pack, code, otherwise, language string) string {
	if laboratory, err := s.library.Laboratory(pack); err == nil {
		if analyte, known := laboratory.Analyte(code); known && analyte.Name[language] != "" {
			return analyte.Name[language]
		}
	}
	return otherwise
}

// isWithdrawn tells of a value that was told once and no longer holds, without another in its place.
func isWithdrawn(raw json.RawMessage) bool { return string(orNull(raw)) == "null" }

// shown is a value in the language: a coded one by its title there, any other as it was written.
func (s *shelf) shown(pack string, v labapi.Value, raw json.RawMessage, display, language string) string {
	if isWithdrawn(raw) {
		return languages[language]["withdrawn"]
	}
	var code string
	if json.Unmarshal(raw, &code) == nil {
		if laboratory, err := s.library.Laboratory(pack); err == nil {
			if analyte, known := laboratory.Analyte(v.Code); known {
				for _, choice := range analyte.Choices {
					if choice.Code == code && choice.Title[language] != "" {
						return choice.Title[language]
					}
				}
			}
		}
	}
	return display
}

func (s *shelf) composeTest(r labapi.Result, pack string, w words, language string) paperTest {
	test := paperTest{Name: s.service(pack, r.ServiceCode, r.Name, language), Facts: []fact{}, Rows: []value{}, Remarks: []fact{}, Signatures: []string{}}
	add := func(to *[]fact, name, text string) {
		if text != "" {
			*to = append(*to, fact{w[name], text})
		}
	}
	add(&test.Facts, "specimen", w.specimen(r.SpecimenType))
	add(&test.Facts, "sample", r.Barcode)
	add(&test.Facts, "collected", w.moment(r.CollectedAt, s.zone))
	if sample, known := s.samples[r.SampleID]; known && sample.ReceivedAt != nil {
		add(&test.Facts, "received", w.moment(*sample.ReceivedAt, s.zone))
	}
	if r.ReleasedAt != nil {
		add(&test.Facts, "reported", w.moment(*r.ReleasedAt, s.zone))
	}
	usual := usualMethod(r.Values)
	add(&test.Facts, "method", usual)
	for _, v := range r.Values {
		row := value{
			Name: s.analyte(pack, v.Code, v.Name, language), Text: s.shown(pack, v, v.Value, v.Display, language), Unit: readableUnit(deref(v.Unit)),
			Range: rangeOf(v), Notes: []fact{},
		}
		if isWithdrawn(v.Value) {
			row.Unit, row.Range = "", ""
		}
		if v.Flag != nil && *v.Flag != "N" {
			row.Flag, row.Word = *v.Flag, w["flag_"+*v.Flag]
		}
		if v.Former != nil {
			row.Former, row.FormAt = s.shown(pack, v, v.Former.Value, v.Former.Display, language), w.day(clock.DateOf(v.Former.At.In(s.zone)))
			// It may have been measured in another unit.
			if unit := readableUnit(deref(v.Former.Unit)); unit != "" && unit != row.Unit && !isWithdrawn(v.Former.Value) {
				row.Former += " " + unit
			}
		}
		if v.DeltaFlag != nil {
			row.Notes = append(row.Notes, fact{"", w["delta"]})
		}
		if v.Calculated {
			row.Notes = append(row.Notes, fact{"", w["calculated"]})
		}
		if method := deref(v.Method); method != usual {
			add(&row.Notes, "method", method)
		}
		add(&row.Notes, "comment", deref(v.Comment))
		test.Rows = append(test.Rows, row)
	}
	add(&test.Remarks, "comment", deref(r.Comment))
	if r.IsCritical && r.CriticalNotice != nil && r.CriticalNotice.ReadBack {
		test.Remarks = append(test.Remarks, fact{"", w.fill("critical_notice", "name", r.CriticalNotice.NotifiedTo, "time", w.moment(r.CriticalNotice.NotifiedAt, s.zone))})
	}
	sign := func(key, name string, at *time.Time) {
		if at != nil && name != "" {
			test.Signatures = append(test.Signatures, w.fill(key, "name", name, "time", w.moment(*at, s.zone)))
		}
	}
	sign("verified_by", s.nameOf(r.VerifiedByID), r.VerifiedAt)
	sign("verified_by_rule", deref(r.VerifiedByRule), r.VerifiedAt)
	sign("released_by", s.nameOf(r.ReleasedByID), r.ReleasedAt)
	return test
}

// usualMethod is the one of most of the values, told once; none where a value has none, which it would be taken for its.
func usualMethod(values []labapi.Value) string {
	count, usual := map[string]int{}, ""
	for _, v := range values {
		method := deref(v.Method)
		if method == "" {
			return ""
		}
		if count[method]++; count[method] > count[usual] {
			usual = method
		}
	}
	return usual
}

// correctionOf says what a result tells otherwise than the released one that it corrects.
func (s *shelf) correctionOf(now, former labapi.Result, pack string, w words, language string) *correction {
	c := &correction{Title: w["corrected_result"], Changes: []fact{}}
	if reason := deref(now.CorrectionReason); reason != "" {
		c.Reason = w.fill("correction_reason", "reason", reason)
	}
	told := func(v labapi.Value) string {
		text := s.shown(pack, v, v.Value, v.Display, language)
		if isWithdrawn(v.Value) {
			return text
		}
		return strings.TrimSpace(text + " " + readableUnit(deref(v.Unit)))
	}
	// What a value means is told where that changed, whether or not the value did.
	meant := func(was, is labapi.Value) string {
		var changed []string
		if !isWithdrawn(was.Value) && !isWithdrawn(is.Value) {
			if deref(was.Flag) != deref(is.Flag) || rangeOf(was) != rangeOf(is) {
				if word := w["flag_"+deref(was.Flag)]; word != "" {
					changed = append(changed, word)
				}
				changed = append(changed, cmp.Or(rangeOf(was), w["range"]+": —"))
			}
			if deref(was.Method) != deref(is.Method) {
				changed = append(changed, w["method"]+": "+cmp.Or(deref(was.Method), "—"))
			}
		}
		if deref(was.Comment) != deref(is.Comment) {
			changed = append(changed, w["comment"]+": "+cmp.Or(deref(was.Comment), "—"))
		}
		return strings.Join(changed, ", ")
	}
	for _, v := range now.Values {
		name := s.analyte(pack, v.Code, v.Name, language)
		i := slices.IndexFunc(former.Values, func(f labapi.Value) bool { return f.Code == v.Code })
		switch {
		case i < 0:
			c.Changes = append(c.Changes, fact{name, w["new_value"]})
		default:
			was, changed := former.Values[i], meant(former.Values[i], v)
			if changed != "" {
				c.Changes = append(c.Changes, fact{name, w.fill("was", "value", told(was)+" ("+changed+")")})
			} else if !bytes.Equal(was.Value, v.Value) || deref(was.Unit) != deref(v.Unit) {
				c.Changes = append(c.Changes, fact{name, w.fill("was", "value", told(was))})
			}
		}
	}
	for _, f := range former.Values {
		if !slices.ContainsFunc(now.Values, func(v labapi.Value) bool { return v.Code == f.Code }) {
			c.Changes = append(c.Changes, fact{s.analyte(pack, f.Code, f.Name, language), w.fill("no_longer", "value", told(f))})
		}
	}
	switch was, is := deref(former.Comment), deref(now.Comment); {
	case was == is:
	case was == "":
		c.Changes = append(c.Changes, fact{w["comment"], w["new_value"]})
	default:
		c.Changes = append(c.Changes, fact{w["comment"], w.fill("was", "value", was)})
	}
	if was, is := s.judgedAs(former), s.judgedAs(now); !was.same(is) {
		c.Changes = append(c.Changes, fact{w["ranges_for"], w.fill("was", "value", was.inWords(w))})
	}
	return c
}

func rangeOf(v labapi.Value) string {
	if words := deref(v.ReferenceText); words != "" {
		return words
	}
	low, high := number(v.ReferenceLow), number(v.ReferenceHigh)
	switch {
	case low != "" && high != "":
		return low + " – " + high
	case low != "":
		return "≥ " + low
	case high != "":
		return "≤ " + high
	}
	return ""
}

func number(raw json.RawMessage) string {
	if text := string(raw); text != "null" {
		return text
	}
	return ""
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

var (
	annotation = regexp.MustCompile(`\{[^}]*\}`)
	power      = regexp.MustCompile(`10\*(\d+)`)
	micro      = regexp.MustCompile(`\bu(mol|g|L|m|kat|[IU])`)
	raised     = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
	// Annotations that say what was counted stay; those that only say that there is no unit go.
	annotated = strings.NewReplacer("{1.73_m2}", "1.73 m²", "{FEU}", " FEU", "{INR}", "INR")
	bracketed = strings.NewReplacer("[iU]", "IU", "[IU]", "IU", "[Hg]", "Hg", "[", "", "]", "", "Cel", "°C")
)

// readableUnit writes a UCUM unit as people do: 10*3/uL is 10³/µL.
func readableUnit(ucum string) string {
	unit := strings.Trim(annotation.ReplaceAllString(annotated.Replace(ucum), ""), ".")
	unit = power.ReplaceAllStringFunc(unit, func(p string) string { return "10" + raised.Replace(p[3:]) })
	return micro.ReplaceAllString(bracketed.Replace(unit), "µ$1")
}
