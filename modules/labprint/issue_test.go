package labprint

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/kit/typeset"
	"hmsoftware.com/hm/kit/typeset/typesettest"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestEachReleaseMakesTheNextVersionOfTheOrdersReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order, haemoglobin, potassium := id.New(), id.New(), id.New()
	first := h.released(order, haemoglobin, 1, "12.5", nil)
	h.released(order, potassium, 1, "4.4", nil)
	corrected := h.released(order, haemoglobin, 2, "13.5", &first.ID)
	third := h.released(order, id.New(), 1, "1", nil)
	reports := h.reports(order)
	if len(reports) != 4 {
		t.Fatalf("%d versions", len(reports))
	}
	slices.Reverse(reports)
	for i, want := range []struct {
		tests                  int
		isCorrected, isCurrent bool
	}{{1, false, false}, {2, false, false}, {2, true, false}, {3, false, true}} {
		r := reports[i]
		if r.Version != i+1 || len(r.Tests) != want.tests || r.IsCorrected != want.isCorrected || r.IsCurrent != want.isCurrent || r.Number != reports[0].Number {
			t.Errorf("version %d: %+v", i+1, r)
		}
		if i > 0 && (r.ReplacesID == nil || *r.ReplacesID != reports[i-1].ID) {
			t.Errorf("version %d replaces %v", i+1, r.ReplacesID)
		}
	}
	// The newest version still says which of its results is a corrected one.
	newest := reports[3]
	for _, test := range newest.Tests {
		switch {
		case test.ResultID == corrected.ID && (test.CorrectsID == nil || *test.CorrectsID != first.ID):
			t.Errorf("the corrected result corrects %v", test.CorrectsID)
		case test.ResultID != corrected.ID && test.CorrectsID != nil:
			t.Errorf("%s corrects something", test.ServiceCode)
		}
	}
	if !slices.Contains(newest.ResultIDs, third.ID) || slices.Contains(newest.ResultIDs, first.ID) {
		t.Error("the newest version tells a result that was corrected, or lacks one")
	}
}

func TestNumbersAreCountedByFacilityAndYear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	numbers := func(orders ...uuid.UUID) (all []string) {
		for _, order := range orders {
			all = append(all, h.reports(order)[0].Number)
		}
		return all
	}
	one, two, next := id.New(), id.New(), id.New()
	h.released(one, id.New(), 1, "1", nil)
	h.released(two, id.New(), 1, "1", nil)
	h.db.Clock.Advance(366 * 24 * time.Hour)
	h.released(next, id.New(), 1, "1", nil)
	year := testkit.Epoch.In(zone).Year() % 100
	want := []string{"MAIN-L" + strconv.Itoa(year) + "-000001", "MAIN-L" + strconv.Itoa(year) + "-000002", "MAIN-L" + strconv.Itoa(year+1) + "-000001"}
	if got := numbers(one, two, next); !slices.Equal(got, want) {
		t.Errorf("numbers %v, want %v", got, want)
	}
}

