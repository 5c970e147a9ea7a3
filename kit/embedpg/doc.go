// Package embedpg starts and stops HM's private PostgreSQL: the database of a
// hospital that has no database administrator.
//
// Everything lies below one data folder:
//
//	<data-dir>/postgres          PostgreSQL's own files (PGDATA)
//	<data-dir>/log/postgres.log  what it says; never statements, never values
//	<data-dir>/run/              the socket and the three lock files
//
// The server listens on a unix socket only, in a folder that no other user of
// the machine may enter, so it asks for no password. Run by root, it is given
// an unprivileged user, because PostgreSQL refuses root.
//
// Several hm commands may use one data folder at the same time, but only one
// `hm serve`. Start is for `hm serve`; AttachOrStart is for every other
// command. Whoever comes first starts the server and whoever leaves last stops
// it; a server whose hm was killed is found and restarted by the next one.
package embedpg
