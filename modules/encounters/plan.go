package encounters

import (
	"context"
	"encoding/json"
	"fmt"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

// Plan is what shall be done, PlanItem one line of it.
type (
	Plan     = encountersapi.Plan
	PlanItem = encountersapi.PlanItem
)

// maxFieldsBytes is in bytes of JSON.
const maxFieldsBytes, maxFieldsDepth = 8 << 10, 8

// itemFault says what is wrong with an item; nothing when it is right.
func itemFault(p PlanItem) string {
	if p.Fields == nil {
		switch {
		case text(p.Words) == nil:
			return "Must not be empty."
		case len([]rune(p.Words)) > encountersapi.MaxLine:
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
	if err != nil || len(encoded) > maxFieldsBytes || len(p.Fields) > encountersapi.MaxFields {
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
	if err := checkPlan(in.Body); err != nil {
		return Recorded{}, err
	}
	return m.record(ctx, tx, in.ID, kindPlan, in.Body)
}

// checkPlan finds items of the lists that say nothing or too much; the schema holds everything else.
func checkPlan(p Plan) error {
	faults := errDocumentInvalid
	lists := []struct {
		name  string
		items []PlanItem
	}{{"medications", p.Medications}, {"investigations", p.Investigations}}
	for _, list := range lists {
		for i, item := range list.items {
			if fault := itemFault(item); fault != "" {
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
