package repertory

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/repertory/internal/repertorydb"
)

// mostBooks bounds the memory that books take, about 20 MB each.
const mostBooks = 16

// errReplaced: the edition was replaced each time while it was read.
var errReplaced = errs.Unavailable("repertory.being_replaced", "The repertory is being replaced right now. Try again.", 1e9)

// shelf keeps the books of the tenants that asked last.
type shelf struct {
	mu    sync.Mutex
	slots map[uuid.UUID]*slot
	turn  uint64
}

// slot holds a tenant's book; who reads it from the database keeps others of the tenant waiting.
type slot struct {
	mu   sync.Mutex
	book *book
	used uint64
}

func newShelf() *shelf { return &shelf{slots: map[uuid.UUID]*slot{}} }

// of gives the tenant's book in its newest edition; nil when it has none.
func (s *shelf) of(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (*book, *repertorydb.RepertoryEdition, error) {
	for range 3 {
		edition, err := repertorydb.New(q).CurrentEdition(ctx, tenantID)
		if db.IsNoRows(err) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		slot := s.slot(tenantID)
		b, err := slot.get(ctx, q, edition)
		if b != nil || err != nil {
			return b, &edition, err
		}
	}
	return nil, nil, errReplaced
}

func (s *shelf) slot(tenantID uuid.UUID) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	found := s.slots[tenantID]
	if found == nil {
		if len(s.slots) >= mostBooks {
			s.dropOldest()
		}
		found = &slot{}
		s.slots[tenantID] = found
	}
	found.used = s.turn
	return found
}

func (s *shelf) dropOldest() {
	var oldest uuid.UUID
	least := s.turn
	for tenantID, slot := range s.slots {
		if slot.used < least {
			oldest, least = tenantID, slot.used
		}
	}
	delete(s.slots, oldest)
}

// get gives the book if it is of the edition, else reads it. Nothing comes back when the edition was replaced while it
// was read.
func (s *slot) get(ctx context.Context, q db.DBTX, edition repertorydb.RepertoryEdition) (*book, error) {
	if _, holdsConnection := q.(db.Tx); !holdsConnection {
		s.mu.Lock()
	} else if !s.mu.TryLock() {
		// Who reads may be waiting for a connection, of which this caller has one: it must not wait in turn.
		return readBook(ctx, q, edition)
	}
	defer s.mu.Unlock()
	if s.book == nil || s.book.edition != edition.ID {
		read, err := readBook(ctx, q, edition)
		if read == nil || err != nil {
			return nil, err
		}
		s.book = read
	}
	return s.book, nil
}

// readBook reads an edition. Each statement may see another one: what does not fit together was read while it was
// replaced.
func readBook(ctx context.Context, q db.DBTX, edition repertorydb.RepertoryEdition) (*book, error) {
	queries := repertorydb.New(q)
	remedies, err := queries.Remedies(ctx, edition.TenantID)
	if err != nil {
		return nil, err
	}
	rubrics, err := queries.Rubrics(ctx, edition.TenantID)
	if err != nil {
		return nil, err
	}
	gradings, err := queries.Gradings(ctx, edition.TenantID)
	if err != nil {
		return nil, err
	}
	now, err := queries.CurrentEdition(ctx, edition.TenantID)
	if err != nil || now.ID != edition.ID {
		return nil, err
	}
	b := &book{edition: edition.ID, rubrics: make([]rubric, len(rubrics)), remedies: make([]remedy, len(remedies)),
		gradings: make([]grading, len(gradings)), firsts: make([]int32, len(rubrics)+1)}
	for i, r := range remedies {
		b.remedies[i] = remedy{r.Abbreviation, r.Name}
	}
	chapters := map[string]int32{}
	for i, r := range rubrics {
		number, known := chapters[r.Chapter]
		if !known {
			number = int32(len(b.chapters)) //nolint:gosec // few chapters
			chapters[r.Chapter], b.chapters = number, append(b.chapters, r.Chapter)
		}
		b.rubrics[i] = rubric{id: r.ID, chapter: number, path: r.Path}
		if r.See != nil {
			b.rubrics[i].see = *r.See
		}
	}
	at := 0
	for place := range b.rubrics {
		b.firsts[place] = int32(at) //nolint:gosec // bounded by the importer
		for ; at < len(gradings) && int(gradings[at].Place) == place; at++ {
			b.gradings[at] = grading{gradings[at].Remedy, gradings[at].Grade}
		}
	}
	b.firsts[len(b.rubrics)] = int32(at) //nolint:gosec // bounded by the importer
	b.index()
	return b, nil
}
