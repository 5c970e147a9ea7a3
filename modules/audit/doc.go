// Package audit keeps who did, saw or was refused what, in a way that shows when somebody changed it afterwards.
//
//	owns         the trail: every event, and an entry for every read of a patient's record, refusal, sign-in and export
//	tables       audit.entry, batch, seal, mention: none of their rows ever changes; audit.sealer, a position;
//	             audit.leaf and entry_patient, in which earlier versions kept what batch and mention hold
//	permissions  audit.can_read, audit.can_verify
//	publishes    nothing: it would have to record itself
//	listens      to nothing: an event's row in events.event is itself a record of the trail
//	callers      auditors over the API and `hm audit verify`; iam and exports record through auditapi.Recorder
//
// How it is sealed. Every tenant has one Merkle tree after RFC 6962 (golang.org/x/mod/sumdb/tlog); what belongs to no
// tenant has tenant zero's. About every second the sealer follows both tables of records (the view audit.record) behind
// the writers and appends, in the order of transactions, a leaf for each committed record (leaf.go says which bytes) and
// a seal: size and root of the tree, the last record, the hash of the seal before, signed with Ed25519 under a key derived
// from the installation's secret. Verifying reads everything again. Who can write to the database but does not know the
// secret cannot change a sealed row unseen, be it an entry or an event.
//
// How it is found. The sealer also writes whom and what each record is about (audit.mention), many rows to a statement,
// so that no writer pays for indexes; a question takes what the sealer has passed from there and looks at the last
// second's records one by one. Verifying holds mention against the records, so nothing can be hidden from a question.
//
// What it cannot see. A record that is changed before its seal, within about a second of its commit; longer while some
// transaction of the database stays open, since nothing behind an open one may be sealed. A trail that is taken back as
// a whole to the state of an earlier seal: only somebody who noted a later one finds that, so auditors should keep a
// seal (GET /api/audit/seals) and hand it to the next verification. Writes and their records are one transaction. Reads
// and refusals are written up to flushEvery after the answer: a node that is killed loses at most those.
//
// What it needs. The secret must outlive the trail: under another one no seal is genuine, and sealing stops rather than
// build on what it cannot check. The order of transactions must go on after a restore: a physical backup keeps it, a
// dump put into a fresh cluster begins it anew unless the cluster's next transaction id is raised first (pg_resetwal).
package audit
