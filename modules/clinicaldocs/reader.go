package clinicaldocs

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

// Reader is clinicaldocsapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ clinicaldocsapi.Reader = Reader{}

// FinalTemplates gives the codes of the templates of which the encounter has a document.
func (Reader) FinalTemplates(ctx context.Context, q db.DBTX, scope db.Scope, encounterID uuid.UUID) ([]string, error) {
	return clinicaldocsdb.New(q).FinalTemplates(ctx, clinicaldocsdb.FinalTemplatesParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: encounterID,
	})
}
