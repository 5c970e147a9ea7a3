package audit

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

var errNotFound = errs.NotFound("audit.not_found", "There is no such audit entry.")

// Entry is one line of the trail as the API shows it.
type Entry struct {
	ID          uuid.UUID      `json:"id" format:"uuid"`
	At          time.Time      `json:"at"`
	Actor       *Actor         `json:"actor" doc:"null for the system itself, and for somebody unknown at sign-in"`
	FacilityID  *uuid.UUID     `json:"facility_id" format:"uuid" doc:"null for what belongs to the tenant as a whole"`
	Code        string         `json:"code" example:"encounters.closed" doc:"An event's name without its version, or <module>.read, <module>.refused, a sign-in, an export"`
	Outcome     string         `json:"outcome" enum:"ok,refused,failed"`
	EntityType  string         `json:"entity_type" example:"encounter"`
	EntityID    *uuid.UUID     `json:"entity_id" format:"uuid"`
	PatientIDs  []uuid.UUID    `json:"patient_ids" nullable:"false" doc:"Whose records it touched"`
	EncounterID *uuid.UUID     `json:"encounter_id" format:"uuid"`
	RequestID   string         `json:"request_id"`
	Origin      string         `json:"origin" doc:"Network address of the caller; empty for work of the system"`
	EventID     *uuid.UUID     `json:"event_id" format:"uuid"`
	Detail      map[string]any `json:"detail" nullable:"false" doc:"Ids and facts; for an event its payload"`
	LeafIndex   *int64         `json:"leaf_index" doc:"Place in the tree; null until it is sealed, within about a second"`
}

// Actor is who did it.
type Actor struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Name string    `json:"name" doc:"Empty when not known in this tenant"`
}

// Filter narrows entries; what is absent does not.
type Filter struct {
	EntityType string    `query:"entity_type" maxLength:"64"`
	EntityID   uuid.UUID `query:"entity_id" format:"uuid"`
	PatientID  uuid.UUID `query:"patient_id" format:"uuid" doc:"Everything done with this patient's record, and who saw it"`
	ActorID    uuid.UUID `query:"actor_id" format:"uuid"`
	Code       string    `query:"code" maxLength:"128"`
	Since      time.Time `query:"since" doc:"At this time or later"`
	Until      time.Time `query:"until" doc:"Before this time"`
}

// ListInput pages through entries.
type ListInput struct {
	httpx.PageParams
	Filter
}

// mark is an entry's place in a list, newest first.
type mark struct {
	At time.Time
	ID uuid.UUID
}

// newest is the mark before all entries.
var newest = mark{ID: uuid.Max}

// List gives entries of the facility one acts in and of the tenant as a whole, newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Entry], error) {
	before := newest
	if _, err := in.After(&before); err != nil {
		return httpx.Page[Entry]{}, err
	}
	// What this node still holds in memory is part of the trail.
	if err := m.journal.Flush(ctx); err != nil {
		return httpx.Page[Entry]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	rows, err := find(ctx, q, scope, in.Filter, before, in.Limit+1)
	if err != nil {
		return httpx.Page[Entry]{}, err
	}
	entries, err := m.present(ctx, q, scope.TenantID, rows)
	if err != nil {
		return httpx.Page[Entry]{}, err
	}
	page := httpx.NewPage(entries, in.Limit, func(e Entry) any { return mark{e.At, e.ID} })
	if in.Count {
		page.Count, err = httpx.Counted(count(ctx, q, scope, in.Filter))
	}
	return page, err
}

// subjects gives by what the records that a filter lets through are all found: the narrowest that it names, or the
// facility and the tenant as a whole.
func (f Filter) subjects(scope db.Scope) []uuid.UUID {
	for _, subject := range []uuid.UUID{f.PatientID, f.EntityID, f.ActorID} {
		if subject != uuid.Nil {
			return []uuid.UUID{subject}
		}
	}
	if scope.FacilityID == uuid.Nil {
		return []uuid.UUID{uuid.Nil}
	}
	return []uuid.UUID{placeSubject(&scope.FacilityID), uuid.Nil}
}

