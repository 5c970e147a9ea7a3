package packsapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Template is one version of one clinical document's form. It validates payloads and computes what follows
// from them.
type Template struct {
	Pack    string
	Code    string
	Version string
	Title   Text
	form    Form
}

// Form is the engine behind a template, made by modules/packs.
type Form interface {
	Validate(payload map[string]any, final bool) []Fault
	Compute(payload map[string]any, about About) (computed map[string]any, summary string, err error)
	Document(locale string) TemplateDocument
}

// NewTemplate joins a template's name to its engine.
func NewTemplate(pack, code, version string, title Text, form Form) *Template {
	return &Template{Pack: pack, Code: code, Version: version, Title: title, form: form}
}

// Ref is how a document remembers its template: code@version.
func (t *Template) Ref() string { return t.Code + "@" + t.Version }

// Validate says everything that is wrong with a payload, by path; nothing means it may be stored. A draft
// (final false) may lack what is required, at every depth, and texts and lists may still be too short; wrong
// types, values out of bounds and unknown fields are faults in both. The messages never repeat the payload.
func (t *Template) Validate(payload map[string]any, final bool) []Fault {
	return t.form.Validate(payload, final)
}

// Compute gives the template's computed fields and its one-line summary. Every computed field is present;
// one that lacks an input, or has no value (a division by zero), is nil. The error is only for an expression
// that runs past its cost limit.
func (t *Template) Compute(payload map[string]any, about About) (computed map[string]any, summary string, err error) {
	return t.form.Compute(payload, about)
}

// Document is the template as a frontend draws it, its texts in one locale.
func (t *Template) Document(locale string) TemplateDocument { return t.form.Document(locale) }

// Fault is one thing wrong with a payload. Path is "payload.vata_score" or "payload.medications[0].dose";
// Message is a sentence for the person filling in the form.
type Fault struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// About is what expressions know beside the document itself. Absent values are nil or empty.
type About struct {
	Patient   PatientFacts
	Encounter EncounterFacts
	// Now counts days in its own location: give it in the facility's time zone.
	Now time.Time
}

// PatientFacts are what expressions may ask about a patient: never a name or number.
type PatientFacts struct {
	AgeYears           *int64
	AgeDays            *int64
	Gender             string
	SystemSpecificData map[string]any
}

// Map gives the facts under the names expressions use.
func (p PatientFacts) Map() map[string]any {
	m := map[string]any{}
	if p.AgeYears != nil {
		m["age_years"] = *p.AgeYears
	}
	if p.AgeDays != nil {
		m["age_days"] = *p.AgeDays
	}
	if p.Gender != "" {
		m["gender"] = p.Gender
	}
	if p.SystemSpecificData != nil {
		m["system_specific_data"] = p.SystemSpecificData
	}
	return m
}

// EncounterFacts are what expressions may ask about an encounter.
type EncounterFacts struct {
	EncounterType string
	Pack          string
	Status        string
	SystemData    map[string]any
}

// Map gives the facts under the names expressions use.
func (e EncounterFacts) Map() map[string]any {
	m := map[string]any{"encounter_type": e.EncounterType, "pack": e.Pack, "status": e.Status}
	if e.SystemData != nil {
		m["system_data"] = e.SystemData
	}
	return m
}

// TemplateDocument is a template as the API answers it.
type TemplateDocument struct {
	Code     string          `json:"code"`
	Version  string          `json:"version"`
	Title    string          `json:"title"`
	Pack     string          `json:"pack"`
	Schema   json.RawMessage `json:"schema" doc:"JSON Schema 2020-12 of the payload; the same text the server validates with"`
	UI       UI              `json:"ui"`
	Computed []Expression    `json:"computed" nullable:"false" doc:"CEL expressions, each seeing those before it"`
	Summary  string          `json:"summary" doc:"One line; {name} stands for a field or a computed value"`
	Tools    []Tool          `json:"tools" nullable:"false"`
}

// ETag tells whether a frontend's copy is still the same text: version and language both count.
func (d TemplateDocument) ETag() string {
	text, err := json.Marshal(d)
	if err != nil {
		return "" // then there is no answer to tag either
	}
	sum := sha256.Sum256(text)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}

// UI lays the form out.
type UI struct {
	Pages  []Page           `json:"pages" nullable:"false"`
	Fields map[string]Field `json:"fields"`
	// ShowIf hides a field while its CEL condition does not hold.
	ShowIf map[string]string `json:"show_if"`
}

// Page is one page of a form; each row names the fields that stand side by side.
type Page struct {
	Title string     `json:"title"`
	Rows  [][]string `json:"rows" nullable:"false"`
}

// Field says how one field is drawn. Lines is the height of a text area.
type Field struct {
	Widget      string `json:"widget,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Help        string `json:"help,omitempty"`
	Lines       int    `json:"lines,omitempty"`
}

// Expression is one computed field.
type Expression struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
}

// Tool binds a signature tool of the web app to the form.
type Tool struct {
	Tool string         `json:"tool"`
	At   string         `json:"at"`
	Bind map[string]any `json:"bind"`
}
