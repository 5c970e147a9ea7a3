package encounters

import (
	"context"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// Assessment is what the clinician finds, Note a progress note.
type (
	Assessment = encountersapi.Assessment
	Note       = encountersapi.Note
)

// AssessmentInput records an assessment.
type AssessmentInput struct {
	ByID
	Body Assessment
}

// NoteInput records a note.
type NoteInput struct {
	ByID
	Body Note
}

// RecordAssessment writes what the clinician finds.
func (m *Module) RecordAssessment(ctx context.Context, tx db.Tx, in AssessmentInput) (Recorded, error) {
	b := in.Body
	if err := needWords(b.ChiefComplaint, b.History, b.Diagnosis, b.Note); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindAssessment, b)
}

// RecordNote writes a progress note.
func (m *Module) RecordNote(ctx context.Context, tx db.Tx, in NoteInput) (Recorded, error) {
	b := in.Body
	if err := needWords(b.Subjective, b.Objective, b.Assessment, b.Plan); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindNote, b)
}

// needWords refuses a document that says nothing.
func needWords(fields ...string) error {
	if strings.TrimSpace(strings.Join(fields, "")) == "" {
		return errDocumentInvalid.At("body", "At least one field is needed.")
	}
	return nil
}
