package encounters

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"hmsoftware.com/hm/kit/db"
)

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
	one := 1
	words, fields := &huma.Schema{Type: huma.TypeString, MinLength: &one, MaxLength: ptr(maxLine)},
		&huma.Schema{Type: huma.TypeObject, MinProperties: &one, MaxProperties: ptr(maxFields), AdditionalProperties: true}
	words.PrecomputeMessages()
	fields.PrecomputeMessages()
	return &huma.Schema{Description: "A line of words, or an object such as {name, dose}; kept as sent", OneOf: []*huma.Schema{words, fields}}
}

func ptr[T any](v T) *T { return &v }

const (
	// maxLine is in characters, maxFieldsBytes in bytes of JSON.
	maxLine, maxFields, maxFieldsBytes, maxFieldsDepth = 1000, 50, 8 << 10, 8
)

// fault says what is wrong with an item; nothing when it is right.
func (p PlanItem) fault() string {
	if p.Fields == nil {
		switch {
		case text(p.Words) == nil:
			return "Must not be empty."
		case len([]rune(p.Words)) > maxLine:
			return "Must be at most 1000 characters."
		}
		return ""
	}
	if len(p.Fields) == 0 {
		return "Must not be empty."
	}
	if deeper(p.Fields, maxFieldsDepth) {
		return "Is nested more than 8 levels deep."
	}
	encoded, err := json.Marshal(p.Fields)
	if err != nil || len(encoded) > maxFieldsBytes || len(p.Fields) > maxFields {
		return "Must have at most 50 fields and 8 KiB."
	}
	return ""
}

// PlanInput records a plan.
type PlanInput struct {
	ByID
	Body Plan
}

// RecordPlan writes what shall be done.
func (m *Module) RecordPlan(ctx context.Context, tx db.Tx, in PlanInput) (Recorded, error) {
	if err := in.Body.check(); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindPlan, in.Body)
}

// check finds items of the lists that say nothing or too much; the schema holds everything else.
func (p Plan) check() error {
	faults := errDocumentInvalid
	lists := []struct {
		name  string
		items []PlanItem
	}{{"medications", p.Medications}, {"investigations", p.Investigations}}
	for _, list := range lists {
		for i, item := range list.items {
			if fault := item.fault(); fault != "" {
				faults = faults.At(fmt.Sprintf("body.%s[%d]", list.name, i), fault)
			}
		}
	}
	if len(faults.Fields) > 0 {
		return faults
	}
	if len(p.Medications)+len(p.Investigations) > 0 {
		return nil
	}
	return needWords(p.Advice, p.FollowUp)
}
