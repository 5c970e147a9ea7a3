package id

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Source makes UUIDv7s of given times that are the same again for the same seed: for data that is loaded to be the
// same each time. Of two with the same time the one made later is greater. Not for several goroutines at once.
type Source struct {
	random *rand.Rand
	made   uint32
}

// NewSource makes a source of its own for a seed and a stream of it.
func NewSource(seed, stream uint64) *Source {
	return &Source{random: rand.New(rand.NewPCG(seed, stream))} // #nosec G404 -- not a secret, and the same each time
}

// At gives the next id, as of a time: milliseconds, the part of the millisecond, how many were made before, chance.
func (s *Source) At(at time.Time) uuid.UUID {
	var made uuid.UUID
	micros := at.UnixMicro()
	binary.BigEndian.PutUint64(made[:8], uint64(micros/1000)<<16|uint64(micros%1000)*4096/1000) //nolint:gosec // 48 and 12 bits
	binary.BigEndian.PutUint64(made[8:], uint64(s.made)<<30|s.random.Uint64()&(1<<30-1))
	made[6] |= 0x70
	made[8] |= 0x80
	s.made++
	return made
}

type sourceKey struct{}

// WithSource makes For take the ids of what is done under ctx from a source.
func WithSource(ctx context.Context, s *Source) context.Context {
	return context.WithValue(ctx, sourceKey{}, s)
}

// For gives the id of something that comes to be at a time: of the source that ctx carries, else a fresh one.
func For(ctx context.Context, at time.Time) uuid.UUID {
	if s, ok := ctx.Value(sourceKey{}).(*Source); ok {
		return s.At(at)
	}
	return New()
}
