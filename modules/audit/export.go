package audit

import (
	"context"
	"encoding/csv"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/audit/auditapi"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

const (
	// maxExport is how many entries one export may hold: what can be sent within a request's time.
	maxExport  = 200_000
	exportPage = 1000
)

var (
	errExportRange = errs.Invalid("audit.invalid_range", "The export's range has faults; see errors.")
	errExportLarge = errs.Invalid("audit.export_too_large", "So many entries cannot be exported at once; choose a shorter range.")
)

// ExportInput says which entries to export.
type ExportInput struct {
	Filter
}

// ExportOutput is a CSV file.
type ExportOutput struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               func(ctx huma.Context)
}

var exportColumns = []string{
	"at", "actor_id", "actor", "code", "outcome", "entity_type", "entity_id", "patient_ids", "encounter_id", "facility_id", "origin", "request_id",
	"detail", "event_id", "id",
}

// Export gives the entries of a time range as CSV, newest first. That it was made is itself recorded, before a row is sent.
func (m *Module) Export(ctx context.Context, in *ExportInput) (*ExportOutput, error) {
	if in.Since.IsZero() {
		return nil, errExportRange.At("query.since", "Say from when on.")
	}
	if in.Until.IsZero() {
		in.Until = m.pool.Clock().Now()
	}
	if !in.Since.Before(in.Until) {
		return nil, errExportRange.At("query.until", "Must be after since.")
	}
	if err := m.journal.Flush(ctx); err != nil {
		return nil, err
	}
	scope, _ := db.ScopeOf(ctx)
	rows, err := count(ctx, m.pool.Read(ctx), scope, in.Filter)
	if err != nil {
		return nil, err
	}
	if rows > maxExport {
		return nil, errExportLarge.With("entries", rows).With("max_entries", maxExport)
	}
	err = m.pool.InTx(ctx, func(tx db.Tx) error {
		return Recorder{}.Record(ctx, tx, exported(in.Filter, rows))
	})
	if err != nil {
		return nil, err
	}
	name := "audit_" + in.Since.UTC().Format("20060102T150405Z") + "_" + in.Until.UTC().Format("20060102T150405Z") + ".csv"
	return &ExportOutput{
		ContentType: "text/csv; charset=utf-8", ContentDisposition: `attachment; filename="` + name + `"`,
		Body: func(hc huma.Context) {
			if err := m.export(ctx, csv.NewWriter(hc.BodyWriter()), scope, in.Filter); err != nil {
				slog.WarnContext(ctx, "audit export broke off", "error", db.Describe(err))
				// A file that ends early must not look whole: the connection is cut instead of closed in order.
				panic(http.ErrAbortHandler)
			}
		},
	}, nil
}

func exported(f Filter, rows int64) auditapi.Entry {
	e := auditapi.Entry{Code: auditapi.Exported, EntityType: "audit", Detail: map[string]any{"since": f.Since, "until": f.Until, "entries": rows}}
	for name, filter := range map[string]uuid.UUID{"entity_id": f.EntityID, "actor_id": f.ActorID} {
		if filter != uuid.Nil {
			e.Detail[name] = filter
		}
	}
	for name, filter := range map[string]string{"entity_type": f.EntityType, "code": f.Code} {
		if filter != "" {
			e.Detail[name] = filter
		}
	}
	if f.PatientID != uuid.Nil {
		e.PatientIDs = []uuid.UUID{f.PatientID}
	}
	return e
}

func (m *Module) export(ctx context.Context, file *csv.Writer, scope db.Scope, f Filter) error {
	if err := file.Write(exportColumns); err != nil {
		return err
	}
	q, names, before := m.pool.Read(ctx), map[uuid.UUID]string{}, newest
	for {
		rows, err := find(ctx, q, scope, f, before, exportPage)
		if err != nil {
			return err
		}
		if err := m.addNames(ctx, q, scope.TenantID, rows, names); err != nil {
			return err
		}
		for i := range rows {
			if err := file.Write(cells(&rows[i], names)); err != nil {
				return err
			}
		}
		file.Flush()
		if err := file.Error(); err != nil || len(rows) < exportPage {
			return err
		}
		before = mark{timeOf(&rows[len(rows)-1]), rows[len(rows)-1].ID}
	}
}

// addNames looks up the people that earlier pages did not have.
func (m *Module) addNames(ctx context.Context, q db.DBTX, tenantID uuid.UUID, rows []auditdb.AuditRecord, names map[uuid.UUID]string) error {
	var unknown []uuid.UUID
	for _, actorID := range actorIDs(rows) {
		if _, known := names[actorID]; !known {
			unknown = append(unknown, actorID)
			names[actorID] = ""
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	found, err := m.users.Names(ctx, q, tenantID, unknown)
	for actorID, name := range found {
		names[actorID] = name
	}
	return err
}

func cells(row *auditdb.AuditRecord, names map[uuid.UUID]string) []string {
	optional := func(id *uuid.UUID) string {
		if id == nil {
			return ""
		}
		return id.String()
	}
	var patientIDs []string
	for _, patientID := range patientsOf(row) {
		patientIDs = append(patientIDs, patientID.String())
	}
	return []string{
		timeOf(row).UTC().Format(time.RFC3339Nano), optional(row.ActorID), plain(names[uuidOr(row.ActorID)]), row.Code, row.Outcome, plain(row.EntityType),
		optional(row.EntityID), strings.Join(patientIDs, " "), optional(row.EncounterID), optional(row.FacilityID), plain(row.Origin),
		plain(row.RequestID), plain(string(row.Detail)), optional(row.EventID), row.ID.String(),
	}
}

// plain keeps a spreadsheet from taking text for a formula, which may run commands: such text gets an apostrophe.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(text[0])) {
		return "'" + text
	}
	return text
}
