package encounters

import (
	"context"
	"strings"

	"hmsoftware.com/hm/kit/db"
)

// Assessment is what the clinician finds.
type Assessment struct {
	ChiefComplaint string `json:"chief_complaint,omitempty" maxLength:"10000"`
	History        string `json:"history,omitempty" maxLength:"10000"`
	Diagnosis      string `json:"diagnosis,omitempty" maxLength:"10000"`
	Note           string `json:"note,omitempty" maxLength:"10000"`
}

// Note is a progress note.
type Note struct {
	Subjective string `json:"subjective,omitempty" maxLength:"10000"`
	Objective  string `json:"objective,omitempty" maxLength:"10000"`
	Assessment string `json:"assessment,omitempty" maxLength:"10000"`
	Plan       string `json:"plan,omitempty" maxLength:"10000"`
}

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
