package packs

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

// rememberedFor is how long what a tenant installed is taken for what is there: a change takes effect on every node
// within a second, as one of a role or of a facility's settings does.
const rememberedFor = 900 * time.Millisecond

// rememberedMost bounds how many tenants are remembered.
const rememberedMost = 10_000

// remembered spares most acts a round trip: it keeps something of each tenant for a moment.
type remembered[T any] struct {
	mu   sync.Mutex
	kept map[uuid.UUID]memory[T]
	// forgot counts what was forgotten: who read before that, and comes back after it, must not be believed.
	forgot uint64
}

type memory[T any] struct {
	value T
	until time.Time // on this process's own clock, which no step of the machine's moves
}

// of gives what is remembered of a tenant, else reads it.
func (r *remembered[T]) of(tenantID uuid.UUID, read func() (T, error)) (T, error) {
	began := time.Now()
	r.mu.Lock()
	known, found := r.kept[tenantID]
	forgot := r.forgot
	r.mu.Unlock()
	if found && began.Before(known.until) {
		return known.value, nil
	}
	value, err := read()
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forgot != forgot {
		return value, nil
	}
	if r.kept == nil || len(r.kept) >= rememberedMost {
		r.kept = map[uuid.UUID]memory[T]{}
	}
	r.kept[tenantID] = memory[T]{value, began.Add(rememberedFor)}
	return value, nil
}

// forget makes the next act on this node read a tenant's state again.
func (r *remembered[T]) forget(tenantID uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgot++
	delete(r.kept, tenantID)
}
