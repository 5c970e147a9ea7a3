package patients

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

var errQuery = errs.Invalid("request.invalid", "The request has faults; see errors.")

// forms gives the packs' forms of patients' data. They are read only for a request that brings such data.
func (m *Module) forms(ctx context.Context, q db.DBTX, sent Attributes) (packForms, error) {
	if !sent.SystemSpecificData.Present {
		return nil, nil
	}
	return m.allForms(ctx, q)
}

func (m *Module) allForms(ctx context.Context, q db.DBTX) (packForms, error) {
	scope, _ := db.ScopeOf(ctx)
	if tx, ok := q.(db.Tx); ok {
		scope = tx.Scope()
	}
	library, err := m.packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	return library.PatientData, nil
}

// index writes what can be searched of a new patient's data. Without forms nothing was sent.
func index(ctx context.Context, tx db.Tx, forms packForms, row patientsdb.PatientsPatient) error {
	if forms == nil {
		return nil
	}
	data, all := decoded(SystemData(row.SystemSpecificData)), []packsapi.Datum{}
	for _, pack := range slices.Sorted(maps.Keys(data)) {
		fields, _ := data[pack].(map[string]any)
		if form, err := forms(pack); err == nil && form != nil {
			all = append(all, form.Searchable(pack, fields)...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	encoded, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return patientsdb.New(tx).InsertData(ctx, patientsdb.InsertDataParams{TenantID: row.TenantID, FacilityID: row.FacilityID, PatientID: row.ID, Data: encoded})
}

// reindex writes it anew.
func reindex(ctx context.Context, tx db.Tx, forms packForms, row patientsdb.PatientsPatient) error {
	err := patientsdb.New(tx).DeleteData(ctx, patientsdb.DeleteDataParams{TenantID: row.TenantID, FacilityID: row.FacilityID, PatientID: row.ID})
	if err != nil {
		return err
	}
	return index(ctx, tx, forms, row)
}

// having adds the condition that patients have what is searched for in their packs' data.
func (m *Module) having(ctx context.Context, q db.DBTX, where *db.Where, asked []string) error {
	forms, err := m.allForms(ctx, q)
	if err != nil {
		return err
	}
	for _, text := range asked {
		datum, fault := packsapi.ReadDatum(text, forms)
		if fault != "" {
			return errQuery.At("query.data", fault)
		}
		where.And(`EXISTS (SELECT FROM patients.datum d WHERE d.tenant_id = patient.tenant_id AND d.facility_id = patient.facility_id
			AND d.patient_id = patient.id AND d.pack = ? AND d.field = ? AND d.value = ?)`, datum.Pack, datum.Field, datum.Value)
	}
	return nil
}
