// Package packs holds the built-in packs: medical systems and specialties, as data. Each folder is one pack;
// modules/packs reads them. Adding one needs no code.
package packs

import "embed"

// Files are the built-in packs, one folder each; what begins with a dot or an underscore is not part of them.
//
//go:embed */*
var Files embed.FS
