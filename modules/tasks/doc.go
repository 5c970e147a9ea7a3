// Package tasks holds what someone still has to do for an encounter: opened by hand, by the workflow of the
// encounter's pack, and completed by hand or by what is written in the encounter.
//
//	owns         tasks, their assignment and their life cycle
//	tables       tasks.task
//	permissions  tasks.can_read, tasks.can_create, tasks.can_assign, tasks.can_work, tasks.can_cancel
//	publishes    tasks.created, assigned, unassigned, started, done, reopened, cancelled (all .v1)
//	listens      in the same transaction to encounters (opens and completes tasks; an encounter's end cancels what is
//	             still to do, and nothing changes after it), to clinicaldocs (likewise), to orders (opens the tasks of
//	             items, cancels those of items that ended), to lab (who has the sample or the result has the next task;
//	             these outlive a closed encounter), to alerts (a critical result is a task until the last is
//	             acknowledged) and to rules (opens the task a rule asks for); after commit to iam (the tasks of someone
//	             who left are nobody's again)
//	asks         encounters, patients, facilities, iam; packs for workflows and names; alerts what is unacknowledged;
//	             rules before a person completes a task
//	callers      everyone who works here, over the API; encounters through tasksapi.Reader
package tasks
