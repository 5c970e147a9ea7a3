package app

import (
	"context"
	"io"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/repertory/repertoryapi"
)

// ImportRepertory replaces a tenant's repertory by a file's, or by the sample when there is no file; all of it, or
// nothing changes.
func (a *App) ImportRepertory(ctx context.Context, tenantCode string, file io.Reader, source string, progress func(what string, rubrics int)) (repertoryapi.Imported, error) {
	tenantID, err := a.TenantByCode(ctx, tenantCode)
	if err != nil {
		return repertoryapi.Imported{}, err
	}
	var made repertoryapi.Imported
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	err = a.config.Pool.InTx(ctx, func(tx db.Tx) (err error) {
		if file == nil {
			made, err = a.repertory.ImportSample(ctx, tx)
		} else {
			made, err = a.repertory.Import(ctx, tx, file, source, progress)
		}
		return err
	})
	return made, err
}
