package rules_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/rules"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks"
)

const reflex = "base.reflex_free_t4"

// entered asks about a result of TSH.
func (r record) entered(moment, flag string, subject uuid.UUID) rulesapi.Question {
	value := 9.1
	return rulesapi.Question{Pack: "base", Moment: moment, EncounterID: r.encounterID, PatientID: r.patientID, SubjectID: subject,
		Facts: packsapi.ResultFacts{ServiceCode: "TSH", Version: 1, Person: packsapi.Measured{AgeDays: 6_000, Sex: "female"},
			Values: []packsapi.ResultValueFact{{Code: "TSH", Value: &value, Text: "9.10", Flag: flag, Unit: "m[IU]/L"}}}.Map()}
}

func withRecord(t *testing.T, fn func(ctx context.Context, tx db.Tx, m *rules.Module, r record)) {
	t.Helper()
	inTenant(t, func(ctx context.Context, tx db.Tx, m *rules.Module) {
		r := record{patientID: girl(ctx, t, tx)}
		r.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: r.patientID}).ID
		fn(ctx, tx, m, r)
	})
}

func TestARuleShippedSwitchedOffIsAskedOnceATenantSwitchesItOn(t *testing.T) {
	t.Parallel()
	withRecord(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		rule, err := m.Get(ctx, tx, rules.ByCode{Code: reflex})
		if err != nil || rule.Enabled || rule.Defaults.Enabled || rule.Override != nil {
			t.Fatalf("%+v, %v", rule, err)
		}
		subject := uuid.New()
		ask := func() int {
			t.Helper()
			told, err := m.Pass(ctx, tx, r.entered(packsapi.MomentResultEntered, "H", subject))
			if err != nil {
				t.Fatal(err)
			}
			return len(told)
		}
		if ask() != 0 {
			t.Error("it was asked")
		}
		// Tuning something else leaves it off.
		if rule := tune(ctx, t, tx, m, reflex, func(in *rules.TuneInput) { in.Body.Parameters = map[string]any{"days": 3} }); rule.Enabled || ask() != 0 {
			t.Errorf("%+v", rule)
		}
		if rule := tune(ctx, t, tx, m, reflex, func(in *rules.TuneInput) { in.Body.Enabled = ptr(true) }); !rule.Enabled || rule.Defaults.Enabled {
			t.Errorf("%+v", rule)
		}
		if ask() != 1 {
			t.Error("it was not asked")
		}
		if told, err := m.Pass(ctx, tx, r.entered(packsapi.MomentResultEntered, "N", subject)); err != nil || len(told) != 0 {
			t.Errorf("%v, %v", told, err)
		}
	})
}

// What a rule wants of the laboratory is an event that says of which item or result.
func TestWhatRulesWantOfTheLaboratoryNamesItsSubject(t *testing.T) {
	t.Parallel()
	withRecord(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		tune(ctx, t, tx, m, reflex, func(in *rules.TuneInput) { in.Body.Enabled = ptr(true) })
		item, result := uuid.New(), uuid.New()
		for _, q := range []rulesapi.Question{r.entered(packsapi.MomentResultEntered, "L", item), r.entered(packsapi.MomentResultAutoverify, "N", result)} {
			if _, err := m.Pass(ctx, tx, q); err != nil {
				t.Fatal(err)
			}
		}
		outcomes := map[string]string{}
		for _, f := range firings(ctx, t, tx, m, rules.FiringsInput{}) {
			outcomes[f.Rule] = f.Effect + " " + f.Outcome
		}
		if outcomes[reflex] != "order_tests tests_ordered" || outcomes["base.autoverify_normal"] != "auto_verify auto_verified" {
			t.Errorf("%v", outcomes)
		}
		if err := tx.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var told []string
		err := tx.QueryRow(ctx, `SELECT array_agg(concat_ws(' ', payload->>'effect', payload->>'severity', payload->>'subject_id') ORDER BY payload->>'effect')
			FROM events.event WHERE name = 'rules.fired.v1' AND encounter_id = $1`, r.encounterID).Scan(&told)
		if err != nil || !slices.Equal(told, []string{"auto_verify info " + result.String(), "order_tests info " + item.String()}) {
			t.Errorf("%v, %v", told, err)
		}
	})
}

// released stands in for a laboratory that has released these values, the newest first.
type released struct {
	labapi.Reader
	values []labapi.RecentValue
}

