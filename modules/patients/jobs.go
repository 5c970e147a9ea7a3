package patients

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

// Subscribe adds what the module does by itself. It listens to nobody.
func (m *Module) Subscribe() {
	m.bus.Periodic("patients.rebuild_search_entries", time.Hour, func(ctx context.Context, pool *db.Pool) error {
		_, err := m.RebuildSearchEntries(ctx, pool)
		return err
	})
}

// rebuildBatch is how many records one transaction locks at most.
const rebuildBatch = 500

// RebuildSearchEntries makes the search entries anew that an older version of HM made, or that a bulk load left
// empty, in every tenant. It tells how many; patients stay usable meanwhile.
func (m *Module) RebuildSearchEntries(ctx context.Context, pool *db.Pool) (rebuilt int, err error) {
	for {
		outdated, err := patientsdb.New(pool.Read(db.WithScope(ctx, db.System()))).OutdatedSearchEntries(ctx,
			patientsdb.OutdatedSearchEntriesParams{CurrentVersion: keyVersion, MaxRows: rebuildBatch})
		if err != nil || len(outdated) == 0 {
			return rebuilt, err
		}
		batch := 0
		for start := 0; start < len(outdated); {
			scope := db.Scope{TenantID: outdated[start].TenantID, FacilityID: outdated[start].FacilityID}
			var ids []uuid.UUID
			for ; start < len(outdated) && outdated[start].TenantID == scope.TenantID && outdated[start].FacilityID == scope.FacilityID; start++ {
				ids = append(ids, outdated[start].PatientID)
			}
			done, err := rebuild(db.WithScope(ctx, scope), pool, scope, ids)
			if err != nil {
				return rebuilt, err
			}
			batch += done
		}
		rebuilt += batch
		if batch == 0 {
			// Someone is changing each of them just now, which rebuilds it.
			return rebuilt, nil
		}
	}
}

func rebuild(ctx context.Context, pool *db.Pool, scope db.Scope, ids []uuid.UUID) (rebuilt int, err error) {
	err = pool.InTx(ctx, func(tx db.Tx) error {
		queries := patientsdb.New(tx)
		rows, err := queries.LockOutdatedPatients(ctx, patientsdb.LockOutdatedPatientsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, Ids: ids})
		if err != nil {
			return err
		}
		for _, row := range rows {
			entry, err := entryOfRow(row)
			if err != nil {
				return err
			}
			err = queries.RebuildSearchEntry(ctx, patientsdb.RebuildSearchEntryParams{
				KeyVersion: keyVersion, SortName: entry.sortName, Keys: entry.keys, TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: row.ID,
			})
			if err != nil {
				return err
			}
		}
		rebuilt = len(rows)
		return nil
	})
	return rebuilt, err
}
