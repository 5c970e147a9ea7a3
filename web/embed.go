// Package web carries the built web apps inside the binary.
package web

import (
	"embed"
	"io/fs"
)

// The patterns match each app's dist folder when it was built and its source
// index.html always, so that a fresh clone compiles and vets before any web build.
//
//go:embed all:apps/staff/[di]*
//go:embed all:apps/docs/[di]*
var files embed.FS

// Staff is the built staff app: index.html at its root and hashed files under
// assets/. It is empty (every Open is fs.ErrNotExist) when the app was not built.
func Staff() fs.FS { return dist("apps/staff/dist") }

// Docs is the built API documentation page, made to be served under /api/docs/.
// It is empty when the page was not built.
func Docs() fs.FS { return dist("apps/docs/dist") }

func dist(folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // only a malformed constant path gets here
	}
	return sub
}
