// Package id makes identifiers. They are UUIDv7, made in Go: sorted by time, so that new rows land
// together at the end of every index.
package id

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// New gives a fresh UUIDv7.
func New() uuid.UUID {
	return uuid.Must(uuid.NewV7())
}

// Derived gives the same UUID (version 5) for the same parts, for things that must be made at most once
// without asking the database first, such as a backfilled event.
func Derived(parts ...string) uuid.UUID {
	joined := ""
	for _, p := range parts {
		joined += p + "\x00"
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(joined))
}

// Ptr gives nil for the zero UUID, for columns where absent is NULL.
func Ptr(u uuid.UUID) *uuid.UUID {
	if u == uuid.Nil {
		return nil
	}
	return &u
}

// Distinct gives the ids, each once, in their own order. It takes the slice for itself.
func Distinct(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
