package encounters

import (
	"context"
	"fmt"
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

// Plan is what shall be done.
type Plan struct {
	Medications    []string `json:"medications,omitempty" nullable:"false" maxItems:"100" doc:"One line each, at most 1000 characters"`
	Investigations []string `json:"investigations,omitempty" nullable:"false" maxItems:"100" doc:"One line each, at most 1000 characters"`
	Advice         string   `json:"advice,omitempty" maxLength:"10000"`
	FollowUp       string   `json:"follow_up,omitempty" maxLength:"10000"`
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

// PlanInput records a plan.
type PlanInput struct {
	ByID
	Body Plan
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

// RecordPlan writes what shall be done.
func (m *Module) RecordPlan(ctx context.Context, tx db.Tx, in PlanInput) (Recorded, error) {
	b := in.Body
	if err := b.check(); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindPlan, b)
}

// RecordNote writes a progress note.
func (m *Module) RecordNote(ctx context.Context, tx db.Tx, in NoteInput) (Recorded, error) {
	b := in.Body
	if err := needWords(b.Subjective, b.Objective, b.Assessment, b.Plan); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindNote, b)
}

const maxLine = 1000

// check finds lines of the lists that say nothing or too much; the schema holds everything else.
func (p Plan) check() error {
	faults := errDocumentInvalid
	lists := []struct {
		name  string
		lines []string
	}{{"medications", p.Medications}, {"investigations", p.Investigations}}
	for _, list := range lists {
		for i, line := range list.lines {
			switch {
			case text(line) == nil:
				faults = faults.At(fmt.Sprintf("body.%s[%d]", list.name, i), "Must not be empty.")
			case len([]rune(line)) > maxLine:
				faults = faults.At(fmt.Sprintf("body.%s[%d]", list.name, i), "Must be at most 1000 characters.")
			}
		}
	}
	if len(faults.Fields) > 0 {
		return faults
	}
	return needWords(append(append(p.Medications[:len(p.Medications):len(p.Medications)], p.Investigations...), p.Advice, p.FollowUp)...)
}

// needWords refuses a document that says nothing.
func needWords(fields ...string) error {
	if strings.TrimSpace(strings.Join(fields, "")) == "" {
		return errDocumentInvalid.At("body", "At least one field is needed.")
	}
	return nil
}
