package clinicaldocs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// everyKind makes an observation of every kind, at the top, inside a list, and from a computed score.
const everyKind = `
code: every_kind
version: 1.0.0
title: Every kind
schema:
  type: object
  additionalProperties: false
  properties:
    weight_kg: {type: number, title: Weight, x-carry: true, x-obs: {code: "29463-7", system: loinc, unit: kg}}
    beats: {type: integer, title: Beats, x-obs: {code: "8867-4", system: loinc, unit: /min}}
    remedy: {type: string, title: Remedy, x-obs: {code: remedy, system: hm}}
    grade: {type: string, enum: [A, B], title: Grade, x-carry: true, x-obs: {code: grade, system: hm}}
    since: {type: string, format: date, title: Since, x-obs: {code: onset, system: hm}}
    smokes: {type: boolean, title: Smokes, x-obs: {code: smoker, system: hm}}
    note: {type: string, title: Note}
    symptoms: {type: array, title: Symptoms, items: {type: object, additionalProperties: false, properties: {change: {type: integer, title: Change, x-obs: {code: change, system: hm}}}}}
computed:
  double_weight: {value: doc.weight_kg * 2.0, title: Double, unit: kg, x-obs: {code: double, system: hm, unit: kg}}
summary: "{note}"
`

func everything() object {
	return object{"weight_kg": 61.5, "beats": 70.0, "remedy": "Sulphur", "grade": "A", "since": "2026-01-31", "smokes": false, "note": "unseen",
		"symptoms": []any{object{"change": -1.0}, object{}, object{"change": 2.0}}}
}

func inObservingWard(t *testing.T, fn func(ctx context.Context, tx db.Tx, w ward)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		fn(ctx, tx, newWardWith(ctx, t, tx, library(t, everyKind, scoreYAML)))
	})
}

func (w ward) recorded(ctx context.Context, t testing.TB, tx db.Tx, payload object) clinicaldocs.Document {
	t.Helper()
	return must(t)(w.Finalize(ctx, tx, finalize(must(t)(w.Draft(ctx, tx, w.input("every_kind", payload))).ID)))
}

// observed lists a patient's observations as "code value unit", sorted.
func (w ward) observed(ctx context.Context, t testing.TB, tx db.Tx, change func(*clinicaldocs.ObservationsInput)) []string {
	t.Helper()
	in := clinicaldocs.ObservationsInput{ByID: clinicaldocs.ByID{ID: w.patient}, PageParams: httpx.PageParams{Limit: 2, Count: true}}
	if change != nil {
		change(&in)
	}
	all := []string{}
	for {
		page, err := w.Observations(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Results {
			value, _ := json.Marshal(o.Value)
			unit := ""
			if o.Unit != nil {
				unit = " " + *o.Unit
			}
			all = append(all, fmt.Sprintf("%s %s%s", o.Code, value, unit))
		}
		if page.Next == nil {
			if int(*page.Count) != len(all) {
				t.Errorf("count says %d of %d", *page.Count, len(all))
			}
			slices.Sort(all)
			return all
		}
		in.Cursor = *page.Next
	}
}

func wantLines(t testing.TB, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAFinalDocumentIsObserved(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		must(t)(w.Draft(ctx, tx, w.input("every_kind", everything())))
		wantLines(t, w.observed(ctx, t, tx, nil)) // a draft says nothing
		final := w.recorded(ctx, t, tx, everything())
		wantLines(t, w.observed(ctx, t, tx, nil), "29463-7 61.5 kg", "8867-4 70 /min", `remedy "Sulphur"`, `grade "A"`, `onset "2026-01-31"`,
			"smoker false", "change -1", "change 2", "double 123 kg")
		page, err := w.Observations(ctx, tx, clinicaldocs.ObservationsInput{ByID: clinicaldocs.ByID{ID: w.patient}, Code: "29463-7", PageParams: httpx.PageParams{Limit: 9}})
		if err != nil || len(page.Results) != 1 {
			t.Fatalf("got %+v, %v", page, err)
		}
		if o := page.Results[0]; o.DocumentID != final.ID || o.EncounterID != w.encounter || !o.At.Equal(tx.Now()) || o.Source != "DOCUMENT" || o.Field != "weight_kg" ||
			o.AuditSubject().PatientIDs[0] != w.patient {
			t.Errorf("got %+v", o)
		}
	})
}

