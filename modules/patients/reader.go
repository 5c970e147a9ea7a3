package patients

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// Reader is patientsapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ patientsapi.Reader = Reader{}

// Summaries reads patients by id.
func (Reader) Summaries(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]patientsapi.Summary, error) {
	summaries := make(map[uuid.UUID]patientsapi.Summary, len(ids))
	if len(ids) == 0 {
		return summaries, nil
	}
	rows, err := patientsdb.New(q).SummarisePatients(ctx, patientsdb.SummarisePatientsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, TenantWide: scope.TenantWide, Ids: ids,
	})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		summaries[row.ID] = patientsapi.Summary{ID: row.ID, FullName: row.FullName, MRN: row.Mrn, DateOfBirth: row.DateOfBirth, Gender: row.Gender}
	}
	return summaries, nil
}

// Facts reads what expressions weigh of one patient.
func (Reader) Facts(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID) (patientsapi.Facts, error) {
	row, err := patientsdb.New(q).PatientFacts(ctx, patientsdb.PatientFactsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: patientID})
	if db.IsNoRows(err) {
		return patientsapi.Facts{}, nil
	}
	return patientsapi.Facts{DateOfBirth: row.DateOfBirth, Gender: row.Gender, SystemSpecificData: row.SystemSpecificData}, err
}
