package encounters

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/internal/encountersdb"
)

// Reader is encountersapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ encountersapi.Reader = Reader{}

// Get reads an encounter of the scope's facility.
func (Reader) Get(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) (encountersapi.Encounter, error) {
	row, err := get(ctx, q, scope, encounterID)
	return summary(row), err
}

// Lock reads an encounter and holds its status until the end of tx.
func (Reader) Lock(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (encountersapi.Encounter, error) {
	row, err := hold(ctx, tx, encounterID)
	return summary(row), err
}

func hold(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (encountersdb.EncountersEncounter, error) {
	row, err := encountersdb.New(tx).HoldEncounter(ctx, encountersdb.HoldEncounterParams{
		TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, ID: encounterID})
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return row, err
}

func summary(row encountersdb.EncountersEncounter) encountersapi.Encounter {
	return encountersapi.Encounter{
		ID: row.ID, PatientID: row.PatientID, Type: row.EncounterType, Pack: row.Pack, Status: encountersapi.Status(row.Status),
		AttendingDoctorID: row.AttendingDoctorID, SystemData: row.SystemData,
	}
}