func TestObservationsAreFiltered(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		w.recorded(ctx, t, tx, everything())
		for name, c := range map[string]struct {
			change func(*clinicaldocs.ObservationsInput)
			want   []string
		}{
			"by code":    {func(in *clinicaldocs.ObservationsInput) { in.Code = "change" }, []string{"change -1", "change 2"}},
			"by system":  {func(in *clinicaldocs.ObservationsInput) { in.System = "loinc" }, []string{"29463-7 61.5 kg", "8867-4 70 /min"}},
			"by neither": {func(in *clinicaldocs.ObservationsInput) { in.Code, in.System = "change", "loinc" }, nil},
			"since now":  {func(in *clinicaldocs.ObservationsInput) { in.Code, in.Since = "grade", tx.Now() }, []string{`grade "A"`}},
			"until now":  {func(in *clinicaldocs.ObservationsInput) { in.Until = tx.Now() }, nil},
		} {
			t.Run(name, func(t *testing.T) { wantLines(t, w.observed(ctx, t, tx, c.change), c.want...) })
		}
		_, err := w.Observations(ctx, tx, clinicaldocs.ObservationsInput{ByID: clinicaldocs.ByID{ID: id.New()}})
		wantCode(t, err, "patients.not_found")
	})
}

// Amending replaces what the document said; what was found then stays as old as it was.
func TestAnAmendmentIsObservedInPlace(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		final := w.recorded(ctx, t, tx, object{"weight_kg": 61.5, "grade": "A"})
		beside := w.recorded(ctx, t, tx, object{"beats": 70.0})
		first := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"weight_kg": 16.5, "grade": nil})))
		wantLines(t, w.observed(ctx, t, tx, nil), "29463-7 16.5 kg", "double 33 kg", "8867-4 70 /min")
		second := must(t)(w.Amend(ctx, tx, patch(first.ID, object{"weight_kg": nil, "remedy": "Sulphur"})))
		wantLines(t, w.observed(ctx, t, tx, nil), `remedy "Sulphur"`, "8867-4 70 /min")
		var at, finalized time.Time
		var documentID uuid.UUID
		err := tx.QueryRow(ctx, `SELECT o.at, o.document_id, d.created_at FROM clinicaldocs.observation o, clinicaldocs.document d WHERE o.code = 'remedy' AND d.id = $1`, final.ID).
			Scan(&at, &documentID, &finalized)
		if err != nil || !at.Equal(finalized) || documentID != second.ID {
			t.Errorf("got %s of %s, %v", at, documentID, err)
		}
		must(t)(w.Amend(ctx, tx, patch(second.ID, object{"remedy": nil})))
		wantLines(t, w.observed(ctx, t, tx, nil), "8867-4 70 /min")
		_ = beside
	})
}

func TestVitalSignsAreObserved(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		declareEncounterEvents(w.bus)
		w.Subscribe()
		vitals := encounterstest.Vitals(ctx, t, tx, w.encounter, `{"temperature_c": 37.2, "pulse_bpm": 70, "resp_rate": 16, "bp_systolic": 120, "bp_diastolic": 80,
			"spo2": 98.5, "weight_kg": 61.5, "height_cm": 171, "pain": 0, "note": "Calm"}`)
		if err := w.bus.Publish(ctx, tx, encountersapi.VitalsRecorded{EncounterID: w.encounter, PatientID: w.patient, DocumentID: vitals}); err != nil {
			t.Fatal(err)
		}
		wantLines(t, w.observed(ctx, t, tx, nil), "8310-5 37.2 Cel", "8867-4 70 /min", "9279-1 16 /min", "8480-6 120 mm[Hg]", "8462-4 80 mm[Hg]", "59408-5 98.5 %",
			"29463-7 61.5 kg", "8302-2 171 cm", "72514-3 0")
	})
}

