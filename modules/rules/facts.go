package rules

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// complete adds to what a moment brings what every moment knows, where the caller has not said it: encounter, patient
// and now, and facts from the patient's record.
func (m *Module) complete(ctx context.Context, tx db.Tx, asked ruleSet, question rulesapi.Question) (map[string]any, error) {
	facts := maps.Clone(question.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	scope := tx.Scope()
	if facts["patient"] == nil || facts["now"] == nil {
		about, err := m.about(ctx, tx, scope, tx.Now(), question.PatientID)
		if err != nil {
			return nil, err
		}
		add(facts, "patient", about.Patient.Map())
		add(facts, "now", about.Now)
	}
	if facts["encounter"] == nil {
		encounter, err := m.deps.Encounters.Get(ctx, tx, scope, question.EncounterID)
		if err != nil {
			return nil, err
		}
		known, err := packsapi.EncounterOf(encounter.Type, encounter.Pack, string(encounter.Status), encounter.SystemData)
		if err != nil {
			return nil, err
		}
		facts["encounter"] = known.Map()
	}
	return facts, m.addClinical(ctx, tx, asked, question, facts)
}

// addClinical adds what the patient's record says, where a rule asks for it.
func (m *Module) addClinical(ctx context.Context, tx db.Tx, asked ruleSet, question rulesapi.Question, facts map[string]any) error {
	if facts["facts"] != nil {
		return nil
	}
	results, orders := []any{}, []any{}
	now, ok := facts["now"].(time.Time) // in the facility, by whose days results and orders are old
	if !ok {
		now = tx.Now()
	}
	since := func(days int) time.Time { return tx.Now().AddDate(0, 0, -days) }
	if asked.asks("facts.recent_results") {
		known, err := m.deps.Results.Observations(ctx, tx, tx.Scope(), question.PatientID, since(clinicaldocsapi.RecentDays))
		if err != nil {
			return err
		}
		measured, err := m.measured(ctx, tx, question.PatientID, since(clinicaldocsapi.RecentDays))
		if err != nil {
			return err
		}
		results = newestFirst(known, measured, now)
	}
	if asked.asks("facts.active_orders") {
		known, err := m.deps.Orders.Recent(ctx, tx, tx.Scope(), question.PatientID, since(ordersapi.RecentDays))
		if err != nil {
			return err
		}
		for _, o := range known {
			orders = append(orders, o.Fact(now))
		}
	}
	facts["facts"] = map[string]any{"recent_results": results, "active_orders": orders}
	return nil
}

func add(facts map[string]any, name string, value any) {
	if facts[name] == nil {
		facts[name] = value
	}
}

// about gives the patient as expressions know one, and the time in the facility, by which days are counted.
func (m *Module) about(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, patientID uuid.UUID) (packsapi.About, error) {
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return packsapi.About{}, err
	}
	known, err := m.deps.Patients.Facts(ctx, q, scope, patientID)
	if err != nil {
		return packsapi.About{}, err
	}
	now = now.In(settings.Zone)
	patient, err := packsapi.PatientOf(known.DateOfBirth, known.Gender, known.SystemSpecificData, now)
	return packsapi.About{Patient: patient, Now: now}, err
}
