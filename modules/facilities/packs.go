package facilities

import (
	"context"
	"fmt"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/facilities/internal/facilitiesdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// ChoosePacksInput names the packs a facility works with.
type ChoosePacksInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		Packs []string `json:"packs" nullable:"false" minItems:"1" maxItems:"50" doc:"Ids of packs of this tenant; the first is the pack of an encounter that names none"`
	}
}

// ChoosePacks changes which packs a facility works with. Encounters that are under way keep theirs.
func (m *Module) ChoosePacks(ctx context.Context, tx db.Tx, in ChoosePacksInput) (Facility, error) {
	tenantID := tx.Scope().TenantID
	if !member(ctx, tenantID, in.ID, CanUpdate) {
		return Facility{}, errNotFound
	}
	if err := m.checkPacks(ctx, tx, in.Body.Packs); err != nil {
		return Facility{}, err
	}
	queries := facilitiesdb.New(tx)
	row, err := queries.LockFacility(ctx, facilitiesdb.LockFacilityParams{TenantID: tenantID, ID: in.ID})
	if db.IsNoRows(err) {
		return Facility{}, errNotFound
	}
	if err != nil {
		return Facility{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Facility{}, err
	}
	if slices.Equal(row.Packs, in.Body.Packs) {
		return present(row), nil
	}
	row, err = queries.SetPacks(ctx, facilitiesdb.SetPacksParams{Packs: in.Body.Packs, Now: tx.Now(), TenantID: tenantID, ID: in.ID})
	if err != nil {
		return Facility{}, err
	}
	tx.AfterCommit(func() { m.settings.forget(tenantID, row.ID) })
	return present(row), m.bus.Publish(ctx, tx, facilitiesapi.Updated{FacilityID: row.ID, Version: row.Version})
}

// checkPacks asks the tenant's library, of no facility in particular. A site pack is laid over the packs it extends by
// itself, and is not chosen.
func (m *Module) checkPacks(ctx context.Context, tx db.Tx, ids []string) error {
	library, err := m.packs.Of(ctx, tx, db.Tenant(tx.Scope().TenantID))
	if err != nil {
		return err
	}
	known := library.Packs()
	e := errInvalid
	for i, id := range ids {
		at := fmt.Sprintf("body.packs[%d]", i)
		found := slices.IndexFunc(known, func(p packsapi.Pack) bool { return p.ID == id })
		switch {
		case found < 0:
			e = e.At(at, "There is no such pack.")
		case known[found].Kind == packsapi.KindSite:
			e = e.At(at, "A site pack is laid over the packs it extends by itself; it is not chosen.")
		case slices.Contains(ids[:i], id):
			e = e.At(at, "This pack is named before.")
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}
