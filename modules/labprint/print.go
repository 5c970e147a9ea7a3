package labprint

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/typeset"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

var (
	//go:embed templates/report.typ
	reportSource   string
	reportTemplate = typeset.NewTemplate("report", reportSource)

	errMissing  = errs.Unavailable("labprint.typesetter_missing", "PDFs cannot be made on this server.", time.Minute)
	errBusy     = errs.Unavailable("labprint.typesetter_busy", "Many documents are being made just now; try again in a moment.", 2*time.Second)
	errTooLarge = errs.TooLarge("labprint.too_large", "These are too many pages for one document; print fewer at once.")
)

// File is an answer that is no JSON.
type File struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Caching     string `header:"Cache-Control"`
	Body        []byte
}

func fileOf(contentType, name string, content []byte) *File {
	return &File{ContentType: contentType, Disposition: `inline; filename="` + name + `"`, Caching: "private, no-store", Body: content}
}

// typeset makes a PDF, outside any transaction.
func (m *Module) typeset(ctx context.Context, template typeset.Template, d typeset.Document) ([]byte, error) {
	pdf, err := m.deps.Typesetter.Render(ctx, template, d)
	switch {
	case errors.Is(err, typeset.ErrMissing):
		slog.WarnContext(ctx, "a PDF was asked for and cannot be made", "error", err)
		return nil, errMissing.With("missing", err.Error())
	case errors.Is(err, typeset.ErrBusy), errors.Is(err, typeset.ErrStopped):
		return nil, errBusy
	case errors.Is(err, typeset.ErrTooLarge):
		return nil, errTooLarge
	}
	return pdf.Bytes, err
}

// ReportPDFInput names a report and a language.
type ReportPDFInput struct {
	ByID
	Language string `query:"language" enum:"en,hi,ta,ur" default:"en"`
}

// ReportPDF prints one report.
func (m *Module) ReportPDF(ctx context.Context, in *ReportPDFInput) (*File, error) {
	return m.printReports(ctx, []uuid.UUID{in.ID}, in.Language, "labprint.get-api-lab-reports-id-pdf")
}

// PrintInput names what goes into one document.
type PrintInput struct {
	Body struct {
		ReportIDs []uuid.UUID `json:"report_ids" minItems:"1" maxItems:"100" nullable:"false"`
		Language  string      `json:"language,omitempty" enum:"en,hi,ta,ur" default:"en"`
	}
}

// PrintReports prints several reports as one document, each from its own first page on, in the order asked for.
func (m *Module) PrintReports(ctx context.Context, in *PrintInput) (*File, error) {
	return m.printReports(ctx, once(in.Body.ReportIDs), in.Body.Language, "labprint.post-api-lab-reports-print")
}

// once gives ids as they come, each where it comes first.
func once(ids []uuid.UUID) []uuid.UUID {
	var all []uuid.UUID
	for _, u := range ids {
		if !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	return all
}

func (m *Module) printReports(ctx context.Context, ids []uuid.UUID, language, operation string) (*File, error) {
	if languages[language] == nil {
		language = "en"
	}
	scope, _ := db.ScopeOf(ctx)
	var s *shelf
	var at time.Time
	// Who reads it is remembered before it is shown: a correction must find everyone who saw what it corrects.
	err := m.deps.Pool.InTx(ctx, func(tx db.Tx) (err error) {
		at = tx.Now()
		if s, err = m.gather(ctx, tx, scope, ids); err != nil {
			return err
		}
		return labprintdb.New(tx).Remember(ctx, labprintdb.RememberParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, UserID: scope.UserID, ReportIds: ids, Now: at})
	})
	if err != nil {
		return nil, err
	}
	if err := m.recordReading(ctx, s, operation); err != nil {
		return nil, err
	}
	paper, files, err := m.compose(s, language, httpx.Site(ctx))
	if err != nil {
		return nil, err
	}
	pdf, err := m.typeset(ctx, reportTemplate, typeset.Document{Data: paper, Files: files, At: at})
	if err != nil {
		return nil, err
	}
	name := "reports.pdf"
	if len(s.rows) == 1 {
		name = s.rows[0].LabprintReport.Number + ".pdf"
	}
	return fileOf("application/pdf", name, pdf), nil
}

func (m *Module) recordReading(ctx context.Context, s *shelf, operation string) error {
	if m.deps.Journal == nil {
		return nil
	}
	subject := httpx.Subject{Entity: entity}
	for _, row := range s.rows {
		subject.PatientIDs = append(subject.PatientIDs, row.LabprintReport.PatientID)
	}
	subject.PatientIDs = id.Distinct(subject.PatientIDs)
	if len(s.rows) == 1 {
		subject.EntityID, subject.EncounterID = s.rows[0].LabprintReport.ID, s.rows[0].LabprintReport.EncounterID
	}
	return m.deps.Journal.Read(ctx, httpx.ReadRecord{Operation: operation, Subject: subject})
}

// Stop ends the typesetter, after the document that it makes.
func (m *Module) Stop(ctx context.Context) { m.deps.Typesetter.Stop(ctx) }
