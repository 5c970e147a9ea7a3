package encounters_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
)

func TestVitalsKeepOnlyWhatWasSent(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		in := encounters.VitalsInput{ByID: byID(e.ID), Body: encounters.Vitals{
			TemperatureC: ptr(38.2), BPSystolic: ptr(120.0), BPDiastolic: ptr(80.0), SpO2: ptr(0.0), Note: "Sitting"}}
		got, err := h.encounters.RecordVitals(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"temperature_c": 38.2, "bp_systolic": 120.0, "bp_diastolic": 80.0, "spo2": 0.0, "note": "Sitting"}
		d := got.Document
		if got.EncounterID != e.ID || d.Kind != "VITALS" || !reflect.DeepEqual(d.Content, want) || *d.AuthorID != tx.Scope().UserID || !d.AuthoredAt.Equal(tx.Now()) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestWhatNoSingleFieldSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body      encounters.Vitals
		locations []string
	}{
		"systolic alone":          {encounters.Vitals{BPSystolic: ptr(120.0)}, []string{"body.bp_diastolic"}},
		"diastolic alone":         {encounters.Vitals{BPDiastolic: ptr(80.0)}, []string{"body.bp_systolic"}},
		"diastolic not below":     {encounters.Vitals{BPSystolic: ptr(80.0), BPDiastolic: ptr(80.0)}, []string{"body.bp_diastolic"}},
		"nothing":                 {encounters.Vitals{}, []string{"body"}},
		"a note of blanks":        {encounters.Vitals{Note: "  "}, []string{"body"}},
		"one above, one missing":  {encounters.Vitals{BPSystolic: ptr(80.0), BPDiastolic: ptr(90.0), Pain: ptr(1.0)}, []string{"body.bp_diastolic"}},
		"a pressure of its own":   {encounters.Vitals{BPSystolic: ptr(120.0), BPDiastolic: ptr(80.0)}, nil},
		"a measurement of nought": {encounters.Vitals{Pain: ptr(0.0)}, nil},
		"only a note":             {encounters.Vitals{Note: "Refused the cuff"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				e := h.create(ctx, t, tx, patientID)
				_, err := h.encounters.RecordVitals(ctx, tx, encounters.VitalsInput{ByID: byID(e.ID), Body: c.body})
				wantFaults(t, err, c.locations...)
				if c.locations == nil && err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// The bounds stand in the schema that requests are held against.
func TestBoundsOfVitals(t *testing.T) {
	t.Parallel()
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	schema := huma.SchemaFromType(registry, reflect.TypeFor[encounters.Vitals]())
	for field, bounds := range map[string]struct {
		min, max float64
		whole    bool
	}{
		"temperature_c": {25, 45, false}, "pulse_bpm": {20, 250, true}, "resp_rate": {5, 80, true}, "bp_systolic": {50, 300, true},
		"bp_diastolic": {30, 200, true}, "spo2": {0, 100, false}, "weight_kg": {0, 500, false}, "height_cm": {0, 300, false}, "pain": {0, 10, true},
	} {
		valid := func(value any) bool {
			var decoded any
			encoded, err := json.Marshal(map[string]any{field: value})
			if err == nil {
				err = json.Unmarshal(encoded, &decoded)
			}
			if err != nil {
				t.Fatal(err)
			}
			result := &huma.ValidateResult{}
			huma.Validate(registry, schema, huma.NewPathBuffer([]byte("body"), 4), huma.ModeWriteToServer, decoded, result)
			for _, err := range result.Errors {
				if detail := err.(huma.ErrorDetailer).ErrorDetail(); detail.Location != "body."+field { //nolint:errorlint,forcetypeassert // huma's own
					t.Errorf("%s = %v is at fault at %s", field, value, detail.Location)
				}
			}
			return len(result.Errors) == 0
		}
		for value, want := range map[any]bool{bounds.min: true, bounds.max: true, bounds.min - 1: false, bounds.max + 1: false,
			bounds.max - 0.5: !bounds.whole, "36": false, true: false} {
			if got := valid(value); got != want {
				t.Errorf("%s = %v: accepted %t, want %t", field, value, got, want)
			}
		}
	}
}

func TestNotesPlansAndAssessmentsAreKeptAsWritten(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		plan := encounters.PlanInput{ByID: byID(e.ID), Body: encounters.Plan{FollowUp: "In a week",
			Medications: []encounters.PlanItem{{Words: "Paracetamol 500 mg"}, {Fields: map[string]any{"name": "Iron", "dose": "60 mg", "days": 30.0}}}}}
		note := encounters.NoteInput{ByID: byID(e.ID), Body: encounters.Note{Subjective: "Better"}}
		for kind, c := range map[string]struct {
			record func() (encounters.Recorded, error)
			want   map[string]any
		}{
			"ASSESSMENT": {func() (encounters.Recorded, error) { return h.encounters.RecordAssessment(ctx, tx, assessment(e.ID)) },
				map[string]any{"diagnosis": "Tension headache"}},
			"PLAN": {func() (encounters.Recorded, error) { return h.encounters.RecordPlan(ctx, tx, plan) },
				map[string]any{"follow_up": "In a week",
					"medications": []any{"Paracetamol 500 mg", map[string]any{"name": "Iron", "dose": "60 mg", "days": 30.0}}}},
			"NOTE": {func() (encounters.Recorded, error) { return h.encounters.RecordNote(ctx, tx, note) },
				map[string]any{"subjective": "Better"}},
		} {
			got, err := c.record()
			if err != nil || got.Document.Kind != kind || !reflect.DeepEqual(got.Document.Content, c.want) {
				t.Errorf("%s: got %+v, %v", kind, got, err)
			}
		}
		codes := h.timeline(ctx, t, tx, e.ID)
		for _, want := range []string{"ASSESSMENT_RECORDED", "PLAN_RECORDED", "NOTE_RECORDED"} {
			if !slices.Contains(codes, want) {
				t.Errorf("%s is not on the timeline %v", want, codes)
			}
		}
	})
}

func TestADocumentMustSaySomething(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := byID(h.create(ctx, t, tx, patientID).ID)
		_, err := h.encounters.RecordAssessment(ctx, tx, encounters.AssessmentInput{ByID: e, Body: encounters.Assessment{Note: " "}})
		wantFaults(t, err, "body")
		_, err = h.encounters.RecordNote(ctx, tx, encounters.NoteInput{ByID: e})
		wantFaults(t, err, "body")
		_, err = h.encounters.RecordPlan(ctx, tx, encounters.PlanInput{ByID: e})
		wantFaults(t, err, "body")
		_, err = h.encounters.RecordPlan(ctx, tx, encounters.PlanInput{ByID: e, Body: encounters.Plan{
			Medications:    []encounters.PlanItem{{Words: "Iron"}, {Words: " "}, {Fields: map[string]any{}}},
			Investigations: []encounters.PlanItem{{Words: string(make([]byte, 1001))}, {Fields: map[string]any{"name": strings.Repeat("x", 9000)}}}}})
		wantFaults(t, err, "body.medications[1]", "body.medications[2]", "body.investigations[0]", "body.investigations[1]")
	})
}

