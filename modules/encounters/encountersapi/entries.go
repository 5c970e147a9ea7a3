package encountersapi

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

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

// Plan is what shall be done.
type Plan struct {
	Medications    []PlanItem `json:"medications,omitempty" nullable:"false" maxItems:"100"`
	Investigations []PlanItem `json:"investigations,omitempty" nullable:"false" maxItems:"100"`
	Advice         string     `json:"advice,omitempty" maxLength:"10000"`
	FollowUp       string     `json:"follow_up,omitempty" maxLength:"10000"`
}

// PlanItem is one medication or investigation: a line of words, or the fields of the client's own form, such as a
// name and a dose. It is kept and given back as it was sent.
type PlanItem struct {
	Words  string
	Fields map[string]any
}

// MaxLine is how many characters a line of words may have, MaxFields how many fields an object.
const MaxLine, MaxFields = 1000, 50

// UnmarshalJSON takes words or an object.
func (p *PlanItem) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return json.Unmarshal(data, &p.Fields)
	}
	return json.Unmarshal(data, &p.Words)
}

// MarshalJSON gives what was sent.
func (p PlanItem) MarshalJSON() ([]byte, error) {
	if p.Fields != nil {
		return json.Marshal(p.Fields)
	}
	return json.Marshal(p.Words)
}

// Schema of words or an object.
func (PlanItem) Schema(huma.Registry) *huma.Schema {
	least, longest, most := 1, MaxLine, MaxFields
	words, fields := &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &longest},
		&huma.Schema{Type: huma.TypeObject, MinProperties: &least, MaxProperties: &most, AdditionalProperties: true}
	words.PrecomputeMessages()
	fields.PrecomputeMessages()
	return &huma.Schema{Description: "A line of words, or an object such as {name, dose}; kept as sent", OneOf: []*huma.Schema{words, fields}}
}

// Written is an entry that was just written into an encounter.
type Written struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	Kind       string    `json:"kind" enum:"ASSESSMENT,PLAN,NOTE"`
	AuthoredAt time.Time `json:"authored_at"`
}

// Writer writes in the transaction that signs a consultation: all of it becomes part of the record, or nothing. Faults
// are located below "body", as in a request of their own.
type Writer interface {
	WriteAssessment(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content Assessment) (Written, error)
	WritePlan(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content Plan) (Written, error)
	WriteNote(ctx context.Context, tx db.Tx, encounterID uuid.UUID, content Note) (Written, error)
}
