package clinicaldocs_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/packs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/tasks"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// A small pack of the tests' own, so that what they show does not move with the clinical content of the base pack.
const (
	packYAML  = `{id: base, version: 1.0.0, name: Trial, kind: base, requires_hm: "^1", locales: [en], encounter_types: [], order_types: [], sign_off: {clinician: "", date: ""}}`
	scoreYAML = `
code: score
version: 1.0.0
title: Score
schema:
  type: object
  additionalProperties: false
  required: [vata, pitta]
  properties:
    vata: {type: integer, minimum: 0, maximum: 30, title: Vata}
    pitta: {type: integer, minimum: 0, maximum: 30, title: Pitta}
    weight_kg: {type: number, title: Weight}
    note: {type: string, title: Note}
    findings:
      type: array
      title: Findings
      items: {type: object, additionalProperties: false, required: [name], properties: {name: {type: string}, degree: {type: integer}}}
computed:
  total: doc.vata + doc.pitta
  age: patient.age_years
  drawn: now
summary: "Vata {vata} of {total}"
`
	// The second version wants one thing more.
	secondYAML = `
code: score
version: 2.0.0
title: Score
schema: {type: object, additionalProperties: false, required: [vata, pitta, kapha], properties: {vata: {type: integer, title: Vata}, pitta: {type: integer, title: Pitta}, kapha: {type: integer, title: Kapha}}}
computed: {total: doc.vata + doc.pitta + doc.kapha}
summary: "{total} in all"
`
	letterYAML = `
code: letter
version: 1.0.0
title: Letter
schema: {type: object, additionalProperties: false, required: [text], properties: {text: {type: string, title: Text}}}
summary: "{text}"
`
)

func library(t testing.TB, templates ...string) packsapi.Reader {
	t.Helper()
	return libraryOf(t, fstest.MapFS{}, templates...)
}

// libraryOf adds files such as base/rules/x.yaml.
func libraryOf(t testing.TB, files fstest.MapFS, templates ...string) packsapi.Reader {
	t.Helper()
	files["base/pack.yaml"] = &fstest.MapFile{Data: []byte(packYAML)}
	for i, template := range templates {
		files["base/templates/"+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(template)}
	}
	l, err := packs.NewLibrary(files)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// ward is a facility with a patient born 40 years before the clock, an open encounter, and the module.
type ward struct {
	*clinicaldocs.Module
	bus       *events.Bus
	patient   uuid.UUID
	encounter uuid.UUID
}

func newWard(ctx context.Context, t testing.TB, tx db.Tx) ward {
	t.Helper()
	return newWardWith(ctx, t, tx, library(t, scoreYAML, letterYAML))
}

func newWardWith(ctx context.Context, t testing.TB, tx db.Tx, templates packsapi.Reader) ward {
	t.Helper()
	facilitiestest.Facility(ctx, t, tx, facilitiestest.With{TimeZone: "Asia/Kolkata"})
	born := clock.Date{Year: 1986, Month: 3, Day: 10}
	patientID := patientstest.Patient(ctx, t, tx, patientstest.With{DateOfBirth: &born})
	w := ward{patient: patientID, encounter: encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patientID}).ID}
	w.Module, w.bus = newModule(templates)
	return w
}

func newModule(templates packsapi.Reader) (*clinicaldocs.Module, *events.Bus) {
	bus := events.NewBus()
	return clinicaldocs.New(clinicaldocs.Deps{
		Bus: bus, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Packs: templates,
		Gate: rules.New(rules.Deps{Bus: bus, Packs: templates, Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{}, Results: clinicaldocs.Reader{}, Orders: orders.Reader{}, Tasks: tasks.Reader{}}),
	}), bus
}

type object = map[string]any

// whole satisfies the score template.
func whole() object { return object{"vata": 20.0, "pitta": 10.0} }

func (w ward) input(template string, payload object) (in clinicaldocs.DraftInput) {
	in.Body.EncounterID, in.Body.TemplateCode, in.Body.Payload = w.encounter, template, payload
	return in
}

func (w ward) draft(ctx context.Context, t testing.TB, tx db.Tx, payload object) clinicaldocs.Document {
	t.Helper()
	return must(t)(w.Draft(ctx, tx, w.input("score", payload)))
}

func (w ward) final(ctx context.Context, t testing.TB, tx db.Tx, payload object) clinicaldocs.Document {
	t.Helper()
	return must(t)(w.Finalize(ctx, tx, finalize(w.draft(ctx, t, tx, payload).ID)))
}

func finalize(draftID uuid.UUID) (in clinicaldocs.FinalizeInput) {
	in.Body.DocumentID = draftID
	return in
}

func replace(draftID uuid.UUID, payload object) clinicaldocs.ReplaceInput {
	in := clinicaldocs.ReplaceInput{ByID: clinicaldocs.ByID{ID: draftID}}
	in.Body.Payload = payload
	return in
}

func patch(documentID uuid.UUID, changes object) (in clinicaldocs.AmendInput) {
	in.Body.DocumentID, in.Body.PayloadPatch, in.Body.Reason = documentID, changes, "A slip of the pen."
	return in
}

func must(t testing.TB) func(clinicaldocs.Document, error) clinicaldocs.Document {
	return func(d clinicaldocs.Document, err error) clinicaldocs.Document {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func wantFaults(t testing.TB, err error, locations ...string) {
	t.Helper()
	var got []string
	if e := errs.Of(err); e != nil && e.Kind == errs.KindInvalid {
		for _, f := range e.Fields {
			got = append(got, f.Location)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, locations) {
		t.Errorf("got %v at %v, want faults at %v", err, got, locations)
	}
}

// as runs fn as another user of the same facility, who holds the given permissions and no other.
func as(ctx context.Context, t testing.TB, tx db.Tx, userID uuid.UUID, permissions []string, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	scope := tx.Scope()
	scope.UserID = userID
	held := map[string]bool{}
	for _, p := range permissions {
		held[p] = true
	}
	ctx = auth.WithIdentity(db.WithScope(ctx, scope), &auth.Identity{
		Account: &auth.Account{UserID: userID},
		Acting:  &auth.Membership{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Permissions: held},
	})
	if err := tx.Nested(ctx, scope, func(tx db.Tx) error {
		fn(ctx, tx)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// declareEncounterEvents stands in for the encounters module, which declares what this one listens to.
func declareEncounterEvents(bus *events.Bus) {
	events.Declare[encountersapi.Closed](bus, "encounters")
	events.Declare[encountersapi.Cancelled](bus, "encounters")
	events.Declare[encountersapi.VitalsRecorded](bus, "encounters")
}

var errUndo = errors.New("undone")

// refused runs a statement that PostgreSQL must refuse, and leaves the transaction usable.
func refused(ctx context.Context, t testing.TB, tx db.Tx, what, sql string, args ...any) {
	t.Helper()
	if err := attempt(ctx, tx, sql, args...); err == nil {
		t.Errorf("%s was not refused", what)
	}
}

// attempt runs a statement and undoes it.
func attempt(ctx context.Context, tx db.Tx, sql string, args ...any) error {
	err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error {
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}
