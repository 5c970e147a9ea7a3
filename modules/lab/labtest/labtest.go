// Package labtest makes tests of the laboratory, for the tests of other modules.
package labtest

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// With overrides what a test cares about.
type With struct {
	// Encounter that is there already; one is made otherwise.
	Encounter encountersapi.Encounter
	// OrderID puts several tests into one order; Place is where in it.
	OrderID     uuid.UUID
	Place       int
	ServiceCode string
	Name        string
	// Priority is ROUTINE unless said, and DueAt nowhen.
	Priority    string
	DueAt       *time.Time
	OrderedByID *uuid.UUID
	// Specimen and Container are serum in a plain tube unless said.
	Specimen, Container string
	Barcode             string
	// Status is how far it has come: ORDERED unless said, COLLECTED, RECEIVED, ENTERED, VERIFIED or RELEASED.
	Status string
	// Values of its result; a potassium of 4.1 unless said.
	Values     []labapi.Value
	IsCritical bool
}

// Test is one that was made. SampleID and ResultID are zero where it has not come so far.
type Test struct {
	ItemID, OrderID, EncounterID, PatientID, SampleID, ResultID uuid.UUID
	Barcode                                                     string
}

var steps = []string{"ORDERED", "COLLECTED", "RECEIVED", "ENTERED", "VERIFIED", "RELEASED"}

// Make makes a test in tx's scope, with the moments that its status needs. No event tells of it, and no order has it.
func Make(ctx context.Context, t testing.TB, tx db.Tx, with With) Test {
	t.Helper()
	if with.Encounter.ID == uuid.Nil {
		with.Encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
	}
	far := slices.Index(steps, cmp.Or(with.Status, "ORDERED"))
	if far < 0 {
		t.Fatalf("labtest: no test is %s", with.Status)
	}
	made := Test{ItemID: uuid.New(), OrderID: with.OrderID, EncounterID: with.Encounter.ID, PatientID: with.Encounter.PatientID}
	if made.OrderID == uuid.Nil {
		made.OrderID = id.New()
	}
	execute := func(sql string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	scope, now := tx.Scope(), tx.Now()
	by, specimen, container := id.Ptr(scope.UserID), cmp.Or(with.Specimen, "serum"), cmp.Or(with.Container, "plain")
	execute(`INSERT INTO lab.request (tenant_id, facility_id, order_item_id, order_id, place, encounter_id, patient_id, encounter_type, pack, service_code, name,
			section, specimen_type, container, priority, status, ordered_at, ordered_by_id, due_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'electrolytes', $12, $13, $14, 'ORDERED', $15, $16, $17, $15)`,
		scope.TenantID, scope.FacilityID, made.ItemID, made.OrderID, with.Place, made.EncounterID, made.PatientID, with.Encounter.Type, with.Encounter.Pack,
		cmp.Or(with.ServiceCode, "RFT"), cmp.Or(with.Name, "Renal function test"), specimen, container, cmp.Or(with.Priority, "ROUTINE"), now, with.OrderedByID, with.DueAt)
	if far == 0 {
		return made
	}
	made.SampleID, made.Barcode = id.New(), cmp.Or(with.Barcode, "T"+made.ItemID.String())
	execute(`INSERT INTO lab.sample (tenant_id, facility_id, id, barcode, status, encounter_id, patient_id, specimen_type, container, collected_at, collected_by_id,
			received_at, received_by_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, CASE WHEN $10 THEN 'RECEIVED' ELSE 'COLLECTED' END, $5, $6, $7, $8, $9, $11, CASE WHEN $10 THEN $9::timestamptz END,
			CASE WHEN $10 THEN $11::uuid END, $9, $9)`,
		scope.TenantID, scope.FacilityID, made.SampleID, made.Barcode, made.EncounterID, made.PatientID, specimen, container, now, far > 1, by)
	execute(`INSERT INTO lab.sample_item (tenant_id, facility_id, sample_id, order_item_id, created_at) VALUES ($1, $2, $3, $4, $5)`,
		scope.TenantID, scope.FacilityID, made.SampleID, made.ItemID, now)
	if far > 2 {
		made.ResultID = id.New()
		result(ctx, t, tx, made, with, far)
	}
	execute(`UPDATE lab.request SET status = $3, sample_id = $4, collected_at = $5, received_at = CASE WHEN $6 > 1 THEN $5::timestamptz END,
			entered_at = CASE WHEN $6 > 2 THEN $5::timestamptz END, verified_at = CASE WHEN $6 > 3 THEN $5::timestamptz END,
			released_at = CASE WHEN $6 > 4 THEN $5::timestamptz END, latest_version = CASE WHEN $6 > 2 THEN 1 ELSE 0 END, latest_result_id = $7,
			released_result_id = CASE WHEN $6 > 4 THEN $7::uuid END, version = version + 1
		WHERE tenant_id = $1 AND order_item_id = $2`,
		scope.TenantID, made.ItemID, steps[far], made.SampleID, now, far, id.Ptr(made.ResultID))
	return made
}

// result writes the version as it was entered, and then vouched for.
func result(ctx context.Context, t testing.TB, tx db.Tx, made Test, with With, far int) {
	t.Helper()
	values := with.Values
	if values == nil {
		unit, flag := "mmol/L", "N"
		values = []labapi.Value{{Code: "K", Name: "Potassium", Section: "electrolytes", Value: json.RawMessage("4.1"), Display: "4.1", Unit: &unit, Flag: &flag,
			ReferenceLow: json.RawMessage("3.5"), ReferenceHigh: json.RawMessage("5.1")}}
	}
	critical := []labapi.CriticalReason{}
	if with.IsCritical {
		critical = append(critical, labapi.CriticalReason{Code: values[0].Code, Value: values[0].Value, Threshold: json.RawMessage("null")})
	}
	reasons, err := json.Marshal(critical)
	if err != nil {
		t.Fatal(err)
	}
	scope, now, by := tx.Scope(), tx.Now(), id.Ptr(tx.Scope().UserID)
	abnormal := slices.ContainsFunc(values, func(v labapi.Value) bool { return v.Flag != nil && *v.Flag != "N" })
	execute := func(sql string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	execute(`INSERT INTO lab.result (tenant_id, facility_id, id, order_item_id, sample_id, encounter_id, patient_id, version, is_correction, status, is_critical,
			is_abnormal, critical_reasons, missing, age_days, sex, pregnant, entered_at, entered_by_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, false, 'ENTERED', $8, $9, $10, '{}', -1, 'unknown', false, $11, $12)`,
		scope.TenantID, scope.FacilityID, made.ResultID, made.ItemID, made.SampleID, made.EncounterID, made.PatientID, with.IsCritical, abnormal, reasons, now, by)
	for place, v := range values {
		shown, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		execute(`INSERT INTO lab.value (tenant_id, facility_id, result_id, place, order_item_id, patient_id, code, collected_at, shown) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			scope.TenantID, scope.FacilityID, made.ResultID, place, made.ItemID, made.PatientID, v.Code, now, shown)
	}
	if far > 3 {
		execute(`UPDATE lab.result SET status = 'VERIFIED', verified_at = $3, verified_by_id = $4, notified_to = CASE WHEN is_critical THEN 'Somebody' END,
				notified_at = CASE WHEN is_critical THEN $3::timestamptz END WHERE tenant_id = $1 AND id = $2`, scope.TenantID, made.ResultID, now, by)
	}
	if far > 4 {
		execute(`UPDATE lab.result SET status = 'RELEASED', released_at = $3, released_by_id = $4 WHERE tenant_id = $1 AND id = $2`, scope.TenantID, made.ResultID, now, by)
	}
}
