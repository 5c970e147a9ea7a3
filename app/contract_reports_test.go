package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/typeset/typesettest"
)

func TestContractReports(t *testing.T) {
	t.Parallel()
	section{
		"a report is printed in the patient's language":     aReportInEveryLanguage,
		"several reports are one document":                  severalReports,
		"a report printed during a correction is not mixed": printedDuringACorrection,
		"who read a report is audited":                      whoReadAReport,
		"anybody may ask whether a paper is genuine":        anybodyMayAsk,
		"the layout is checked":                             theLayoutIsChecked,
		"labels are printed":                                labelsArePrinted,
	}.hold(t, 1)
}

// paper is what a report says in English.
func (d *day) paper(t *testing.T, reportID string) string {
	t.Helper()
	pdf := d.Doctor.Get(t, "/api/lab/reports/"+reportID+"/pdf").Want(t, 200)
	if kind := pdf.Header.Get("Content-Type"); kind != "application/pdf" {
		t.Fatalf("it is %s", kind)
	}
	return typesettest.Text(t, pdf.Body)
}

func (d *day) reportsOf(t *testing.T, test tested) []any {
	t.Helper()
	return d.Doctor.Get(t, "/api/lab/reports?order_id="+test.order).Want(t, 200).List("results")
}

func aReportInEveryLanguage(t *testing.T, d *day) {
	test := d.released(t, "RFT", renal(6.9))
	report := current(t, d.reportsOf(t, test))
	result := d.Doctor.Get(t, "/api/lab/results/"+test.result).Want(t, 200)
	text := d.paper(t, report["id"].(string))
	for _, must := range []string{"Laboratory report", report["number"].(string), result.Path("patient.full_name").(string), result.Path("patient.mrn").(string), result.Text("barcode"),
		"6.9", "mmol/L", "Critically high", "Verified by", "Released by", "The doctor on duty", "Page 1 of"} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is missing in %s", must, text)
		}
	}
	// In Hindi packs/base has a name for everything too.
	for language, words := range map[string][]string{"hi": {"प्रयोगशाला", "गुर्दा जाँच", "पोटैशियम"}, "ta": {"ஆய்வக"}, "ur": {}} {
		pdf := d.Doctor.Get(t, "/api/lab/reports/"+report["id"].(string)+"/pdf?language="+language).Want(t, 200)
		text := typesettest.Text(t, pdf.Body)
		for _, must := range append(words, "6.9") {
			if !strings.Contains(text, must) {
				t.Errorf("%s: %q is missing in %s", language, must, text)
			}
		}
	}
	d.Doctor.Get(t, "/api/lab/reports/"+report["id"].(string)+"/pdf?language=xx").Want(t, 422)
	d.Doctor.Get(t, "/api/lab/reports/"+nobodys()+"/pdf").WantProblem(t, 404, "labprint.not_found")
	d.elsewhere(t).Doctor.Get(t, "/api/lab/reports/"+report["id"].(string)+"/pdf").WantProblem(t, 404, "labprint.not_found")
	d.Receptionist.Get(t, "/api/lab/reports/"+report["id"].(string)+"/pdf").WantProblem(t, 403, "auth.permission_denied")
}

func severalReports(t *testing.T, d *day) {
	var ids, numbers []string
	for _, test := range []tested{d.released(t, "CRP", wellCRP), d.released(t, "CRP", highCRP)} {
		report := current(t, d.reportsOf(t, test))
		ids, numbers = append(ids, report["id"].(string)), append(numbers, report["number"].(string))
	}
	slices.Reverse(ids)
	pages := typesettest.Pages(t, d.Nurse.Post(t, "/api/lab/reports/print", object{"report_ids": ids, "language": "en"}).Want(t, 200).Body)
	if len(pages) != 2 || !strings.Contains(pages[0], numbers[1]) || !strings.Contains(pages[1], numbers[0]) {
		t.Errorf("the pages say %q", pages)
	}
	d.Nurse.Post(t, "/api/lab/reports/print", object{"report_ids": append(ids, nobodys()), "language": "en"}).WantProblem(t, 404, "labprint.not_found")
	d.Nurse.Post(t, "/api/lab/reports/print", object{"report_ids": []string{}}).Want(t, 422)
}

func printedDuringACorrection(t *testing.T, d *day) {
	test := d.released(t, "CRP", found("CRP", 31.4))
	old := current(t, d.reportsOf(t, test))["id"].(string)
	fixed := d.verify(t, d.correct(t, test, found("CRP", 57.8)))
	var printing sync.WaitGroup
	for range 8 {
		printing.Go(func() {
			for range 4 {
				pdf := d.Doctor.Get(t, "/api/lab/reports/"+old+"/pdf")
				if pdf.StatusCode != http.StatusOK {
					t.Errorf("%d %s", pdf.StatusCode, pdf.Body)
					return
				}
				if text := typesettest.Text(t, pdf.Body); !strings.Contains(text, "31.4") || strings.Contains(text, "57.8") {
					t.Errorf("the old version says %s", text)
				}
			}
		})
	}
	d.release(t, fixed)
	printing.Wait()
	newest := current(t, d.reportsOf(t, test))
	if text := d.paper(t, newest["id"].(string)); !strings.Contains(text, "CORRECTED REPORT") || !strings.Contains(text, "57.8") || !strings.Contains(text, "formerly 31.4") {
		t.Errorf("the new version says %s", text)
	}
	if text := d.paper(t, old); !strings.Contains(text, "OUT OF DATE") {
		t.Errorf("the old version says %s", text)
	}
}

