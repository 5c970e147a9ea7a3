package facilities

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
)

// rememberedFor is how long settings are taken for those in force: a change takes effect on every node within a second,
// as one of a role does.
const rememberedFor = 900 * time.Millisecond

// rememberedMost bounds how many facilities are remembered.
const rememberedMost = 10_000

// Remembered is facilitiesapi.Reader that spares most acts a round trip: it keeps a facility's settings for a moment.
type Remembered struct {
	Reader

	mu       sync.Mutex
	settings map[place]remembered
}

type place struct{ tenantID, facilityID uuid.UUID }

type remembered struct {
	settings facilitiesapi.Settings
	until    time.Time // on this process's own clock, which no step of the machine's moves
}

var _ facilitiesapi.Reader = (*Remembered)(nil)

// Remember makes a reader that remembers nothing yet. A node has one.
func Remember() *Remembered { return &Remembered{settings: map[place]remembered{}} }

// Settings gives what is remembered, else reads it.
func (r *Remembered) Settings(ctx context.Context, q db.DBTX, tenantID, facilityID uuid.UUID) (facilitiesapi.Settings, error) {
	at := place{tenantID, facilityID}
	r.mu.Lock()
	known, found := r.settings[at]
	r.mu.Unlock()
	began := time.Now()
	if found && began.Before(known.until) {
		return known.settings, nil
	}
	settings, err := r.Reader.Settings(ctx, q, tenantID, facilityID)
	if err != nil {
		return settings, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.settings) >= rememberedMost {
		clear(r.settings)
	}
	r.settings[at] = remembered{settings, began.Add(rememberedFor)}
	return settings, nil
}

// forget makes the next act on this node read a facility's settings again.
func (r *Remembered) forget(tenantID, facilityID uuid.UUID) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.settings, place{tenantID, facilityID})
}
