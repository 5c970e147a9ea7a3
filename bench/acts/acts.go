// Package acts is the table of what people do with HM over HTTP: which role, which operations, and how the answer is
// known to be right. The bench measures acts, the day mixes them, the proofs repeat them for an hour and too often. A
// new module adds its acts here and comes under all of them; its lists come by themselves, from openapi.json.
package acts

import (
	"context"
	"errors"
	"math/rand/v2"
)

// Act is one thing that somebody does.
type Act struct {
	Name string
	// Operations are those of openapi.json that it takes, "GET /api/patients/{id}".
	Operations []string
	// Prepare makes what n acts at the site will use up, outside of what is measured; nil when they use nothing up.
	Prepare func(ctx context.Context, a *Actor, n int) error
	// Do acts once. It returns an error for every answer that is not the right one.
	Do func(ctx context.Context, a *Actor) error
}

// Actor is somebody at work at a site: one connection, one source of chance.
type Actor struct {
	*Conn
	Site   *Site
	Random *rand.Rand
}

// as sends a request in the role.
func (a *Actor) as(ctx context.Context, role, method, path string, body any, want int, into any, headers ...string) error {
	session, err := a.Site.Session(role)
	if err != nil {
		return err
	}
	answer, err := a.Do(ctx, session, method, path, body, headers...)
	if err != nil {
		return err
	}
	if err := answer.Is(want); err != nil {
		return err
	}
	if into == nil {
		return nil
	}
	return answer.Into(into)
}

// ErrWrong is an answer of the right status that tells something else than was asked for.
var ErrWrong = errors.New("the answer is not what was asked for")

// ErrMissed is a search that did not show who was meant.
var ErrMissed = errors.New("the search does not show who was meant")

// Compared are the acts whose rates are held against the database's own limit, in the order of the table.
func Compared() []Act {
	return []Act{PatientByID, NewestPatients, Register, RecordVitals, Close}
}

// All are the acts of the table.
func All() []Act {
	return append(Compared(), SearchMisspelt, LongTimeline, TaskList, SearchByMRN, SearchByName, StartVisit, WriteDocument, Order, Consult, Collect, Receive, EnterResult, VerifyResult, ReleaseResult,
		CollectionList, Worklist, PatientsResults, AlertList, Bell)
}
