// Package packs holds the medical systems and specialties that HM is taught by data: templates of clinical
// documents, workflows, rules and words. It reads pack folders, compiles their JSON Schemas and CEL
// expressions once, says every fault of a pack by file and line, and answers other modules from memory.
//
// Owns: the built-in packs under packs/, and how a pack is read, checked and joined with those it extends.
// Tables: none. Built-in packs are files of the binary.
// Permissions: none of its own.
// Publishes: nothing.
// Listens: to nothing.
// Who may call: any module, through packsapi.Reader: tasks for workflows, clinicaldocs for templates,
// encounters for the rules of the close gate.
//
// A pack version is immutable: a changed file needs a new version beside the old one, which stays, because
// documents are for ever read with the version they were written with.
package packs