func TestObservationsOfAnotherFacilityAreItsOwn(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		w.recorded(ctx, t, tx, everything())
		other := tx.Scope()
		other.FacilityID = id.New()
		err := tx.Nested(ctx, other, func(tx db.Tx) error {
			known, err := clinicaldocs.Reader{}.Observations(ctx, tx, other, w.patient, time.Time{})
			if err != nil || len(known) != 0 {
				t.Errorf("got %+v, %v", known, err)
			}
			_, err = w.Observations(db.WithScope(ctx, other), tx, clinicaldocs.ObservationsInput{ByID: clinicaldocs.ByID{ID: w.patient}})
			wantCode(t, err, "patients.not_found")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheReaderGivesTheNewestOfEachCode(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		w.recorded(ctx, t, tx, object{"weight_kg": 60.0, "grade": "B"})
		w.recorded(ctx, t, tx, object{"weight_kg": 61.5})
		known, err := clinicaldocs.Reader{}.Observations(ctx, tx, tx.Scope(), w.patient, tx.Now().AddDate(-1, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		facts := []string{}
		for _, o := range known {
			f := o.Fact(tx.Now().Add(49 * time.Hour))
			facts = append(facts, fmt.Sprint(f["system"], " ", f["code"], " ", f["value"], " ", f["text"], " ", f["unit"], " ", f["days_ago"]))
		}
		slices.Sort(facts)
		wantLines(t, facts, "loinc 29463-7 61.5 61.5 kg 2", "hm grade <nil> B  2", "hm double 123 123 kg 2")
		if later, err := (clinicaldocs.Reader{}).Observations(ctx, tx, tx.Scope(), w.patient, tx.Now().Add(time.Second)); err != nil || len(later) != 0 {
			t.Errorf("got %+v, %v", later, err)
		}
	})
}

// Rules weigh what earlier documents found.
func TestRulesSeeRecentResults(t *testing.T) {
	t.Parallel()
	const heavier = `
- code: base.heavier
  on: document.finalize
  why: {before: "facts.recent_results.filter(r, r.code == '29463-7' && r.days_ago < 30).map(r, r.value)"}
  when: document.template_code == 'every_kind' && has(document.payload.weight_kg) && why.before.exists(w, document.payload.weight_kg > w * 1.1)
  then: {effect: require_reason}
  severity: warning
  message: Much heavier than before.
`
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWardWith(ctx, t, tx, libraryOf(t, fstest.MapFS{"base/rules/weight.yaml": {Data: []byte(heavier)}}, everyKind))
		w.recorded(ctx, t, tx, object{"weight_kg": 60.0})
		w.recorded(ctx, t, tx, object{"weight_kg": 62.0})
		draft := must(t)(w.Draft(ctx, tx, w.input("every_kind", object{"weight_kg": 70.0})))
		_, err := w.Finalize(ctx, tx, finalize(draft.ID))
		wantCode(t, err, "rules.reason_required")
		in := finalize(draft.ID)
		in.Body.Overrides = []rulesapi.Override{{Rule: "base.heavier", Reason: "Oedema."}}
		must(t)(w.Finalize(ctx, tx, in))
	})
}

// What was found yesterday evening is a day ago this morning, by the calendar of the facility: in Asia/Kolkata the
// morning is the 10th when in UTC it still is the 9th.
func TestRulesCountTheDaysOfTheFacilitysCalendar(t *testing.T) {
	t.Parallel()
	const painful = `
- code: base.days
  on: document.finalize
  why: {days: "facts.recent_results.filter(r, r.code == '72514-3').map(r, r.days_ago)"}
  when: size(why.days) > 0
  then: {effect: warn}
  severity: info
  message: "{why.days}"
`
	for _, c := range []struct {
		ago  time.Duration // before 15:00 of the 10th in Asia/Kolkata, 9:30 in UTC
		want string
	}{{14 * time.Hour, "0"}, {16 * time.Hour, "1"}, {38 * time.Hour, "1"}, {40 * time.Hour, "2"}} {
		testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
			w := newWardWith(ctx, t, tx, libraryOf(t, fstest.MapFS{"base/rules/days.yaml": {Data: []byte(painful)}}, scoreYAML))
			measured := encountersapi.Measured{EncounterID: w.encounter, PatientID: w.patient, DocumentID: id.New(), At: tx.Now().Add(-c.ago),
				Values: []encountersapi.Measurement{{Field: "pain", Code: "72514-3", System: "loinc", Value: 3}}}
			if err := w.LoadVitals(ctx, tx, id.NewSource(1, 2), []encountersapi.Measured{measured}); err != nil {
				t.Fatal(err)
			}
			final := w.final(ctx, t, tx, whole())
			if len(final.Warnings) != 1 || final.Warnings[0].Message != c.want {
				t.Errorf("%s ago: got %+v, want %s days", c.ago, final.Warnings, c.want)
			}
		})
	}
}

