package qualitycontrol

import (
	"context"
	"errors"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// analytes is what the facility measures, of all its packs; the first that knows a code counts.
type analytes []packsapi.Laboratory

func (m *Module) analytes(ctx context.Context, q db.DBTX, scope db.Scope) (analytes, error) {
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	var all analytes
	for _, pack := range settings.Packs {
		laboratory, err := library.Laboratory(pack)
		if errors.Is(err, packsapi.ErrUnknownPack) {
			continue // taken away since the facility chose it
		}
		if err != nil {
			return nil, err
		}
		all = append(all, laboratory)
	}
	return all, nil
}

func (a analytes) find(code string) *packsapi.Analyte {
	for _, laboratory := range a {
		if analyte, known := laboratory.Analyte(code); known {
			return analyte
		}
	}
	return nil
}

// name is the analyte's in the caller's language; its code where no pack knows it any more.
func (a analytes) name(ctx context.Context, code string) string {
	if analyte := a.find(code); analyte != nil {
		return analyte.Name.In(httpx.Language(ctx))
	}
	return code
}