func (r released) Recent(context.Context, db.DBTX, db.Scope, uuid.UUID, time.Time) ([]labapi.RecentValue, error) {
	return r.values, nil
}

const resultRules = `
- code: base.knows
  on: document.finalize
  when: size(facts.recent_results) > 0 && why.codes != ''
  why:
    codes: "facts.recent_results.map(r, r.system + ' ' + r.code + ' ' + r.comparator + (has(r.value) ? string(r.value) : r.text) + (r.superseded ? ' superseded ' : ' ') + string(r.days_ago)).filter(c, c != '')[int(params.at)]"
  params: {at: 0}
  then: {effect: warn}
  severity: info
  message: "{codes}"
`

// Rules know what the laboratory released, by the catalogue's code and by LOINC, in order of time.
func TestRulesKnowWhatTheLaboratoryReleased(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		number := 1.4
		lab := released{values: []labapi.RecentValue{
			{Code: "CREA", LOINC: "2160-0", Number: &number, Text: "1.40", Unit: "mg/dL", At: tx.Now()},
			{Code: "UREA", Number: &number, Comparator: ">", Text: ">1.4", Superseded: true, At: tx.Now()},
			{Code: "WIDAL_O", Text: "1:160", At: tx.Now().AddDate(0, 0, -3)},
		}}
		m := rules.New(rules.Deps{
			Bus: events.NewBus(), Packs: ruled(t, resultRules), Encounters: encounters.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Reader{},
			Results: clinicaldocs.Reader{}, Laboratory: lab, Orders: orders.Reader{}, Tasks: tasks.Reader{},
		})
		r := record{patientID: girl(ctx, t, tx)}
		r.encounterID = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: r.patientID}).ID
		for at, want := range []string{"hm-lab CREA 1.4 0", "loinc 2160-0 1.4 0", "hm-lab UREA >1.4 superseded 0", "hm-lab WIDAL_O 1:160 3"} {
			tune(ctx, t, tx, m, "base.knows", func(in *rules.TuneInput) { in.Body.Parameters = map[string]any{"at": at} })
			told, err := m.Pass(ctx, tx, rulesapi.Question{Pack: "base", Moment: packsapi.MomentDocumentFinalize, EncounterID: r.encounterID, PatientID: r.patientID,
				Facts: map[string]any{"document": map[string]any{"template_code": "note"}}})
			if err != nil || len(told) != 1 || told[0].Message != want {
				t.Errorf("%d: %v, %v; want %s", at, told, err, want)
			}
		}
	})
}

// A doctor reads which rules fired, but not what they say of a result that the laboratory has not released.
func TestRulesOfUnreleasedResultsAreListedOnlyForTheLaboratory(t *testing.T) {
	t.Parallel()
	withRecord(t, func(ctx context.Context, tx db.Tx, m *rules.Module, r record) {
		tune(ctx, t, tx, m, reflex, func(in *rules.TuneInput) { in.Body.Enabled = ptr(true) })
		for _, q := range []rulesapi.Question{r.entered(packsapi.MomentResultEntered, "L", uuid.New()), r.entered(packsapi.MomentResultAutoverify, "N", uuid.New())} {
			if _, err := m.Pass(ctx, tx, q); err != nil {
				t.Fatal(err)
			}
		}
		for name, c := range map[string]struct {
			asking context.Context
			want   int64
		}{
			"a doctor":            {holding(ctx, rules.CanReadFirings), 0},
			"who reads the bench": {holding(ctx, rules.CanReadFirings, labapi.CanRead), 2},
			"who enters":          {holding(ctx, rules.CanReadFirings, labapi.CanEnter), 2},
			"who verifies":        {holding(ctx, rules.CanReadFirings, labapi.CanVerify), 2},
			"who releases":        {holding(ctx, rules.CanReadFirings, labapi.CanRelease), 2},
		} {
			if found := firings(c.asking, t, tx, m, rules.FiringsInput{}); int64(len(found)) != c.want {
				t.Errorf("%s sees %+v", name, found)
			}
			page, err := m.Firings(c.asking, tx, rules.FiringsInput{PageParams: httpx.PageParams{Limit: 1, Count: true}, PatientID: r.patientID})
			if err != nil || *page.Count != c.want {
				t.Errorf("%s counts %v, %v", name, page.Count, err)
			}
		}
	})
}