// A client's form may have a line for each medication, or fields.
func TestItemsOfAPlanAreWordsOrObjects(t *testing.T) {
	t.Parallel()
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[encounters.Plan](), false, "plan")
	for body, valid := range map[string]bool{
		`{"medications":["Paracetamol"]}`:                                  true,
		`{"medications":[{"name":"Paracetamol","dose":"500 mg"}]}`:         true,
		`{"medications":["Iron",{"name":"B12"}],"investigations":["CBC"]}`: true,
		`{"investigations":[{"code":"CBC","urgent":true}]}`:                true,
		`{"medications":[7]}`:                                              false,
		`{"medications":[null]}`:                                           false,
		`{"medications":[["Iron"]]}`:                                       false,
		`{"medications":[{}]}`:                                             false,
		`{"medications":[""]}`:                                             false,
		`{"medications":"Iron"}`:                                           false,
	} {
		var sent any
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatal(err)
		}
		result := &huma.ValidateResult{}
		huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, sent, result)
		if got := len(result.Errors) == 0; got != valid {
			t.Errorf("%s: accepted %t, want %t: %v", body, got, valid, result.Errors)
			continue
		}
		var plan encounters.Plan
		if valid {
			if err := json.Unmarshal([]byte(body), &plan); err != nil {
				t.Fatal(err)
			}
			back, err := json.Marshal(plan)
			var again any
			if err != nil || json.Unmarshal(back, &again) != nil || !reflect.DeepEqual(again, sent) {
				t.Errorf("%s came back as %s, %v", body, back, err)
			}
		}
	}
}

func TestNothingIsWrittenInAnEncounterThatIsOver(t *testing.T) {
	t.Parallel()
	for _, status := range []encountersapi.Status{encountersapi.StatusClosed, encountersapi.StatusCancelled} {
		inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
			e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID, Status: status})
			_, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID))
			wantCode(t, err, "encounters.not_open")
			_, err = h.encounters.RecordAssessment(ctx, tx, assessment(e.ID))
			wantCode(t, err, "encounters.not_open")
		})
	}
}

func TestDocumentsAreListedNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
		e := h.create(ctx, t, tx, patientID)
		var want []uuid.UUID
		for range 5 {
			got, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID))
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, got.Document.ID)
		}
		slices.Reverse(want)
		if _, err := h.encounters.RecordAssessment(ctx, tx, assessment(e.ID)); err != nil {
			t.Fatal(err)
		}
		in := encounters.DocumentsInput{ByID: byID(e.ID), PageParams: httpx.PageParams{Limit: 2, Count: true}, Kind: "VITALS"}
		var got []uuid.UUID
		for pages := 1; ; pages++ {
			page, err := h.encounters.Documents(ctx, tx, in)
			if err != nil || *page.Count != 5 {
				t.Fatalf("got %+v, %v", page, err)
			}
			for _, d := range page.Results {
				got = append(got, d.ID)
			}
			if page.Next == nil {
				if pages != 3 {
					t.Errorf("%d pages", pages)
				}
				break
			}
			in.Cursor = *page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestADocumentNeverChanges(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"changed": `UPDATE encounters.document SET content = '{"note":"x"}'`, "deleted": `DELETE FROM encounters.document`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, facilitiestest.With{}, func(ctx context.Context, tx db.Tx, h house, patientID uuid.UUID) {
				if _, err := h.encounters.RecordVitals(ctx, tx, vitals(h.create(ctx, t, tx, patientID).ID)); err != nil {
					t.Fatal(err)
				}
				if _, err := tx.Exec(ctx, sql); err == nil {
					t.Errorf("a document was %s", name)
				}
			})
		})
	}
}
