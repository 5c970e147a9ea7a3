// Package alerts makes sure that somebody looks: a critical result, a rejected sample, a test that is late, a control out
// of limits, what a rule warns of. An alert is told to people, acknowledged by one of them, and until then escalated along
// the tenant's policy.
//
//	owns         alerts with whom they are for and their history; policies, teams, duties
//	tables       alerts.alert, target, history, policy, team, team_member, duty
//	permissions  alerts.can_read, can_acknowledge, can_resolve, can_configure, can_analyse
//	publishes    alerts.raised, escalated, acknowledged, resolved, policy_changed, team_changed, duty_changed (all .v1)
//	listens      in the same transaction to lab, qualitycontrol, orders and rules (raises, and ends what is over), and to
//	             tasks (completing critical-result-ack by hand acknowledges)
//	asks         encounters, patients, iam; packs for names and rules
//	callers      clinicians and the laboratory, over the API; encounters, tasks and notifications through alertsapi.Reader
//
// People are found when they are asked for: who holds a role, belongs to a team or is on duty now. A night's alert is
// therefore the morning's too, without anybody handing it over.
package alerts
