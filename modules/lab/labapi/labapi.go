// Package labapi is the contract of the lab module.
package labapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
)

// What events and the audit trail call a sample and a result.
const (
	EntitySample = "lab_sample"
	EntityResult = "lab_result"
)

// The tasks of an item; their codes end in "-" and the item's short id (ordersapi.TaskCode).
const (
	TaskCollectSample = "collect-sample"
	TaskReceiveSample = "receive-sample"
	TaskEnterResult   = "enter-result"
	TaskVerifyResult  = "verify-result"
	// TaskCriticalResult is one for the encounter, whatever was critical.
	TaskCriticalResult = "critical-result-ack"
)

// SampleStatus is how far a sample has come.
type SampleStatus string

// The statuses of a sample. REJECTED follows COLLECTED, RECEIVED or STORED; STORED and DISCARDED follow RECEIVED.
const (
	SampleStatusCollected SampleStatus = "COLLECTED"
	SampleStatusReceived  SampleStatus = "RECEIVED"
	SampleStatusStored    SampleStatus = "STORED"
	SampleStatusDiscarded SampleStatus = "DISCARDED"
	SampleStatusRejected  SampleStatus = "REJECTED"
)

// ResultStatus is how far one version of a result has come. A version never goes back; a later one supersedes it.
type ResultStatus string

// The statuses of a result.
const (
	ResultStatusEntered  ResultStatus = "ENTERED"
	ResultStatusVerified ResultStatus = "VERIFIED"
	ResultStatusReleased ResultStatus = "RELEASED"
)

// Reader tells other modules what the laboratory knows.
type Reader interface {
	// Samples by id, of the scope's facility; unknown and foreign ids are absent.
	Samples(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]Sample, error)
	// Results by id, whatever their status; unknown and foreign ids are absent.
	Results(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]Result, error)
	// ReleasedOf lists the newest released version of each item of an order, by when it was ordered and code.
	ReleasedOf(ctx context.Context, q db.DBTX, scope db.Scope, orderID uuid.UUID) ([]Result, error)
	// Recent lists the current released values of a patient since a time, newest first, at most 500: rules weigh them
	// as facts.recent_results beside what documents observed.
	Recent(ctx context.Context, q db.DBTX, scope db.Scope, patientID uuid.UUID, since time.Time) ([]RecentValue, error)
}

// RecentValue is one released value. Number is nil for what is no number; of what is only bounded, <0.5, it is the bound
// and Comparator < or >. Text is the value as it was written. Superseded says that a later sample of the same service
// gave no value of this analyte: whoever asks how it is today does not learn it from this one.
type RecentValue struct {
	ResultID, ItemID uuid.UUID
	Code, LOINC      string
	Number           *float64
	Comparator       string
	Text, Unit       string
	Superseded       bool
	At               time.Time
}
