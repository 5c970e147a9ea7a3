package events

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"hmsoftware.com/hm/kit/db"
)

// Hint tells a client that something it may be showing has changed. No clinical content: the client reads it again.
type Hint struct {
	Position Position
	Topic    string // the kind of thing, "encounter"
	ID       string
	Version  string // grows with every change
}

// Hub follows the event table on one node and tells that node's listeners. Each node follows for itself, so hints
// reach every browser whichever node it is connected to. It sleeps while nobody listens.
type Hub struct {
	pool      *db.Pool
	mu        sync.Mutex
	listeners map[*Listener]bool
	// at is how far it has followed; nil while it sleeps.
	at   *Position
	wake chan struct{}
}

// Listener receives the hints of one scope. A listener that falls behind is closed; its client comes back with the
// last position it saw.
type Listener struct {
	scope db.Scope
	Hints chan Hint
	gone  bool
}

// hubEvery is how stale a screen may be beside the commit.
const hubEvery = 250 * time.Millisecond

// NewHub makes a hub without listeners. Run makes it work.
func NewHub(pool *db.Pool) *Hub {
	return &Hub{pool: pool, listeners: map[*Listener]bool{}, wake: make(chan struct{}, 1)}
}

// Listen adds a listener; the func removes it. What is committed from now on reaches the listener, also one that
// wakes the hub: the place to follow from is settled before Listen returns.
func (h *Hub) Listen(ctx context.Context, scope db.Scope) (*Listener, func(), error) {
	end, err := endOfTail(ctx, h.pool.Read(db.WithScope(ctx, db.System())))
	if err != nil {
		return nil, nil, err
	}
	l := &Listener{scope: scope, Hints: make(chan Hint, 256)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners[l] = true
	if h.at == nil {
		h.at = &end
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
	return l, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, l)
	}, nil
}

// Run follows until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	ctx = db.WithScope(ctx, db.System())
	for ctx.Err() == nil {
		at := h.position()
		if at == nil {
			select {
			case <-ctx.Done():
			case <-h.wake:
			}
			continue
		}
		if err := h.follow(ctx, *at); err != nil && ctx.Err() == nil {
			slog.DebugContext(ctx, "following events failed", "error", db.Describe(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(hubEvery):
		}
	}
}

// position is where to follow from; nil when nobody listens, and then it is forgotten.
func (h *Hub) position() *Position {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.listeners) == 0 {
		h.at = nil
	}
	return h.at
}

func (h *Hub) follow(ctx context.Context, at Position) error {
	q := h.pool.Read(ctx)
	for {
		batch, err := readTail(ctx, q, at, relayBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		at = batch[len(batch)-1].at
		h.mu.Lock()
		for _, t := range batch {
			for l := range h.listeners {
				if !l.gone && l.concerns(t.Recorded) && !l.offer(hintOf(t)) {
					l.gone = true
					close(l.Hints)
					delete(h.listeners, l)
				}
			}
		}
		h.at = &at
		h.mu.Unlock()
	}
}

func (l *Listener) concerns(r Recorded) bool {
	return r.TenantID == l.scope.TenantID && (r.FacilityID == l.scope.FacilityID || r.FacilityID == [16]byte{})
}

func (l *Listener) offer(hint Hint) bool {
	select {
	case l.Hints <- hint:
		return true
	default:
		return false
	}
}

func hintOf(t tailed) Hint {
	return Hint{Position: t.at, Topic: t.Keys.Entity, ID: t.Keys.EntityID.String(), Version: t.ID.String()}
}

// missedLimit is how far back a returning client is caught up event by event; beyond, it reads everything again.
const missedLimit = 1000

// Missed gives the hints of a scope since a position, and false when there are too many to tell.
func (h *Hub) Missed(ctx context.Context, scope db.Scope, since Position) ([]Hint, bool, error) {
	batch, err := readTail(ctx, h.pool.Read(db.WithScope(ctx, db.System())), since, missedLimit)
	if err != nil || len(batch) == missedLimit {
		return nil, false, err
	}
	l := &Listener{scope: scope}
	var hints []Hint
	for _, t := range batch {
		if l.concerns(t.Recorded) {
			hints = append(hints, hintOf(t))
		}
	}
	return hints, true, nil
}
