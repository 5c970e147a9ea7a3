// Package packs holds the medical systems and specialties that HM is taught by data: it reads pack folders,
// compiles their JSON Schemas and CEL expressions once, says every fault by file and line, and answers other
// modules from memory.
//
//	owns         the built-in packs under packs/; how a pack is read, checked and joined with those it extends
//	tables       none: built-in packs are files of the binary
//	permissions  packs.can_read
//	publishes    nothing
//	listens      to nobody
//	callers      frontends over the API; other modules, through packsapi.Reader: workflows, templates, rules
//
// A pack version is immutable. A template that changes gets a new version in a file beside the old one, which
// stays, because a document is for ever read with the version it was written with.
package packs
