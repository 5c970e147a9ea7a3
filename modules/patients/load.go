package patients

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// Loaded is a patient who was registered in the past. The MRN is made by the facility's pattern unless one is given;
// outside identifiers are not loaded.
type Loaded struct {
	ID uuid.UUID
	RegisterInput
	RegisteredAt time.Time
	RegisteredBy uuid.UUID
}

// loadedEntry is a row of patients.search_entry.
type loadedEntry struct {
	TenantID, PatientID, FacilityID uuid.UUID
	KeyVersion                      int32
	SortName                        string
	Keys                            []int64
}

// Loading fills one facility that has no patients yet, and counts its MRNs meanwhile. Not for several goroutines.
type Loading struct {
	module   *Module
	settings facilitiesapi.Settings
	ids      *id.Source
	numbers  map[string]int64 // the last one, by series
}

// Load begins to load the patients of a facility. Ids of events come from the source.
func (m *Module) Load(settings facilitiesapi.Settings, ids *id.Source) *Loading {
	return &Loading{module: m, settings: settings, ids: ids, numbers: map[string]int64{}}
}

// Write writes patients in the order in which they were registered: the rows that Register would have made at that
// time, found by the search at once, and their events. tx is in the facility's scope.
func (l *Loading) Write(ctx context.Context, tx db.Tx, patients []Loaded) error {
	scope := tx.Scope()
	forms, err := l.module.allForms(ctx, tx)
	if err != nil {
		return err
	}
	rows, entries := make([]patientsdb.PatientsPatient, len(patients)), make([]loadedEntry, len(patients))
	past := make([]events.Past, len(patients))
	for i, p := range patients {
		e := registering(l.settings, forms, p.RegisteredAt, p.RegisterInput)
		if e.faults != nil {
			return fmt.Errorf("patient %d of the load: %w", i, e.faults)
		}
		if len(e.numbers.values) > 0 {
			return fmt.Errorf("patient %d of the load has outside identifiers, which are not loaded", i)
		}
		row := *e.row
		row.TenantID, row.FacilityID, row.ID, row.Version = scope.TenantID, scope.FacilityID, p.ID, 1
		row.CreatedAt, row.UpdatedAt = p.RegisteredAt, p.RegisteredAt
		if row.Mrn == "" {
			s := seriesOf(l.settings, p.RegisteredAt)
			name, number := s.name(), l.numbers[s.name()]+1
			l.numbers[name] = number
			row.Mrn, row.MrnSeries, row.MrnNumber = s.mrn(number), &name, &number
		}
		entry, err := entryOfRow(row)
		if err != nil {
			return err
		}
		rows[i] = row
		entries[i] = loadedEntry{
			TenantID: scope.TenantID, PatientID: row.ID, FacilityID: scope.FacilityID, KeyVersion: keyVersion, SortName: entry.sortName, Keys: entry.keys,
		}
		past[i] = events.Past{Event: patientsapi.Registered{PatientID: row.ID}, FacilityID: scope.FacilityID, ActorID: p.RegisteredBy, At: p.RegisteredAt}
	}
	if err := db.InsertRows(ctx, tx, "patients.patient", rows); err != nil {
		return err
	}
	if err := db.InsertRows(ctx, tx, "patients.search_entry", entries); err != nil {
		return err
	}
	for _, row := range rows {
		if string(row.SystemSpecificData) == "{}" {
			continue
		}
		if err := index(ctx, tx, forms, row); err != nil {
			return err
		}
	}
	return l.module.bus.Load(ctx, tx, l.ids, past)
}
