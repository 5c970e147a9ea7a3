// Package rules asks the rules of a tenant's packs whether an act may pass, and lets the tenant tune them.
//
//	owns         what a tenant changed about a rule: its parameters, its severity, whether it counts at all
//	tables       rules.override
//	permissions  rules.can_read, rules.can_tune
//	publishes    rules.tuned.v1
//	listens      to nobody
//	asks         packs for the rules themselves, which are data
//	callers      administrators over the API; encounters and others through rulesapi.Gate, in their own transaction
package rules
