package packsapi

import (
	"encoding/json"
	"time"
)

// OrderTypeLab is the type of what belongs to the laboratory, always: it begins with a sample and ends with a result, and
// the laboratory opens its tasks.
const OrderTypeLab = "LAB"

// Catalog is what can be ordered in a pack: its own services over those of the packs it extends.
type Catalog interface {
	// Service finds one service by its code.
	Service(code string) (*Service, bool)
	// Services lists them all, by the pack's own order, then by code.
	Services() []*Service
	// OrderSets lists what is ordered together at one go.
	OrderSets() []OrderSet
}

// Service is what one line of an order can name.
type Service struct {
	Pack      string // the pack that first brings it
	Code      string
	Name      Text
	OrderType string
	Synonyms  []string
	Specimen  *Specimen
	// Analytes are the codes of what a laboratory service measures.
	Analytes []string
	// Panel names the services this one stands for; such a service is ordered as those and has no work of its own.
	Panel        []string
	TurnAround   TurnAround
	Tasks        []ServiceTask
	Instructions Text
	// DuplicateWithin is how soon after an order of it another is worth a warning; zero where the pack says nothing.
	DuplicateWithin time.Duration
	// Data is the form of items[].data; nil when the service takes none.
	Data *DataForm
}

// Specimen is what is taken from the patient.
type Specimen struct {
	Type      string `json:"type"`
	Container string `json:"container,omitempty"`
}

// TurnAround is how long a service takes until its result, by priority; zero where the pack says nothing.
type TurnAround struct {
	Routine, Urgent, Stat time.Duration
}

// ServiceTask is work that an ordered service asks of somebody. DueIn is counted from the order; zero means no
// due time.
type ServiceTask struct {
	Code  string
	Title Text
	Role  string
	DueIn time.Duration
}

// ValidateData says what is wrong with an item's data, by paths that begin with "data". A service without a form
// takes none: any field is then a fault.
func (s *Service) ValidateData(data map[string]any, final bool) []Fault {
	if s.Data != nil {
		return s.Data.Validate(data, final)
	}
	if len(data) == 0 {
		return nil
	}
	return []Fault{{Path: dataRoot, Message: "This service takes no further data."}}
}

// DataSchema is the JSON Schema of items[].data in one locale; nil when the service takes none.
func (s *Service) DataSchema(locale string) json.RawMessage {
	if s.Data == nil {
		return nil
	}
	return s.Data.Document(locale)
}

// OrderSet is a list of services that are ordered together. Its items may be of several order types.
type OrderSet struct {
	Pack  string
	Code  string
	Name  Text
	Items []OrderSetItem
}

// OrderSetItem is one line of an order set. Priority is empty, routine, urgent or stat; Quantity is at least 1.
type OrderSetItem struct {
	ServiceCode  string
	Quantity     int
	Instructions Text
	Priority     string
	Data         map[string]any
}
