package labapi

import (
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/httpx"
)

// Sample as the API shows it.
type Sample struct {
	httpx.Version   `json:"-"`
	ID              uuid.UUID    `json:"id" format:"uuid"`
	Barcode         string       `json:"barcode" example:"2611220001"`
	Status          SampleStatus `json:"status" enum:"COLLECTED,RECEIVED,STORED,DISCARDED,REJECTED"`
	EncounterID     uuid.UUID    `json:"encounter_id" format:"uuid"`
	PatientID       uuid.UUID    `json:"patient_id" format:"uuid"`
	Patient         Patient      `json:"patient"`
	SpecimenType    string       `json:"specimen_type" example:"blood"`
	Container       *string      `json:"container" example:"EDTA"`
	Priority        string       `json:"priority" enum:"ROUTINE,URGENT,STAT" doc:"The most urgent of its items"`
	Pregnant        *bool        `json:"pregnant" doc:"As asked when the sample was taken: some ranges depend on it"`
	OrderItemIDs    []uuid.UUID  `json:"order_item_ids" nullable:"false"`
	Items           []SampleItem `json:"items" nullable:"false"`
	CollectedAt     time.Time    `json:"collected_at"`
	CollectedByID   *uuid.UUID   `json:"collected_by_id" format:"uuid"`
	ReceivedAt      *time.Time   `json:"received_at"`
	ReceivedByID    *uuid.UUID   `json:"received_by_id" format:"uuid"`
	RejectedAt      *time.Time   `json:"rejected_at"`
	RejectedByID    *uuid.UUID   `json:"rejected_by_id" format:"uuid"`
	RejectionCode   *string      `json:"rejection_code" doc:"One of GET /api/lab/rejection-reasons; OTHER for words of one's own"`
	Reason          *string      `json:"reason" doc:"Why it was rejected, in words"`
	StoredAt        *time.Time   `json:"stored_at"`
	StorageLocation *string      `json:"storage_location"`
	DiscardedAt     *time.Time   `json:"discarded_at"`
	Custody         []Custody    `json:"custody" nullable:"false" doc:"Through whose hands it went, oldest first"`
	CreatedAt       time.Time    `json:"created_at"`
	Actions         []string     `json:"actions" nullable:"false" doc:"What the caller may do to it now: receive, reject, store, discard"`
}

// SampleItem is a test that the sample is for.
type SampleItem struct {
	OrderItemID uuid.UUID `json:"order_item_id" format:"uuid"`
	ServiceCode string    `json:"service_code"`
	Name        string    `json:"name"`
	Priority    string    `json:"priority" enum:"ROUTINE,URGENT,STAT"`
}

// Custody is one step in a sample's life.
type Custody struct {
	Act string    `json:"act" enum:"collected,received,rejected,stored,discarded"`
	At  time.Time `json:"at"`
	By  *Person   `json:"by"`
	Of  *string   `json:"note" doc:"Where it was stored, why it was rejected"`
}

// Patient is whose it is, as a label and a worklist show it.
type Patient struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	FullName    string    `json:"full_name"`
	MRN         string    `json:"mrn"`
	Gender      string    `json:"gender" enum:"male,female,other,unknown"`
	DateOfBirth *string   `json:"date_of_birth" format:"date"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// AuditSubject says whose record an answer shows.
func (s Sample) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: EntitySample, EntityID: s.ID, EncounterID: s.EncounterID, PatientIDs: []uuid.UUID{s.PatientID}}
}
