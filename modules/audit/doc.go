// Package audit keeps who did, saw or was refused what, in a way that shows when somebody changed it afterwards.
//
//	owns         the trail: an entry for every event, every read of a patient's record, every refusal, sign-in and export
//	tables       audit.entry, audit.entry_patient, audit.leaf, audit.seal: none of their rows ever changes
//	permissions  audit.can_read, audit.can_verify
//	publishes    nothing: it would have to record itself
//	listens      to every event, in its transaction
//	callers      auditors over the API and `hm audit verify`; iam and exports record through auditapi.Recorder
//
// How it is sealed. Every tenant has one Merkle tree after RFC 6962 (golang.org/x/mod/sumdb/tlog); what belongs to no
// tenant has tenant zero's. About every second the sealer appends a leaf for each committed entry in the order of
// transactions (leaf.go says which bytes) and a seal: size and root of the tree, the last entry, the hash of the seal
// before, signed with Ed25519 under a key derived from the installation's secret. Verifying reads everything again. Who
// can write to the database but does not know the secret cannot change a sealed row, or the event it tells of, unseen.
//
// What it cannot see. An entry that is changed before its seal, within about a second of its commit; longer while some
// transaction of the database stays open, since nothing behind an open one may be sealed. A trail that is taken back as
// a whole to the state of an earlier seal: only somebody who noted a later one finds that, so auditors should keep a
// seal (GET /api/audit/seals) and hand it to the next verification. Reads and refusals are written up to
// flushEvery after the answer; a node that dies loses at most those.
//
// What it needs. The secret must outlive the trail: under another one no seal is genuine, and sealing stops rather than
// build on what it cannot check. The order of transactions must go on after a restore: a physical backup keeps it, a
// dump put into a fresh cluster begins it anew unless the cluster's next transaction id is raised first (pg_resetwal).
package audit
