package clinicaldocs

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

// Reader is clinicaldocsapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ clinicaldocsapi.Reader = Reader{}

// Observations reads the newest of each code.
func (Reader) Observations(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]clinicaldocsapi.Observation, error) {
	rows, err := clinicaldocsdb.New(q).LatestObservations(ctx, clinicaldocsdb.LatestObservationsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: patientID, Since: since,
	})
	observations := make([]clinicaldocsapi.Observation, len(rows))
	for i, row := range rows {
		observations[i] = clinicaldocsapi.Observation{Code: row.Code, System: row.System, Value: valueOf(row), At: row.At}
		if row.Unit != nil {
			observations[i].Unit = *row.Unit
		}
	}
	return observations, err
}

// Templates gives the codes of the templates of which the encounter has a document, and those of its drafts.
func (Reader) Templates(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) (final, drafts []string, err error) {
	rows, err := clinicaldocsdb.New(q).TemplatesOfEncounter(ctx, clinicaldocsdb.TemplatesOfEncounterParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID,
	})
	final, drafts = []string{}, []string{}
	for _, row := range rows {
		if row.IsDraft {
			drafts = append(drafts, row.TemplateCode)
		} else {
			final = append(final, row.TemplateCode)
		}
	}
	return final, drafts, err
}
