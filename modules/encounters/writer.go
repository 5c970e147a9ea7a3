package encounters

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

var _ encountersapi.Writer = (*Module)(nil)

// WriteAssessment implements encountersapi.Writer.
func (m *Module) WriteAssessment(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content encountersapi.Assessment) (encountersapi.Written, error) {
	return written(m.RecordAssessment(ctx, tx, AssessmentInput{ByID: ByID{ID: encounterID}, Body: content}))
}

// WritePlan implements encountersapi.Writer.
func (m *Module) WritePlan(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content encountersapi.Plan) (encountersapi.Written, error) {
	return written(m.RecordPlan(ctx, tx, PlanInput{ByID: ByID{ID: encounterID}, Body: content}))
}

// WriteNote implements encountersapi.Writer.
func (m *Module) WriteNote(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content encountersapi.Note) (encountersapi.Written, error) {
	return written(m.RecordNote(ctx, tx, NoteInput{ByID: ByID{ID: encounterID}, Body: content}))
}

func written(r Recorded, err error) (encountersapi.Written, error) {
	return encountersapi.Written{ID: r.Document.ID, Kind: r.Document.Kind, AuthoredAt: r.Document.AuthoredAt}, err
}
