package packsapi

import "encoding/json"

// dataRoot is how the paths of a data form's faults begin.
const dataRoot = "data"

// DataForm is the form of structured data beside documents: a patient's system_specific_data of one pack, an
// encounter's system_data, an order item's data.
type DataForm struct {
	// Search lists the top-level fields that the pack lets people search by.
	Search []SearchField
	engine DataEngine
}

// DataEngine is what stands behind a data form, made by modules/packs.
type DataEngine interface {
	Validate(data map[string]any, final bool) []Fault
	Document(locale string) json.RawMessage
}

// NewDataForm joins a data form's search fields to its engine.
func NewDataForm(search []SearchField, engine DataEngine) *DataForm {
	return &DataForm{Search: search, engine: engine}
}

// Validate says everything that is wrong with the data, by paths such as "data.prakriti" or
// "data.allergies[0].substance"; a fault of the whole has the path "data". With final false it may lack what is
// required, as a draft does. The messages never repeat the data.
func (d *DataForm) Validate(data map[string]any, final bool) []Fault {
	return d.engine.Validate(data, final)
}

// Document is the JSON Schema as a frontend draws it, its texts in one locale.
func (d *DataForm) Document(locale string) json.RawMessage { return d.engine.Document(locale) }

// SearchKind is the type of a field that can be searched.
type SearchKind string

// The kinds of searchable fields. A code is a string out of a closed list.
const (
	SearchText    SearchKind = "text"
	SearchCode    SearchKind = "code"
	SearchInteger SearchKind = "integer"
	SearchNumber  SearchKind = "number"
	SearchBoolean SearchKind = "boolean"
)

// SearchField is a field marked `x-search: true`.
type SearchField struct {
	Name  string
	Title Text
	Kind  SearchKind
	// Codes are the values a code may have.
	Codes []string
}
