package alertsapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// PolicyChanged says that the tenant escalates a kind of alert in another way.
type PolicyChanged struct {
	PolicyID uuid.UUID `json:"policy_id"`
	Kind     string    `json:"kind"`
	Version  int32     `json:"version"`
}

// EventName is alerts.policy_changed.v1.
func (PolicyChanged) EventName() string { return "alerts.policy_changed.v1" }

// EventKeys makes it an event of the tenant: a policy holds in all its facilities.
func (e PolicyChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "alert_policy", EntityID: e.PolicyID, TenantLevel: true}
}

// TeamChanged says who belongs to a team now.
type TeamChanged struct {
	TeamID    uuid.UUID   `json:"team_id"`
	MemberIDs []uuid.UUID `json:"member_ids"`
	IsActive  bool        `json:"is_active"`
}

// EventName is alerts.team_changed.v1.
func (TeamChanged) EventName() string { return "alerts.team_changed.v1" }

// EventKeys names the team.
func (e TeamChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "alert_team", EntityID: e.TeamID}
}

// DutyChanged says that a duty was given, moved, or taken back.
type DutyChanged struct {
	DutyID    uuid.UUID `json:"duty_id"`
	UserID    uuid.UUID `json:"user_id"`
	IsRemoved bool      `json:"is_removed"`
}

// EventName is alerts.duty_changed.v1.
func (DutyChanged) EventName() string { return "alerts.duty_changed.v1" }

// EventKeys names the duty.
func (e DutyChanged) EventKeys() events.Keys {
	return events.Keys{Entity: "alert_duty", EntityID: e.DutyID}
}
