package facilities

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/facilities/internal/facilitiesdb"
)

// Reader is facilitiesapi.Reader over the database. It has no state, so it exists before the module does.
type Reader struct{}

var _ facilitiesapi.Reader = Reader{}

// Settings reads a facility's settings.
func (Reader) Settings(ctx context.Context, q db.DBTX, tenantID, facilityID uuid.UUID) (facilitiesapi.Settings, error) {
	row, err := facilitiesdb.New(q).GetFacility(ctx, facilitiesdb.GetFacilityParams{TenantID: tenantID, ID: facilityID})
	if db.IsNoRows(err) {
		return facilitiesapi.Settings{}, errNotFound
	}
	if err != nil {
		return facilitiesapi.Settings{}, err
	}
	return settingsOf(row)
}

// OfTenant reads every facility's settings.
func (Reader) OfTenant(ctx context.Context, q db.DBTX, tenantID uuid.UUID) ([]facilitiesapi.Settings, error) {
	rows, err := facilitiesdb.New(q).FacilitiesOfTenant(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	all := make([]facilitiesapi.Settings, len(rows))
	for i, row := range rows {
		if all[i], err = settingsOf(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func settingsOf(row facilitiesdb.FacilitiesFacility) (facilitiesapi.Settings, error) {
	zone, err := time.LoadLocation(row.TimeZone)
	if err != nil {
		return facilitiesapi.Settings{}, fmt.Errorf("facility %s: %w", row.ID, err)
	}
	return facilitiesapi.Settings{
		ID: row.ID, Code: row.Code, Name: row.Name, Zone: zone, MRNPattern: row.MrnPattern,
		SeveralActiveEncounters: row.SeveralActiveEncounters, Packs: row.Packs,
	}, nil
}
