// Package packs holds the built-in packs: medical systems and specialties, as data. Each folder is one pack;
// modules/packs reads them. Adding one needs no code.
package packs

import "embed"

// Files are the built-in packs, one folder each. `all:` is not used on purpose: what begins with a dot or an
// underscore is not part of a pack.
//
//go:embed base
var Files embed.FS
