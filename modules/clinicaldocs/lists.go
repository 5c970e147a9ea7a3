package clinicaldocs

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/clinicaldocs/internal/clinicaldocsdb"
)

var errSubject = errs.Invalid("clinicaldocs.one_subject", "Name an encounter or a patient, and not both.").
	At("query.encounter_id", "Give encounter_id or patient_id.")

// Of names whose documents are asked for.
type Of struct {
	EncounterID   uuid.UUID `query:"encounter_id" format:"uuid" doc:"This or patient_id, not both"`
	PatientID     uuid.UUID `query:"patient_id" format:"uuid" doc:"All the patient's encounters in this facility"`
	TemplateCode  string    `query:"template_code" maxLength:"100"`
	IncludeDrafts bool      `query:"include_drafts"`
}

func (o Of) check() error {
	if (o.EncounterID == uuid.Nil) == (o.PatientID == uuid.Nil) {
		return errSubject
	}
	return nil
}

// LatestInput asks for the latest documents.
type LatestInput struct{ Of }

// Latest gives one document per template, by template code.
func (m *Module) Latest(ctx context.Context, q db.DBTX, in LatestInput) (httpx.Page[Document], error) {
	if err := in.check(); err != nil {
		return httpx.Page[Document]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	queries := clinicaldocsdb.New(q)
	var rows []clinicaldocsdb.ClinicaldocsRecord
	var err error
	if in.EncounterID != uuid.Nil {
		rows, err = queries.LatestOfEncounter(ctx, clinicaldocsdb.LatestOfEncounterParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, EncounterID: in.EncounterID,
			IncludeDrafts: in.IncludeDrafts, AuthorID: scope.UserID, TemplateCode: in.TemplateCode,
		})
	} else {
		rows, err = queries.LatestOfPatient(ctx, clinicaldocsdb.LatestOfPatientParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: in.PatientID,
			IncludeDrafts: in.IncludeDrafts, AuthorID: scope.UserID, TemplateCode: in.TemplateCode,
		})
	}
	return httpx.Page[Document]{Results: presentAll(ctx, scope.UserID, rows)}, err
}

// ListInput pages through documents.
type ListInput struct {
	httpx.PageParams
	Of
}

// listKey is where a page of the list ends.
type listKey struct {
	At time.Time
	ID uuid.UUID
}

// List gives every document in its newest version, and the drafts the reader may see when asked for, newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Document], error) {
	if err := in.check(); err != nil {
		return httpx.Page[Document]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	var where db.Where
	where.And("tenant_id = ? AND facility_id = ?", scope.TenantID, scope.FacilityID)
	if in.EncounterID != uuid.Nil {
		where.And("encounter_id = ?", in.EncounterID)
	} else {
		where.And("patient_id = ?", in.PatientID)
	}
	if in.TemplateCode != "" {
		where.And("template_code = ?", in.TemplateCode)
	}
	where.And("is_current")
	switch {
	case !in.IncludeDrafts:
		where.And("status <> 'DRAFT'")
	case !auth.Can(ctx, CanReadDrafts):
		where.And("(status <> 'DRAFT' OR author_id = ?)", scope.UserID)
	}
	all := where
	var before listKey
	follows, err := in.After(&before)
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	if follows {
		where.And("(created_at, id) < (?, ?)", before.At, before.ID)
	}
	limit := where.Arg(in.Limit + 1)
	found, err := q.Query(ctx, `SELECT * FROM clinicaldocs.record`+where.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+limit, where.Args()...)
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	rows, err := pgx.CollectRows(found, pgx.RowToStructByPos[clinicaldocsdb.ClinicaldocsRecord])
	if err != nil {
		return httpx.Page[Document]{}, err
	}
	page := httpx.NewPage(presentAll(ctx, scope.UserID, rows), in.Limit, func(d Document) any { return listKey{d.CreatedAt, d.ID} })
	if in.Count {
		var count int64
		err = q.QueryRow(ctx, `SELECT count(*) FROM clinicaldocs.record`+all.SQL(), all.Args()...).Scan(&count)
		page.Count = &count
	}
	return page, err
}
