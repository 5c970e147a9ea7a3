// Package qualitycontrolapi is the contract of the qualitycontrol module.
package qualitycontrolapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
)

// Reader tells the laboratory which analytes it may not vouch for now.
type Reader interface {
	// Held lists the analytes of the scope's facility that a violated rule holds back, by code.
	Held(ctx context.Context, q db.DBTX, scope db.Scope) ([]Hold, error)
	// Suspect tells what a hold of the scope's facility, open or resolved, casts doubt on: errs.NotFound code
	// qualitycontrol.hold_not_found for one that is not there.
	Suspect(ctx context.Context, q db.DBTX, scope db.Scope, holdID uuid.UUID) (Suspect, error)
}

// Suspect is an analyte in a time: what was found of it then may be wrong.
type Suspect struct {
	Analyte string
	// Since is the last good run before the violation; nil where there was none.
	Since *time.Time
	// Until is when the hold was resolved; nil while it is open.
	Until *time.Time
}

// Hold keeps an analyte's patient results from being verified and released until somebody resolves it with a reason.
type Hold struct {
	ID      uuid.UUID
	Analyte string
	// Rule that was violated, as Westgard writes it: 1-3s.
	Rule  string
	Since time.Time
}

// RunViolated says that a control run broke a rule. Rejecting rules hold the analyte back.
type RunViolated struct {
	RunID   uuid.UUID `json:"run_id"`
	LotID   uuid.UUID `json:"lot_id"`
	Analyte string    `json:"analyte"`
	Rules   []string  `json:"rules"`
	// HoldID is the hold that it began, or that was there already; nil where the rules only warn.
	HoldID *uuid.UUID `json:"hold_id"`
}

// EventName is qualitycontrol.run_violated.v1.
func (RunViolated) EventName() string { return "qualitycontrol.run_violated.v1" }

// EventKeys names the run.
func (e RunViolated) EventKeys() events.Keys {
	return events.Keys{Entity: "control_run", EntityID: e.RunID}
}

// HoldResolved says that patient results of the analyte may be vouched for again.
type HoldResolved struct {
	HoldID  uuid.UUID `json:"hold_id"`
	Analyte string    `json:"analyte"`
}

// EventName is qualitycontrol.hold_resolved.v1.
func (HoldResolved) EventName() string { return "qualitycontrol.hold_resolved.v1" }

// EventKeys names the hold.
func (e HoldResolved) EventKeys() events.Keys {
	return events.Keys{Entity: "control_hold", EntityID: e.HoldID}
}

// LotOpened says that there is a new lot of control material.
type LotOpened struct {
	LotID uuid.UUID `json:"lot_id"`
}

// EventName is qualitycontrol.lot_opened.v1.
func (LotOpened) EventName() string { return "qualitycontrol.lot_opened.v1" }

// EventKeys names the lot.
func (e LotOpened) EventKeys() events.Keys {
	return events.Keys{Entity: "control_lot", EntityID: e.LotID}
}

// LotChanged says which fields of a lot changed, never to what. A target is named by its analyte: targets.GLU.
type LotChanged struct {
	LotID  uuid.UUID `json:"lot_id"`
	Fields []string  `json:"fields"`
}

// EventName is qualitycontrol.lot_changed.v1.
func (LotChanged) EventName() string { return "qualitycontrol.lot_changed.v1" }

// EventKeys names the lot.
func (e LotChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "control_lot", EntityID: e.LotID}
}

// RunRecorded says that a control was run, whatever came of it.
type RunRecorded struct {
	RunID   uuid.UUID `json:"run_id"`
	LotID   uuid.UUID `json:"lot_id"`
	Analyte string    `json:"analyte"`
}

// EventName is qualitycontrol.run_recorded.v1.
func (RunRecorded) EventName() string { return "qualitycontrol.run_recorded.v1" }

// EventKeys names the run.
func (e RunRecorded) EventKeys() events.Keys {
	return events.Keys{Entity: "control_run", EntityID: e.RunID}
}

// RunExcluded says that a run counts no more in means and in series.
type RunExcluded struct {
	RunID   uuid.UUID `json:"run_id"`
	LotID   uuid.UUID `json:"lot_id"`
	Analyte string    `json:"analyte"`
}

// EventName is qualitycontrol.run_excluded.v1.
func (RunExcluded) EventName() string { return "qualitycontrol.run_excluded.v1" }

// EventKeys names the run.
func (e RunExcluded) EventKeys() events.Keys {
	return events.Keys{Entity: "control_run", EntityID: e.RunID}
}