func TestReleasesAtOnceNeverMakeAReportOfMixedVersions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order, items := id.New(), []uuid.UUID{id.New(), id.New(), id.New(), id.New()}
	formers := make([]uuid.UUID, len(items))
	for i, item := range items {
		formers[i] = h.released(order, item, 1, "1", nil).ID
	}
	// All four are corrected at the same time.
	var all sync.WaitGroup
	for i, item := range items {
		all.Go(func() {
			err := h.db.Pool.InTx(h.ctx, func(tx db.Tx) error {
				_, err := h.release(tx, order, item, 2, "2", &formers[i])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	reports := h.reports(order)
	if len(reports) != 8 {
		t.Fatalf("%d versions of 8 releases", len(reports))
	}
	slices.SortFunc(reports, func(a, b Report) int { return a.Version - b.Version })
	for i, r := range reports[4:] {
		corrected := 0
		for _, test := range r.Tests {
			if test.CorrectsID != nil {
				corrected++
			}
		}
		// Each has one correction more than the one before it, so none missed what was released before it.
		if r.Version != i+5 || corrected != i+1 || !r.IsCorrected || len(r.Tests) != 4 {
			t.Errorf("version %d tells %d corrected results of %d", r.Version, corrected, len(r.Tests))
		}
	}
}

func TestAReportThatIsReplacedWhileItIsPrintedTellsNothingOfTheNewOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order, item := id.New(), id.New()
	first := h.released(order, item, 1, "12.5", nil)
	old := h.reports(order)[0]
	scope, _ := db.ScopeOf(h.ctx)
	var s *shelf
	h.inTx(h.ctx, func(tx db.Tx) (err error) {
		s, err = h.m.gather(h.ctx, tx, scope, []uuid.UUID{old.ID})
		return err
	})
	h.released(order, item, 2, "13.7", &first.ID)
	paper, files, err := h.m.compose(s, "en", "")
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := h.m.typeset(h.ctx, reportTemplate, typeset.Document{Data: paper, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if text := typesettest.Text(t, pdf); !contains(text, "12.5") || contains(text, "13.7") {
		t.Errorf("it says %s", text)
	}
	// Printed again it says that it is out of date, and the new one what it corrects.
	again, err := h.pdf(old.ID)
	if err != nil {
		t.Fatal(err)
	}
	if text := typesettest.Text(t, again); !contains(text, "OUT OF DATE", "12.5") || contains(text, "13.7") {
		t.Errorf("printed again it says %s", text)
	}
	newest, err := h.pdf(h.reports(order)[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if text := typesettest.Text(t, newest); !contains(text, "CORRECTED REPORT", "replaces version 1", "13.7", "formerly 12.5 g/dL") || contains(text, "OUT OF DATE") {
		t.Errorf("the new one says %s", text)
	}
}

func TestResultsThatWereAlteredAreNotPrinted(t *testing.T) {
	t.Parallel()
	for _, change := range []struct{ version, place, now string }{
		{"2", "{values,0,value}", `15.5`}, {"2", "{values,0,display}", `"15.5"`}, {"2", "{values,0,name}", `"Sodium"`}, {"2", "{values,0,method}", `"By eye"`},
		{"2", "{values,0,comment}", `"Fine"`}, {"2", "{values,0,unit}", `"g/L"`}, {"2", "{values,0,delta_flag}", `"UP"`}, {"2", "{values,0,calculated}", `true`},
		{"2", "{values,0,former}", `{"value": 9, "display": "9", "at": "2026-01-01T00:00:00Z", "result_id": "00000000-0000-0000-0000-000000000001"}`},
		{"2", "{name}", `"Sodium"`}, {"2", "{missing}", `["WBC"]`}, {"2", "{correction_reason}", `"Nothing much"`}, {"2", "{comment}", `"Fine"`}, {"2", "{is_critical}", `true`},
		{"2", "{critical_notice}", `{"notified_to": "Nobody", "read_back": true, "notified_at": "2026-01-01T00:00:00Z"}`},
		{"2", "{judged_for,sex}", `"male"`}, {"2", "{judged_for,age_days}", `12`}, {"2", "{barcode}", `"2611220002"`},
		{"1", "{values,0,display}", `"99"`},
	} {
		t.Run(change.version+change.place, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			order, item := id.New(), id.New()
			first := h.released(order, item, 1, "12.5", nil)
			h.released(order, item, 2, "13.5", &first.ID)
			newest := h.reports(order)[0]
			if _, err := h.pdf(newest.ID); err != nil {
				t.Fatal(err)
			}
			h.db.AsSuperuser(t, `UPDATE public.released SET body = jsonb_set(body, $2::text[], $3::jsonb) WHERE order_id = $1 AND version = $4::text::int`, order, change.place, change.now, change.version)
			if _, err := h.pdf(newest.ID); !errors.Is(err, errAltered) {
				t.Errorf("it answered %v", err)
			}
		})
	}
}

// What was issued when the digest told less is still as genuine as it was.
func TestTheFirstReportsAreStillPrinted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order := id.New()
	r := h.released(order, id.New(), 1, "12.5", nil)
	h.db.AsSuperuser(t, `ALTER TABLE labprint.report DISABLE TRIGGER USER`)
	h.db.AsSuperuser(t, `UPDATE labprint.report SET content_digest = $1`, firstDigestOf([]labapi.Result{r}))
	report := h.reports(order)[0]
	if _, err := h.pdf(report.ID); err != nil {
		t.Fatal(err)
	}
	if !h.asked(h.token(report)).Genuine {
		t.Error("its paper is not genuine any more")
	}
	h.db.AsSuperuser(t, `UPDATE public.released SET body = jsonb_set(body, '{values,0,value}', '15.5')`)
	if _, err := h.pdf(report.ID); !errors.Is(err, errAltered) {
		t.Errorf("it answered %v", err)
	}
}

// The digest of a result that never changes: another would make every paper that is out a forgery.
func TestTheDigestsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 4, 30, 0, 123456789, zone)
	r := labapi.Result{ServiceCode: "HGB", Name: "Haemoglobin", ResultVersion: 1, JudgedFor: labapi.JudgedFor{Sex: "female", AgeDays: ptr(9000)}, CollectedAt: at, ReleasedAt: &at,
		Values: []labapi.Value{measured("HGB", "12.5", "g/dL", "12.0", "15.5", "N")}}
	r.Values[0].Former = &labapi.FormerValue{Value: number64("11"), Display: "11.0", At: at}
	for want, got := range map[string][]byte{"a1c626786d8b6ed1ad8a850efe9992fb375d3173aaa6ecb2795d84d2313bc1b7": firstDigestOf([]labapi.Result{r}), "e9bfaf2867b2961516f239b5be4bec6b6772a868ad47414ca7d52f895a84afc4": digestOf([]labapi.Result{r}, []labapi.Result{r})} {
		if hex.EncodeToString(got) != want {
			t.Errorf("%x, want %s", got, want)
		}
	}
}

func TestAReportNeverChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.released(id.New(), id.New(), 1, "1", nil)
	for _, statement := range []string{`UPDATE labprint.report SET version = 9`, `DELETE FROM labprint.report`} {
		if err := h.db.Pool.InTx(h.ctx, func(tx db.Tx) error { _, err := tx.Exec(h.ctx, statement); return err }); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func TestWhoReadAReportIsToldOfItsCorrection(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order, item := id.New(), id.New()
	first := h.released(order, item, 1, "12.5", nil)
	report := h.reports(order)[0]
	scope, _ := db.ScopeOf(h.ctx)
	for range 2 {
		if _, err := h.pdf(report.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.journal.reads); n != 2 || h.journal.reads[0].Subject.EntityID != report.ID || h.journal.reads[0].Subject.PatientIDs[0] != h.encounter.PatientID {
		t.Errorf("audited: %+v", h.journal.reads)
	}
	h.released(order, item, 2, "13.5", &first.ID)
	var readers []string
	err := h.db.Pool.InTx(h.ctx, func(tx db.Tx) error {
		return tx.QueryRow(h.ctx, `SELECT ARRAY(SELECT jsonb_array_elements_text(payload -> 'reader_ids')) FROM events.event
			WHERE name = 'labprint.report_issued.v1' AND payload ->> 'version' = '2'`).Scan(&readers)
	})
	if err != nil || !slices.Equal(readers, []string{scope.UserID.String()}) {
		t.Errorf("readers %v, %v; want %s", readers, err, scope.UserID)
	}
}

func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order := id.New()
	h.released(order, id.New(), 1, "12.5", nil)
	h.journal.refuse = errors.New("the trail is full")
	if _, err := h.pdf(h.reports(order)[0].ID); !errors.Is(err, h.journal.refuse) {
		t.Errorf("it answered %v", err)
	}
}

func TestAnotherFacilitysReportIsNotThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order := id.New()
	h.released(order, id.New(), 1, "12.5", nil)
	report := h.reports(order)[0]
	scope, _ := db.ScopeOf(h.ctx)
	own := h.ctx
	for name, other := range map[string]db.Scope{
		"another tenant":   testkit.NewScope(),
		"another facility": {TenantID: scope.TenantID, FacilityID: uuid.New(), UserID: scope.UserID},
	} {
		h.ctx = db.WithScope(own, other)
		_, pdfErr := h.pdf(report.ID)
		_, getErr := h.m.Get(h.ctx, h.db.Pool.Read(h.ctx), ByID{report.ID})
		if !errors.Is(pdfErr, errNotFound) || !errors.Is(getErr, errNotFound) || len(h.reports(order)) != 0 {
			t.Errorf("%s: %v, %v", name, pdfErr, getErr)
		}
	}
}

func TestSeveralReportsAreOneDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ids []uuid.UUID
	for i := range 3 {
		order := id.New()
		for range 1 + i*22 {
			h.released(order, id.New(), 1, strconv.Itoa(i)+".5", nil)
		}
		ids = append(ids, h.reports(order)[0].ID)
	}
	slices.Reverse(ids)
	in := &PrintInput{}
	in.Body.ReportIDs, in.Body.Language = append(ids, ids[0]), "en"
	file, err := h.m.PrintReports(h.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	pages := typesettest.Pages(t, file.Body)
	// Each report begins a page of its own and counts its own pages; on each stands whose it is.
	last, of := 0, 0
	var starts int
	for i, page := range pages {
		if !contains(page, "TEST-1", "MAIN-L") {
			t.Errorf("page %d does not say whose it is", i+1)
		}
		n, all := pageOf(t, page)
		if n == 1 {
			if last != of {
				t.Errorf("a report ends with page %d of %d", last, of)
			}
			starts++
		} else if n != last+1 || all != of {
			t.Errorf("page %d of %d follows %d of %d", n, all, last, of)
		}
		last, of = n, all
	}
	if !contains(pages[0], "000003") || starts != 3 || last != of || len(pages) < 6 {
		t.Errorf("%d reports on %d pages, the last is %d of %d", starts, len(pages), last, of)
	}
}

func TestAServerWithoutATypesetterSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.m.deps.Typesetter = typeset.New(typeset.Options{Folder: t.TempDir()})
	order := id.New()
	h.released(order, id.New(), 1, "12.5", nil)
	_, err := h.pdf(h.reports(order)[0].ID)
	if !errors.Is(err, errMissing) {
		t.Fatalf("it answered %v", err)
	}
	if said, _ := asError(err).Extra["missing"].(string); !contains(said, "scripts/install-typeset.sh") {
		t.Errorf("it says %q", said)
	}
}
