package alerts

import (
	"strings"
	"time"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
)

// kindRule is the policy of every rule that has none of its own.
const kindRule = "rule"

// Step is one escalation: after so long without an answer, these people too.
type Step struct {
	AfterMinutes int     `json:"after_minutes" minimum:"1" maximum:"10080" doc:"After the step before; the first, after the alert was raised"`
	ToRole       *string `json:"to_role,omitempty" pattern:"^[a-z][a-z0-9_]{0,59}$" doc:"Everybody in the facility with this role" example:"pathologist"`
	ToTeam       *string `json:"to_team,omitempty" pattern:"^[a-z][a-z0-9_]{0,39}$" doc:"The facility's team of this code"`
	ToDuty       *string `json:"to_duty,omitempty" pattern:"^[a-z][a-z0-9_]{0,59}$" doc:"Those on duty for this team, else for this role; all of it while nobody is"`
}

func (s Step) wait() time.Duration { return time.Duration(s.AfterMinutes) * time.Minute }

// rules of escalation that are in force for a kind of alert.
type escalation struct {
	severity *alertsapi.Severity
	steps    []Step
	repeats  int
	// endless says that the last step repeats for as long as nobody answers, whatever the tenant wrote.
	endless bool
}

// at gives the step that comes after so many escalations; false when there is none any more. The last one repeats.
func (e escalation) at(level int) (Step, bool) {
	switch {
	case level < len(e.steps):
		return e.steps[level], true
	case len(e.steps) > 0 && (e.endless || level < len(e.steps)+e.repeats):
		return e.steps[len(e.steps)-1], true
	}
	return Step{}, false
}

// due gives when an alert escalates next, having done so level times; nil for never.
func (e escalation) due(level int, from time.Time) *time.Time {
	step, more := e.at(level)
	if !more {
		return nil
	}
	at := from.Add(step.wait())
	return &at
}

// HouseKinds are the kinds of alert that every tenant has a policy for.
var HouseKinds = []string{alertsapi.KindCriticalResult, alertsapi.KindTestOverdue, alertsapi.KindSampleRejected, alertsapi.KindQualityControl, kindRule}

func toRole(minutes int, role auth.Role) Step {
	code := string(role)
	return Step{AfterMinutes: minutes, ToRole: &code}
}

func toDuty(minutes int, role auth.Role) Step {
	code := string(role)
	return Step{AfterMinutes: minutes, ToDuty: &code}
}

// builtIn policies hold until a tenant writes its own. A critical result is asked about again and again, until somebody acknowledges it.
var builtIn = map[string]escalation{
	alertsapi.KindCriticalResult: {steps: []Step{toDuty(15, auth.Doctor), toRole(15, auth.Doctor), toRole(30, auth.Admin)}, repeats: 6},
	alertsapi.KindTestOverdue:    {steps: []Step{toRole(30, auth.Pathologist), toRole(60, auth.Admin)}},
	alertsapi.KindSampleRejected: {steps: []Step{toDuty(30, auth.Nurse), toRole(60, auth.Doctor)}},
	alertsapi.KindQualityControl: {steps: []Step{toRole(60, auth.Pathologist), toRole(120, auth.Admin)}},
	kindRule:                     {steps: []Step{toDuty(60, auth.Doctor), toRole(120, auth.Admin)}},
}

// chain lists the kinds whose policies count for a kind, the nearest first.
func chain(kind string) []string {
	if strings.HasPrefix(kind, alertsapi.KindRulePrefix) {
		return []string{kind, kindRule}
	}
	return []string{kind}
}

// builtInOf gives the built-in policy of a kind.
func builtInOf(kind string) escalation {
	of := chain(kind)
	e := builtIn[of[len(of)-1]]
	e.endless = endless(kind)
	return e
}

// endless tells whether alerts of a kind are asked about until somebody answers.
func endless(kind string) bool { return kind == alertsapi.KindCriticalResult }
