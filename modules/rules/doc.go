// Package rules asks the rules of a tenant's packs whether an act may pass, and lets the tenant tune them.
//
//	owns         what a tenant changed about a rule: its parameters, its severity, whether it counts at all; every
//	             firing of a rule on an act that passed
//	tables       rules.override, rules.firing (append-only)
//	permissions  rules.can_read, can_read_firings, can_tune, can_override
//	publishes    rules.tuned.v1; rules.fired.v1 when a rule asks for a task, an alert, a notice or tests
//	listens      to nobody
//	asks         packs for the rules themselves, which are data; encounters, patients, facilities, clinicaldocs, lab and
//	             orders for what rules weigh
//	callers      administrators over the API; encounters, clinicaldocs, tasks and others through rulesapi.Gate, in their
//	             own transaction
//
// An act that is refused is undone with all it wrote, so its rules stand in the audit trail only, by their codes. An
// override names a rule and a reason. It counts where the rule says by which permission it may be overridden and the
// caller holds that (rules.can_override, or one the rule names); a rule that only wants a reason takes anybody's. An
// override of a rule that does not hold the act back, or that nobody knows, says nothing: what fires may have changed
// since the caller was told.
package rules
