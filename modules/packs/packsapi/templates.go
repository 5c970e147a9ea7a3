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
	Observed(payload, computed map[string]any) []ObservedValue
	CarryOver(previous map[string]any) map[string]any
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

// Observed gives what a payload says of the patient in a terminology: the values of the fields that the template
// marks with x-obs, inside lists too, and of its computed scores that it marks so. Computed is what Compute gave.
func (t *Template) Observed(payload, computed map[string]any) []ObservedValue {
	return t.form.Observed(payload, computed)
}

// CarryOver gives what of an earlier document of this template, in whatever version, is offered as the beginning of
// a new one: the fields marked x-carry whose values this version still takes.
func (t *Template) CarryOver(previous map[string]any) map[string]any {
	return t.form.CarryOver(previous)
}

// ObservedValue is one observation that a document holds.
type ObservedValue struct {
	// Path is the field, such as weight_kg, eyes.right.iop or medications[0].dose; a computed score's name.
	Path   string
	Code   string
	System string
	Unit   string
	Title  Text
	Kind   ObservedKind
	// Value is a float64 for a number, a bool for a boolean, else a string; a date is YYYY-MM-DD.
	Value any
}

// ObservedKind is the type of an observation's value.
type ObservedKind string

// The kinds of observations. A code is one of the choices its field offers.
const (
	ObservedNumber  ObservedKind = "number"
	ObservedText    ObservedKind = "text"
	ObservedCode    ObservedKind = "code"
	ObservedDate    ObservedKind = "date"
	ObservedBoolean ObservedKind = "boolean"
)

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
	// Tables are what the CEL function table('name', x) looks things up in.
	Tables map[string][]Band `json:"tables"`
	Tools  []Tool            `json:"tools" nullable:"false"`
}

// Band is one line of a table: the value for what is equal to Is, or for numbers from From up to the next band's.
type Band struct {
	From  *float64 `json:"from,omitempty"`
	Is    any      `json:"is,omitempty"`
	Value any      `json:"value"`
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
	// MinLabel and MaxLabel are the words at a slider's ends.
	MinLabel string `json:"min_label,omitempty"`
	MaxLabel string `json:"max_label,omitempty"`
	// Columns are the fields of an entry that a table shows, in order; all of them when there are none.
	Columns []string `json:"columns,omitempty"`
	// Title, Unit and Hidden are of computed values only: how they are shown, and whether at all.
	Title  string `json:"title,omitempty"`
	Unit   string `json:"unit,omitempty"`
	Hidden bool   `json:"hidden,omitempty"`
	// Config is handed to the widget as it is.
	Config map[string]any `json:"config,omitempty"`
}

// Expression is one computed field.
type Expression struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
	Title      string `json:"title,omitempty"`
	Unit       string `json:"unit,omitempty"`
}

// Tool puts a signature tool of the web app into the form. Tool is a built-in tool's name or a code of the pack's
// tools. At a field it edits that field's value; at a page it shows what Bind names: fields and computed values, by
// the names the tool knows them under.
type Tool struct {
	Tool  string `json:"tool"`
	At    string `json:"at" enum:"page,field"`
	Field string `json:"field,omitempty"`
	// Page is the page it stands on, from 0; the first when absent.
	Page   *int           `json:"page,omitempty"`
	Title  string         `json:"title,omitempty"`
	Bind   map[string]any `json:"bind"`
	Config map[string]any `json:"config"`
}
