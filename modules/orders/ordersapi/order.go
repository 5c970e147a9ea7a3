package ordersapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
)

// Order as the API shows it.
type Order struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID  `json:"id" format:"uuid"`
	EncounterID   uuid.UUID  `json:"encounter_id" format:"uuid"`
	PatientID     uuid.UUID  `json:"patient_id" format:"uuid"`
	Patient       Patient    `json:"patient"`
	Pack          string     `json:"pack" doc:"The pack of the encounter, whose catalogue was ordered from"`
	OrderType     string     `json:"order_type" example:"LAB"`
	Priority      string     `json:"priority" enum:"ROUTINE,URGENT,STAT"`
	Status        Status     `json:"status" enum:"CREATED,IN_PROGRESS,COMPLETED,CANCELLED" doc:"Follows from the items"`
	Note          *string    `json:"note"`
	Items         []Item     `json:"items" nullable:"false"`
	OrderedByID   *uuid.UUID `json:"ordered_by_id" format:"uuid"`
	OrderedBy     *Person    `json:"ordered_by"`
	CompletedAt   *time.Time `json:"completed_at"`
	CancelledAt   *time.Time `json:"cancelled_at" doc:"When what was still open of it was cancelled"`
	CancelReason  *string    `json:"cancel_reason"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
	Warnings      []Warning  `json:"warnings,omitempty" doc:"What rules and earlier orders had to say when it was placed; told once"`
	Actions       []string   `json:"actions" nullable:"false" doc:"What the caller may do to it now: cancel"`
}

// Item is one service of an order.
type Item struct {
	ID           uuid.UUID      `json:"id" format:"uuid"`
	ServiceCode  string         `json:"service_code" example:"CBC"`
	Name         string         `json:"name" doc:"As the service was called when it was ordered"`
	PanelCode    *string        `json:"panel_code" doc:"The panel it was ordered with"`
	Status       ItemStatus     `json:"status" enum:"REQUESTED,IN_PROGRESS,COMPLETED,CANCELLED"`
	Priority     string         `json:"priority" enum:"ROUTINE,URGENT,STAT"`
	Quantity     int            `json:"quantity"`
	Instructions *string        `json:"instructions"`
	Data         map[string]any `json:"data" doc:"By the service's schema"`
	DueAt        *time.Time     `json:"due_at" doc:"By the service's turn-around for this priority"`
	StartedAt    *time.Time     `json:"started_at"`
	CompletedAt  *time.Time     `json:"completed_at"`
	CancelledAt  *time.Time     `json:"cancelled_at"`
	CancelReason *string        `json:"cancel_reason"`
	Actions      []string       `json:"actions" nullable:"false" doc:"What the caller may do to it now: complete, cancel"`
}

// Patient is whose order it is.
type Patient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
	MRN      string    `json:"mrn"`
}

// Person is a user of the tenant.
type Person struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// Warning is said of an order that was placed nevertheless: by a rule, or orders.duplicate.
type Warning struct {
	Code     string `json:"code" example:"orders.duplicate"`
	Severity string `json:"severity" enum:"info,warning,safety"`
	Message  string `json:"message"`
}

// AuditSubject says whose record an answer shows.
func (o Order) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: Entity, EntityID: o.ID, EncounterID: o.EncounterID, PatientIDs: []uuid.UUID{o.PatientID}}
}

// Request is what is asked for, without the encounter it is asked in.
type Request struct {
	OrderType string        `json:"order_type" minLength:"1" maxLength:"100" example:"LAB" doc:"LAB RADIOLOGY PHARMACY PROCEDURE THERAPY or one that a pack adds; every item's service has it"`
	Priority  string        `json:"priority,omitempty" enum:"ROUTINE,URGENT,STAT" default:"ROUTINE"`
	Items     []RequestItem `json:"items" nullable:"false" minItems:"1" maxItems:"100"`
	Note      string        `json:"note,omitempty" maxLength:"2000"`
}

// RequestItem is one line of a request.
type RequestItem struct {
	ServiceCode  string         `json:"service_code" minLength:"1" maxLength:"64" example:"CBC" doc:"Of the catalogue of the encounter's pack; a panel becomes the services it stands for"`
	Priority     string         `json:"priority,omitempty" enum:"ROUTINE,URGENT,STAT" doc:"The order's when absent"`
	Quantity     int            `json:"quantity,omitempty" minimum:"1" maximum:"1000" default:"1"`
	Instructions string         `json:"instructions,omitempty" maxLength:"2000" doc:"The service's own when absent"`
	Data         map[string]any `json:"data,omitempty" doc:"By the service's schema"`
}

// Override is a caller's reason to pass a rule that holds an order back.
type Override struct{ Rule, Reason string }

// Placer writes in the transaction that signs a consultation: its orders come about with its documents, or not at all.
type Placer interface {
	// Place orders something in an encounter. Faults are located below "body", as in a request of its own.
	Place(ctx context.Context, tx db.Tx, encounterID uuid.UUID, request Request, overrides []Override) (Order, error)
	// PlaceFurther orders what the finding of an earlier order calls for, also once the encounter is closed: its answer may
	// come when the patient has gone home. Not in one that was cancelled.
	PlaceFurther(ctx context.Context, tx db.Tx, encounterID uuid.UUID, request Request) (Order, error)
}
