// Package lab is a facility's laboratory: from an ordered test to a released result.
//
//	owns         request: one per LAB item of an order, how far it has come; sample: one tube, from the patient to the bin;
//	             result: what a test found, in versions that supersede and never overwrite; settings of the facility
//	tables       lab.request, lab.sample, lab.sample_item, lab.result, lab.value, lab.reflex, lab.settings, lab.barcode_series
//	permissions  lab.can_read (what is not released yet), lab.can_read_samples, lab.can_collect, lab.can_receive, lab.can_reject,
//	             lab.can_store, lab.can_enter, lab.can_verify, lab.can_release, lab.can_configure; released results need
//	             orders.can_read
//	publishes    lab.sample_collected.v1, lab.sample_received.v1, lab.sample_rejected.v1, lab.sample_stored.v1,
//	             lab.sample_discarded.v1, lab.result_entered.v1, lab.result_verified.v1, lab.result_released.v1,
//	             lab.test_overdue.v1, lab.settings_changed.v1
//	listens      orders.created.v1, orders.item_cancelled.v1, orders.item_completed.v1, encounters.cancelled.v1 (within:
//	             refused while a result is entered and not released), rules.fired.v1 (within: tests that a rule orders,
//	             results that a rule verifies)
//	asks         quality control what is held, and what a failed control casts doubt on
//	callers      staff over the API; prints, alerts and rules through labapi.Reader
//
// Locks are taken in the order encounter, tasks, orders, request, sample, result: an act reads what it needs, tells the
// house, whose tasks and orders move, and writes last, under the version of the request that it read. Of two who act on
// one test at once the second finds it changed and is refused with 409; nothing of its act remains.
//
// What was judged stays as it was judged: ranges, names, units, methods and flags are stored with each value.
package lab
