package encounters

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
)

// Timeline is what happened in an encounter, in order.
type Timeline struct {
	EncounterID uuid.UUID      `json:"encounter_id" format:"uuid"`
	Items       []TimelineItem `json:"items" nullable:"false"`

	patientID uuid.UUID
}

// TimelineItem is one thing that happened. It can never change.
type TimelineItem struct {
	ID    uuid.UUID      `json:"id" format:"uuid"`
	Type  string         `json:"type" example:"ENCOUNTER" doc:"ENCOUNTER TASK DOCUMENT ORDER LAB ..."`
	Code  string         `json:"code" example:"ENCOUNTER_CHECKED_IN"`
	Title string         `json:"title"`
	At    time.Time      `json:"at"`
	Actor *Actor         `json:"actor" doc:"Null for what the system did by itself"`
	Meta  map[string]any `json:"meta" doc:"Ids and facts to link by"`
}

// Actor is who did it.
type Actor struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Name string    `json:"name"`
}

// AuditSubject says whose record an answer shows.
func (t Timeline) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: "encounter", EntityID: t.EncounterID, EncounterID: t.EncounterID, PatientIDs: []uuid.UUID{t.patientID}}
}

// Timeline reads an encounter's events of every module. Those that are no milestone are left out.
func (m *Module) Timeline(ctx context.Context, q db.DBTX, in ByID) (Timeline, error) {
	scope, _ := db.ScopeOf(ctx)
	encounter, err := get(ctx, q, scope, in.ID)
	if err != nil {
		return Timeline{}, err
	}
	recorded, err := events.OfEncounter(ctx, q, in.ID)
	if err != nil {
		return Timeline{}, err
	}
	timeline := Timeline{EncounterID: in.ID, Items: []TimelineItem{}, patientID: encounter.PatientID}
	var actorIDs []uuid.UUID
	for _, r := range recorded {
		item, shown := m.item(ctx, r)
		if !shown {
			continue
		}
		if item.Actor != nil {
			actorIDs = append(actorIDs, item.Actor.ID)
		}
		timeline.Items = append(timeline.Items, item)
	}
	names, err := m.names(ctx, q, scope, actorIDs)
	if err != nil {
		return Timeline{}, err
	}
	for i := range timeline.Items {
		if actor := timeline.Items[i].Actor; actor != nil {
			actor.Name = names[actor.ID]
		}
	}
	return timeline, nil
}

func (m *Module) item(ctx context.Context, r events.Recorded) (TimelineItem, bool) {
	event, err := m.deps.Bus.Decode(r.Name, r.Payload)
	if err != nil {
		// An event of a version to come, or of a module that is gone: the rest of the timeline still stands.
		slog.WarnContext(ctx, "an event on a timeline cannot be read", "event", r.Name, "event_id", r.ID)
		return TimelineItem{}, false
	}
	milestone, ok := event.(events.TimelineEvent)
	if !ok {
		return TimelineItem{}, false
	}
	entry := milestone.Timeline()
	item := TimelineItem{ID: r.ID, Type: entry.Type, Code: entry.Code, Title: entry.Title, At: r.OccurredAt, Meta: entry.Meta}
	if item.Meta == nil {
		item.Meta = map[string]any{}
	}
	if r.ActorID != uuid.Nil {
		item.Actor = &Actor{ID: r.ActorID}
	}
	return item, true
}
