// Package qualitycontrol tells whether the laboratory measures right: control lots, their runs, Westgard's rules, and
// what may not be vouched for until somebody has put it right.
//
//	owns         lots of control material with their targets; runs, which never change; exclusions of runs; holds, at
//	             most one open for each analyte of a facility
//	tables       qualitycontrol.lot, qualitycontrol.target, qualitycontrol.run, qualitycontrol.exclusion,
//	             qualitycontrol.hold
//	permissions  qualitycontrol.can_read, qualitycontrol.can_run, qualitycontrol.can_manage, qualitycontrol.can_resolve
//	publishes    qualitycontrol.lot_opened.v1, qualitycontrol.lot_changed.v1, qualitycontrol.run_recorded.v1,
//	             qualitycontrol.run_violated.v1, qualitycontrol.run_excluded.v1, qualitycontrol.hold_resolved.v1
//	listens      to nobody
//	asks         facilities which day it is, packs which analytes there are, iam for names
//	callers      the laboratory's staff over the API; the lab module asks through qualitycontrolapi.Reader what is held
//
// The order of locks: an analyte's turn (advisory), the lot, the hold. Westgard's rules are pure, in westgard.go.
package qualitycontrol
