package encounters

import (
	"context"
	"encoding/json"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// What system data may be at most: a pack's own form for one encounter, not a document store.
const (
	maxSystemDataBytes = 64 << 10
	maxSystemDataDepth = 32
)

// encodeSystemData gives the object as it is stored; what is wrong with it otherwise.
func encodeSystemData(data map[string]any) (encoded json.RawMessage, fault string) {
	if data == nil {
		return json.RawMessage("{}"), ""
	}
	if deeper(data, maxSystemDataDepth) {
		return nil, "Is nested more than 32 levels deep."
	}
	encoded, err := json.Marshal(data)
	if err != nil || len(encoded) > maxSystemDataBytes {
		return nil, "Is larger than 64 KiB."
	}
	return encoded, ""
}

// deeper tells whether a decoded JSON value nests beyond limit.
func deeper(value any, limit int) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if limit == 0 || deeper(inner, limit-1) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if limit == 0 || deeper(inner, limit-1) {
				return true
			}
		}
	}
	return false
}

// checkSystemData gives the data as they are stored, and adds to faults what the pack's form finds wrong with them. What
// it requires may be missing: an encounter begins before anybody knows it, and rules can ask for it when it matters. A
// pack without a form takes anything.
func checkSystemData(faults *errs.Error, library packsapi.Library, pack string, data map[string]any) (json.RawMessage, *errs.Error) {
	encoded, fault := encodeSystemData(data)
	if fault != "" {
		return nil, faults.At("body.system_data", fault)
	}
	form, err := library.EncounterData(pack)
	if err != nil || form == nil {
		return encoded, faults // an unknown pack is a fault of its own
	}
	for _, f := range form.Validate(data, false) {
		faults = faults.At("body.system_data"+strings.TrimPrefix(f.Path, "data"), f.Message)
	}
	return encoded, faults
}

// index writes what can be searched of an encounter's data.
func index(ctx context.Context, tx db.Tx, library packsapi.Library, row encountersdb.EncountersEncounter, data map[string]any) error {
	form, err := library.EncounterData(row.Pack)
	if err != nil || form == nil {
		return nil
	}
	all := form.Searchable(row.Pack, data)
	if len(all) == 0 {
		return nil
	}
	encoded, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return encountersdb.New(tx).InsertData(ctx, encountersdb.InsertDataParams{
		TenantID: row.TenantID, FacilityID: row.FacilityID, EncounterID: row.ID, Data: encoded})
}

// reindex writes it anew.
func reindex(ctx context.Context, tx db.Tx, library packsapi.Library, row encountersdb.EncountersEncounter, data map[string]any) error {
	err := encountersdb.New(tx).DeleteData(ctx, encountersdb.DeleteDataParams{TenantID: row.TenantID, FacilityID: row.FacilityID, EncounterID: row.ID})
	if err != nil {
		return err
	}
	return index(ctx, tx, library, row, data)
}

// having adds the condition that encounters have what is searched for in their data.
func (m *Module) having(ctx context.Context, q db.DBTX, scope db.Scope, where *db.Where, asked []string) error {
	if len(asked) == 0 {
		return nil
	}
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return err
	}
	for _, text := range asked {
		datum, fault := packsapi.ReadDatum(text, library.EncounterData)
		if fault != "" {
			return errQuery.At("query.data", fault)
		}
		where.And(`EXISTS (SELECT FROM encounters.datum d WHERE d.tenant_id = encounter.tenant_id AND d.facility_id = encounter.facility_id
			AND d.encounter_id = encounter.id AND d.pack = ? AND d.field = ? AND d.value = ?)`, datum.Pack, datum.Field, datum.Value)
	}
	return nil
}
