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
// A folder is parsed into trees (load.go); a library lays the trees of a pack, of those it extends and of site packs
// over each other (merge.go) and compiles what comes of it (resolve.go and a file for each kind of content), each
// fault with the place it stands at. What is compiled of a pack's own files is shared by every library made of it.
//
// A pack version is immutable. A template that changes gets a new version in a file beside the old one, which
// stays, because a document is for ever read with the version it was written with. A tenant's packs are rows that only
// grow; its library is made of the newest of each over the built-in ones (installed.go), kept in memory by what it is
// made of (view.go), and finds the forms of older versions too.
package packs
