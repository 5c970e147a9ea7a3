// Package events is how modules tell each other what happened. Publish writes one immutable row in the writer's
// transaction; that row is the outbox, the timeline and the source of live refresh. Within subscribers act in the
// same transaction; After subscribers act in a job of their own, once it is committed.
package events

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/telemetry"
)

// Event is a fact in the past tense. Its fields are ids and facts, never names of people: events are logged,
// queued and kept for ever.
type Event interface {
	// EventName is "<module>.<what_happened>.v<n>".
	EventName() string
	EventKeys() Keys
}

// Keys say what an event is about, so that it can be found again.
type Keys struct {
	// Entity is the kind of thing ("encounter"), EntityID which one.
	Entity   string
	EntityID uuid.UUID
	// PatientID and EncounterID are set when the event belongs to their record.
	PatientID, EncounterID uuid.UUID
	// TenantLevel events belong to no one facility.
	TenantLevel bool
}

// TimelineEvent is an event that shows on its encounter's timeline.
type TimelineEvent interface {
	Event
	Timeline() TimelineEntry
}

// TimelineEntry is how an event reads on a timeline.
type TimelineEntry struct {
	Type  string         // ENCOUNTER, TASK, DOCUMENT ...
	Code  string         // ENCOUNTER_CHECKED_IN ...
	Title string         // plain English, for clients without words of their own
	Meta  map[string]any // ids and facts a client may link by
}

// Recorded is an event as it was written.
type Recorded struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	FacilityID uuid.UUID
	Name       string
	Keys       Keys
	ActorID    uuid.UUID
	RequestID  string
	Origin     string // network address of the caller; "" for work of the system
	OccurredAt time.Time
	Payload    json.RawMessage
}

// Bus knows every event, who publishes it and who listens. It is complete before the server starts.
type Bus struct {
	declared map[string]declaration
	within   map[string][]withinSubscriber
	after    map[string][]afterSubscriber
	periodic []periodic
	loops    []loop
}

type declaration struct {
	module string
	decode func(json.RawMessage) (Event, error)
}

type withinSubscriber struct {
	name string
	act  func(context.Context, db.Tx, Event) error
}

type afterSubscriber struct {
	name string
	act  func(context.Context, db.Tx, Recorded) error
}

// NewBus makes an empty bus.
func NewBus() *Bus {
	return &Bus{declared: map[string]declaration{}, within: map[string][]withinSubscriber{}, after: map[string][]afterSubscriber{}}
}

// nameShape is what an event is called: its name without the version is its code in the audit trail.
var nameShape = regexp.MustCompile(`^[a-z]+\.[a-z_]+\.v[0-9]+$`)

// Declare says that module publishes E. An undeclared event cannot be published.
func Declare[E Event](b *Bus, module string) {
	var e E
	name := e.EventName()
	if _, twice := b.declared[name]; twice {
		panic("events: " + name + " is declared twice")
	}
	if !nameShape.MatchString(name) {
		panic("events: " + name + " is not called <module>.<what_happened>.v<n>")
	}
	b.declared[name] = declaration{module: module, decode: func(payload json.RawMessage) (Event, error) {
		var e E
		err := json.Unmarshal(payload, &e)
		return e, err
	}}
}

// Within makes act run in the publisher's transaction, for effects the caller must see. Its error undoes the
// publisher's act.
func Within[E Event](b *Bus, subscriber string, act func(ctx context.Context, tx db.Tx, e E) error) {
	var zero E
	b.within[zero.EventName()] = append(b.within[zero.EventName()], withinSubscriber{subscriber, func(ctx context.Context, tx db.Tx, e Event) error {
		return act(ctx, tx, e.(E))
	}})
}

// After makes act run in a job of its own once the event is committed: in its own transaction, in the event's
// tenant and facility, tried again until it succeeds, its effects once.
func After[E Event](b *Bus, subscriber string, act func(ctx context.Context, tx db.Tx, e E) error) {
	var zero E
	b.after[zero.EventName()] = append(b.after[zero.EventName()], afterSubscriber{subscriber, func(ctx context.Context, tx db.Tx, r Recorded) error {
		var e E
		if err := json.Unmarshal(r.Payload, &e); err != nil {
			return err
		}
		return act(ctx, tx, e)
	}})
}

// InsertEvent is the one statement that writes events; the backfill uses it too.
const InsertEvent = `INSERT INTO events.event (tenant_id, id, name, facility_id, entity, entity_id, patient_id, encounter_id, actor_id, request_id, occurred_at, payload, origin)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`

// Publish writes e in tx, which sends it with COMMIT, and runs its Within subscribers now. Its row is also its entry in
// the audit trail.
func (b *Bus) Publish(ctx context.Context, tx db.Tx, e Event) error {
	name := e.EventName()
	if _, known := b.declared[name]; !known {
		return fmt.Errorf("events: %s is not declared by its module", name)
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	scope, keys := tx.Scope(), e.EventKeys()
	r := Recorded{
		ID: id.For(ctx, tx.Now()), TenantID: scope.TenantID, FacilityID: scope.FacilityID, Name: name, Keys: keys,
		ActorID: scope.UserID, RequestID: telemetry.RequestID(ctx), Origin: telemetry.Origin(ctx),
		OccurredAt: tx.Now(), Payload: payload,
	}
	if keys.TenantLevel {
		r.FacilityID = uuid.Nil
	}
	tx.AtCommit(InsertEvent, r.Args()...)
	for _, s := range b.within[name] {
		if err := s.act(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Args are the parameters of InsertEvent.
func (r Recorded) Args() []any {
	return []any{r.TenantID, r.ID, r.Name, id.Ptr(r.FacilityID), r.Keys.Entity, r.Keys.EntityID, id.Ptr(r.Keys.PatientID),
		id.Ptr(r.Keys.EncounterID), id.Ptr(r.ActorID), r.RequestID, r.OccurredAt, r.Payload, r.Origin}
}

// Decode gives the event in a row; an error for one that this version no longer knows.
func (b *Bus) Decode(name string, payload json.RawMessage) (Event, error) {
	d, known := b.declared[name]
	if !known {
		return nil, fmt.Errorf("events: unknown event %s", name)
	}
	return d.decode(payload)
}

// Description of one event, for the golden file and the documentation.
type Description struct {
	Name, Module  string
	Timeline      string
	Within, After []string
}

// Describe lists every event with its listeners, by name.
func (b *Bus) Describe() []Description {
	var all []Description
	for name, d := range b.declared {
		description := Description{Name: name, Module: d.module}
		if e, err := d.decode(json.RawMessage("{}")); err == nil {
			if t, ok := e.(TimelineEvent); ok {
				description.Timeline = t.Timeline().Code
			}
		}
		for _, s := range b.within[name] {
			description.Within = append(description.Within, s.name)
		}
		for _, s := range b.after[name] {
			description.After = append(description.After, s.name)
		}
		all = append(all, description)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// CheckComplete tells which subscriptions name an event that nobody declares.
func (b *Bus) CheckComplete() error {
	listened := append(slices.Collect(maps.Keys(b.within)), slices.Collect(maps.Keys(b.after))...)
	for _, name := range listened {
		if _, known := b.declared[name]; !known {
			return fmt.Errorf("events: someone listens to %s, which nobody declares", name)
		}
	}
	return nil
}