func TestCarryOverBeginsADocumentWithTheLast(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		carried := func(encounterID uuid.UUID) clinicaldocs.CarryOver {
			t.Helper()
			c, err := w.CarryOver(ctx, tx, clinicaldocs.CarryOverInput{EncounterID: encounterID, TemplateCode: "every_kind"})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if c := carried(w.encounter); c.DocumentID != nil || c.RecordedAt != nil || c.Values == nil || len(c.Values) != 0 {
			t.Errorf("got %+v", c)
		}
		first := w.recorded(ctx, t, tx, everything())
		amended := must(t)(w.Amend(ctx, tx, patch(first.ID, object{"weight_kg": 62.0})))
		next := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: w.patient, SeveralActive: true})
		if c := carried(next.ID); *c.DocumentID != amended.ID || c.Values["weight_kg"] != 62.0 || c.Values["grade"] != "A" || len(c.Values) != 2 {
			t.Errorf("got %+v", c)
		}
		stranger := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientstest.Patient(ctx, t, tx, patientstest.With{})})
		if c := carried(stranger.ID); c.DocumentID != nil || len(c.Values) != 0 {
			t.Errorf("got %+v", c)
		}
		_, err := w.CarryOver(ctx, tx, clinicaldocs.CarryOverInput{EncounterID: id.New(), TemplateCode: "every_kind"})
		wantCode(t, err, "encounters.not_found")
		_, err = w.CarryOver(ctx, tx, clinicaldocs.CarryOverInput{EncounterID: w.encounter, TemplateCode: "lost"})
		wantFaults(t, err, "query.template_code")
	})
}

func TestLoadedRecordsAreObserved(t *testing.T) {
	t.Parallel()
	inObservingWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		w.recorded(ctx, t, tx, everything())
		made := w.observed(ctx, t, tx, nil)
		now := tx.Now()
		encounterID, loaded := loadedBeside(ctx, t, tx, everything(), &now)
		loaded.TemplateCode = "every_kind"
		if err := load(ctx, t, tx, w, loaded); err != nil {
			t.Fatal(err)
		}
		w.patient = loaded.Encounter.PatientID
		wantLines(t, w.observed(ctx, t, tx, nil), made...)
		measured := encountersapi.Measured{EncounterID: encounterID, PatientID: w.patient, DocumentID: id.New(), At: now,
			Values: []encountersapi.Measurement{{Field: "pain", Code: "72514-3", System: "loinc", Value: 3}}}
		if err := w.LoadVitals(ctx, tx, id.NewSource(1, 2), []encountersapi.Measured{measured}); err != nil {
			t.Fatal(err)
		}
		wantLines(t, w.observed(ctx, t, tx, nil), append(made, "72514-3 3")...)
	})
}
