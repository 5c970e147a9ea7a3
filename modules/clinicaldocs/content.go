package clinicaldocs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// maxPayload is the most a payload may measure as compact JSON, in bytes.
const maxPayload = 256 << 10

var (
	errUnknownTemplate = errs.Invalid("clinicaldocs.unknown_template", "There is no such template.")
	errPayload         = errs.Invalid("clinicaldocs.payload_invalid", "The document does not satisfy its template; see errors.")
	errPayloadSize     = errs.TooLarge("clinicaldocs.payload_too_large", "The payload of a document may have 256 KiB at most.")
	errNotComputable   = errs.Invalid("clinicaldocs.not_computable", "The template's computed fields take too long over this payload.")
)

// content is what a payload and its template make together, ready to store, and what rules may ask about it.
type content struct {
	payload, computed json.RawMessage
	summary           string
	facts             packsapi.FinalizeFacts
}

// fill checks a payload against its template and computes what follows from it at that time. A draft may lack what is
// required.
func (m *Module) fill(ctx context.Context, tx db.Tx, t *packsapi.Template, e encountersapi.Encounter, payload map[string]any, at time.Time, final bool) (content, error) {
	encoded, err := checked(t, payload, final)
	if err != nil {
		return content{}, err
	}
	about, err := m.about(ctx, tx, e, at)
	if err != nil {
		return content{}, err
	}
	return compute(t, about, payload, encoded)
}

// checked gives a payload as it is stored, if it satisfies its template.
func checked(t *packsapi.Template, payload map[string]any, final bool) (json.RawMessage, error) {
	encoded, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	if len(encoded) > maxPayload {
		return nil, errPayloadSize
	}
	if faults := t.Validate(payload, final); len(faults) > 0 {
		invalid := errPayload
		for _, fault := range faults {
			invalid = invalid.At("body."+fault.Path, fault.Message)
		}
		return nil, invalid
	}
	return encoded, nil
}

// compute adds to a payload what follows from it.
func compute(t *packsapi.Template, about packsapi.About, payload map[string]any, encoded json.RawMessage) (content, error) {
	c := content{payload: encoded}
	computed, summary, err := t.Compute(payload, about)
	if err != nil {
		return content{}, errNotComputable.At("body.payload", "Shorten it.")
	}
	c.summary = summary
	c.facts = packsapi.FinalizeFacts{About: about, TemplateCode: t.Code, Payload: payload, Computed: computed}
	c.computed, err = json.Marshal(computed)
	return c, err
}

// pass asks the tenant's rules whether the content may become part of the record, and gives their warnings.
func (m *Module) pass(ctx context.Context, tx db.Tx, e encountersapi.Encounter, c content, overrides []rulesapi.Override) ([]rulesapi.Warning, error) {
	return m.gate.Pass(ctx, tx, rulesapi.Question{
		Pack: e.Pack, Moment: packsapi.MomentDocumentFinalize, EncounterID: e.ID, PatientID: e.PatientID, Facts: c.facts.Map(), Overrides: overrides,
	})
}

// about gathers what a template's expressions may ask beside the document, as of a time.
func (m *Module) about(ctx context.Context, tx db.Tx, e encountersapi.Encounter, at time.Time) (packsapi.About, error) {
	scope := tx.Scope()
	facility, err := m.facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return packsapi.About{}, err
	}
	patient, err := m.patients.Facts(ctx, tx, scope, e.PatientID)
	if err != nil {
		return packsapi.About{}, err
	}
	return aboutOf(e, facility, patient, at)
}

func aboutOf(e encountersapi.Encounter, facility facilitiesapi.Settings, patient patientsapi.Facts, now time.Time) (packsapi.About, error) {
	about := packsapi.About{Now: now.In(facility.Zone)}
	var err error
	if about.Patient, err = packsapi.PatientOf(patient.DateOfBirth, patient.Gender, patient.SystemSpecificData, about.Now); err != nil {
		return packsapi.About{}, err
	}
	about.Encounter, err = packsapi.EncounterOf(e.Type, e.Pack, string(e.Status), e.SystemData)
	return about, err
}

// newestTemplate finds the template a new document of the encounter is written after.
func (m *Module) newestTemplate(ctx context.Context, q db.DBTX, scope db.Scope, e encountersapi.Encounter, code string) (*packsapi.Template, error) {
	library, err := m.packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	t, err := library.Template(e.Pack, code, packsapi.Latest)
	if errors.Is(err, packsapi.ErrUnknownTemplate) || errors.Is(err, packsapi.ErrUnknownPack) {
		return nil, errUnknownTemplate.At("body.template_code", "The encounter's pack has no template of this code.")
	}
	return t, err
}

// template finds the very version a document was written after: old notes keep their own form for ever.
func (m *Module) template(ctx context.Context, q db.DBTX, scope db.Scope, pack, code, version string) (*packsapi.Template, error) {
	library, err := m.packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	t, err := library.Template(pack, code, version)
	if err != nil {
		// Not wrapped: that it is missing is a fault of the installation, not of what the caller asked for.
		return nil, fmt.Errorf("the template %s@%s of pack %s, which documents were written after: %s", code, version, pack, err.Error())
	}
	return t, nil
}

func decode(stored json.RawMessage) (map[string]any, error) {
	var payload map[string]any
	err := json.Unmarshal(stored, &payload)
	return payload, err
}
