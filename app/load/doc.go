// Package load fills an installation with a large amount of history for benchmarks: tenants of very different sizes,
// their people, patients, encounters, tasks, documents, the laboratory's work with its alerts and notifications, and events, the same for the same flags. Every module writes its
// own rows (its load.go), as the application's role and under row-level security; here is decided what happened.
package load