func find(ctx context.Context, q db.DBTX, scope db.Scope, f Filter, before mark, limit int) ([]auditdb.AuditRecord, error) {
	params := auditdb.FindRecordsParams{
		TenantID: scope.TenantID, Since: f.Since, Until: orEndOfTime(f.Until), BeforeAt: orEndOfTime(before.At), BeforeID: before.ID,
		EntityType: f.EntityType, Code: f.Code, ActorID: id.Ptr(f.ActorID), EntityID: id.Ptr(f.EntityID), PatientID: id.Ptr(f.PatientID),
		MaxRows: int32(limit), //nolint:gosec // a batch of some thousand
	}
	subjects := f.subjects(scope)
	if params.SubjectID = subjects[0]; len(subjects) > 1 {
		params.OtherSubjectID = &subjects[1]
	}
	return auditdb.New(q).FindRecords(ctx, params)
}

func count(ctx context.Context, q db.DBTX, scope db.Scope, f Filter) (int64, error) {
	return auditdb.New(q).CountRecords(ctx, auditdb.CountRecordsParams{
		TenantID: scope.TenantID, SubjectIds: f.subjects(scope), Since: f.Since, Until: orEndOfTime(f.Until), EntityType: f.EntityType, Code: f.Code,
		ActorID: id.Ptr(f.ActorID), EntityID: id.Ptr(f.EntityID), PatientID: id.Ptr(f.PatientID),
	})
}

// endOfTime is after every record. No bound from below is the zero time, which is before every one.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func orEndOfTime(t time.Time) time.Time {
	if t.IsZero() {
		return endOfTime
	}
	return t
}

// present adds what the rows only refer to: names, payloads of events, places in the tree.
func (m *Module) present(ctx context.Context, q db.DBTX, tenantID uuid.UUID, rows []auditdb.AuditRecord) ([]Entry, error) {
	entries := make([]Entry, len(rows))
	if len(rows) == 0 {
		return entries, nil
	}
	names, err := m.users.Names(ctx, q, tenantID, actorIDs(rows))
	if err != nil {
		return nil, err
	}
	payloads, err := events.Payloads(ctx, q, tenantID, copiedEvents(rows))
	if err != nil {
		return nil, err
	}
	leaves, err := leavesFor(ctx, auditdb.New(q), tenantID, rows)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		row := &rows[i]
		entries[i] = Entry{
			ID: row.ID, At: timeOf(row), FacilityID: row.FacilityID, Code: row.Code, Outcome: row.Outcome, EntityType: row.EntityType, EntityID: row.EntityID,
			PatientIDs: patientsOf(row), EncounterID: row.EncounterID, RequestID: row.RequestID, Origin: row.Origin, EventID: row.EventID,
			Detail: map[string]any{},
		}
		if row.ActorID != nil {
			entries[i].Actor = &Actor{ID: *row.ActorID, Name: names[*row.ActorID]}
		}
		if leaf, sealed := leaves[row.ID]; sealed {
			entries[i].LeafIndex = &leaf.LeafIndex
		}
		detail := row.Detail
		if copied(row) {
			detail = payloads[*row.EventID]
		}
		// A detail or payload that is no object was not written by HM: the list stays readable, verifying names it.
		if json.Unmarshal(detail, &entries[i].Detail) != nil || entries[i].Detail == nil {
			entries[i].Detail = map[string]any{}
		}
	}
	return entries, nil
}

func patientsOf(row *auditdb.AuditRecord) []uuid.UUID {
	switch {
	case row.PatientID != nil:
		return []uuid.UUID{*row.PatientID}
	case row.PatientIds != nil:
		return row.PatientIds
	default:
		return []uuid.UUID{}
	}
}

func actorIDs(rows []auditdb.AuditRecord) []uuid.UUID {
	seen, ids := map[uuid.UUID]bool{}, []uuid.UUID{}
	for i := range rows {
		if actorID := rows[i].ActorID; actorID != nil && !seen[*actorID] {
			seen[*actorID] = true
			ids = append(ids, *actorID)
		}
	}
	return ids
}
