package encountersapi

import (
	"time"

	"github.com/google/uuid"
)

// LOINC is the system of the codes of vital signs.
const LOINC = "loinc"

// Measured is what one document of vital signs says, in codes.
type Measured struct {
	EncounterID, PatientID, DocumentID uuid.UUID
	At                                 time.Time
	Values                             []Measurement
}

// Measurement is one vital sign. Unit is in UCUM; empty for a score.
type Measurement struct {
	Field, Code, System, Unit string
	Value                     float64
}
