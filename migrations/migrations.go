// Package migrations holds the schema's history. Files are named YYYYMMDDHHMM_what_it_does.sql and only go
// forward: expand, then contract. schema.sql is the committed dump after all of them.
package migrations

import "embed"

// Files are the migrations in order of their names.
//
//go:embed [0-9]*.sql
var Files embed.FS
