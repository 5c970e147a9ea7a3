// Package packs holds the medical systems and specialties that HM is taught by data: it reads pack folders,
// compiles their JSON Schemas and CEL expressions once, says every fault by file and line, and answers other
// modules from memory.
//
//	owns         the built-in packs under packs/, the packs that tenants installed and the tools they allow; how a pack
//	             is read, checked and joined with those it extends
//	tables       packs.version, packs.allowed_tool; the built-in packs are files of the binary
//	permissions  packs.can_read, packs.can_install
//	publishes    packs.installed.v1, packs.tools_allowed.v1
//	listens      to nobody
//	asks         facilities for their settings: which packs, which site packs
//	callers      frontends over the API; other modules, through packsapi.Reader: workflows, templates, rules
//
// A pack version is immutable. A template that changes gets a new version in a file beside the old one, which
// stays, because a document is for ever read with the version it was written with. A tenant's packs are rows that only
// grow; its library is made of the newest of each over the built-in ones (installed.go), kept in memory by what it is
// made of (view.go), and finds the forms of older versions too.
package packs