func whoReadAReport(t *testing.T, d *day) {
	test := d.released(t, "CRP", wellCRP)
	report := current(t, d.reportsOf(t, test))["id"].(string)
	d.paper(t, report)
	within(t, 10*time.Second, "the reading in the audit trail", func() bool {
		for _, each := range d.Auditor.Get(t, "/api/audit/events?patient_id="+test.patient).Want(t, 200).List("results") {
			entry := each.(object)
			if entry["entity_id"] == report && strings.HasPrefix(fmt.Sprint(entry["code"]), "labprint.") && strings.HasSuffix(fmt.Sprint(entry["code"]), ".read") && entry["outcome"] == "ok" {
				return true
			}
		}
		return false
	})
}

func anybodyMayAsk(t *testing.T, d *day) {
	for _, token := range []string{"x", strings.Repeat("A", 86), strings.Repeat("-", 200)} {
		asked, err := http.Get(d.House.Servers[0].URL + "/api/lab/report-check/" + token)
		if err != nil {
			t.Fatal(err)
		}
		asked.Body.Close()
		if asked.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", token, asked.StatusCode)
		}
	}
	if told := d.Doctor.Get(t, "/api/lab/report-check/x").Want(t, 200); told.JSON["genuine"] != false || told.JSON["number"] != nil {
		t.Errorf("a made up paper is told as %s", told.Body)
	}
}

func theLayoutIsChecked(t *testing.T, d *day) {
	const path = "/api/lab/report-layout"
	before := d.Nurse.Get(t, path).Want(t, 200)
	if before.Text("name") == "" || before.JSON["updated_at"] != nil {
		t.Errorf("before: %s", before.Body)
	}
	d.Nurse.Put(t, path, object{"name": "Ours"}).WantProblem(t, 403, "auth.permission_denied")
	for name, wrong := range map[string]object{
		"no name":       {"name": " "},
		"a long line":   {"name": "Ours", "address": []string{strings.Repeat("x", 121)}},
		"five lines":    {"name": "Ours", "address": []string{"1", "2", "3", "4", "5"}},
		"no colour":     {"name": "Ours", "accent": "red"},
		"no PNG":        {"name": "Ours", "logo": "aGVsbG8="},
		"a large logo":  {"name": "Ours", "logo": strings.Repeat("AAAA", 70_000)},
		"a script":      {"name": "Ours", "accent": "#1a4f8b); panic("},
		"another field": {"name": "Ours", "facility_id": nobodys()},
	} {
		if r := d.Pathologist.Put(t, path, wrong); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	put := d.Pathologist.Put(t, path, object{"name": "Lake Hospital", "address": []string{"12 Lake Road", ""}, "phone": "1234", "accreditation": "NABL MC-0000",
		"header": "All days", "footer": `Ours alone #panic("x")`, "accent": "#17603A", "logo": dot}).Want(t, 200)
	if put.JSON["accent"] != "#17603a" || put.JSON["logo"] != dot || len(put.List("address")) != 1 {
		t.Errorf("put: %s", put.Body)
	}
	d.Pathologist.Put(t, path, object{"name": "Theirs"}, "If-Match", `"0"`).WantProblem(t, 412, "request.stale")
	text := d.paper(t, current(t, d.reportsOf(t, d.released(t, "CRP", wellCRP)))["id"].(string))
	for _, must := range []string{"Lake Hospital", "12 Lake Road", "1234", "NABL MC-0000", "All days", `Ours alone #panic("x")`} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is missing in %s", must, text)
		}
	}
}

func labelsArePrinted(t *testing.T, d *day) {
	first, second := d.collected(t, "CRP"), d.collected(t, "CBC")
	body := object{"sample_ids": []string{second.sample, first.sample}}
	pages := typesettest.Pages(t, d.Nurse.Post(t, "/api/lab/labels", body).Want(t, 200).Body)
	if len(pages) != 2 || !strings.Contains(pages[0], second.barcode) || !strings.Contains(pages[1], first.barcode) || !strings.Contains(pages[1], "CRP") {
		t.Errorf("the labels say %q", pages)
	}
	body["format"] = "zpl"
	if text := string(d.Nurse.Post(t, "/api/lab/labels", body).Want(t, 200).Body); strings.Count(text, "^XA") != 2 || !strings.Contains(text, "^FD"+first.barcode+"^FS") {
		t.Errorf("in ZPL they say %s", text)
	}
	d.Nurse.Get(t, "/api/lab/samples/"+nobodys()+"/label").WantProblem(t, 404, "labprint.sample_not_found")
	d.elsewhere(t).Nurse.Get(t, "/api/lab/samples/"+first.sample+"/label").WantProblem(t, 404, "labprint.sample_not_found")
	d.Receptionist.Get(t, "/api/lab/samples/"+first.sample+"/label").WantProblem(t, 403, "auth.permission_denied")
}
