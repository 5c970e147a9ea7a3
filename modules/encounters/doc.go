// Package encounters leads a patient's visit from its making to its closed record.
//
//	owns         encounters and their life cycle; the vitals, assessments, plans and notes written in them
//	tables       encounters.encounter, encounters.document (append-only), encounters.datum (what is searchable of
//	             system_data)
//	permissions  encounters.can_read, can_create, can_update, can_check_in, can_start_consult, can_close, can_cancel,
//	             can_record_vitals, can_record_assessment, can_record_plan, can_record_note
//	publishes    encounters.created, updated, checked_in, consult_started, closed, cancelled,
//	             vitals_recorded, assessment_recorded, plan_recorded, note_recorded (all .v1)
//	listens      to nobody
//	asks         facilities for its settings, patients and iam for names, packs for workflows, tasks and clinicaldocs
//	             for what is done, alerts for critical results that nobody has acknowledged, rules whether it suffices to
//	             close
//	callers      reception, nurses and doctors over the API; tasks, clinicaldocs and others through encountersapi.Reader
package encounters
