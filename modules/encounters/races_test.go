package encounters_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

// hospital is a whole database with a facility and a patient, and two nodes' pools on it.
type hospital struct {
	house
	ctx       context.Context
	pools     [2]*db.Pool
	patientID uuid.UUID
}

func newHospital(t *testing.T) hospital {
	t.Helper()
	d := testkit.NewDatabase(t)
	second, err := db.Open(context.Background(), d.Pool.Raw().Config().ConnString(), db.Options{Clock: d.Clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	h := hospital{house: newHouse(t), ctx: db.WithScope(context.Background(), testkit.NewScope()), pools: [2]*db.Pool{d.Pool, second}}
	h.act(t, 0, func(ctx context.Context, tx db.Tx) error {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		h.patientID = patientstest.Patient(ctx, t, tx, patientstest.With{})
		return nil
	})
	return h
}

// act runs one act in a transaction of its own on one of the nodes, and wants it to succeed.
func (h *hospital) act(t *testing.T, node int, act func(ctx context.Context, tx db.Tx) error) {
	t.Helper()
	if err := h.try(node, act); err != nil {
		t.Fatal(err)
	}
}

func (h *hospital) try(node int, act func(ctx context.Context, tx db.Tx) error) error {
	return h.pools[node%2].InTx(h.ctx, func(tx db.Tx) error { return act(h.ctx, tx) })
}

func TestOfParallelCreatesExactlyOneWins(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	const clients = 32
	winners, told := make([]uuid.UUID, clients), make([]any, clients)
	var racing sync.WaitGroup
	for i := range clients {
		racing.Go(func() {
			err := h.try(i, func(ctx context.Context, tx db.Tx) error {
				e, err := h.encounters.Create(ctx, tx, createInput(h.patientID))
				winners[i] = e.ID
				return err
			})
			if refused := errs.Of(err); refused != nil && refused.Code == "encounters.active_exists" {
				told[i] = refused.Extra["encounter_id"]
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	racing.Wait()
	var winner uuid.UUID
	for i := range clients {
		if told[i] != nil {
			continue
		}
		if winner != uuid.Nil {
			t.Fatal("two won")
		}
		winner = winners[i]
	}
	for i := range clients {
		if told[i] != nil && told[i] != winner {
			t.Errorf("a loser was told of %v, the winner is %s", told[i], winner)
		}
	}
}

// What races a close either comes before it, and is in the record, or is refused.
func TestNothingSlipsInAfterAClose(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	var encounterID uuid.UUID
	h.act(t, 0, func(ctx context.Context, tx db.Tx) error {
		e := h.inConsult(ctx, t, tx, h.patientID)
		encounterID = e.ID
		if _, err := h.encounters.RecordVitals(ctx, tx, vitals(e.ID)); err != nil {
			return err
		}
		_, err := h.encounters.RecordAssessment(ctx, tx, assessment(e.ID))
		return err
	})
	var mu sync.Mutex
	written, closes, atClose := 0, 0, 0
	var racing sync.WaitGroup
	for i := range 24 {
		racing.Go(func() {
			err := h.try(i, func(ctx context.Context, tx db.Tx) error {
				if i%6 == 5 {
					if _, err := h.encounters.Close(ctx, tx, closing(encounterID)); err != nil {
						return err
					}
					n, err := countDocuments(ctx, tx)
					atClose = n
					return err
				}
				_, err := h.encounters.RecordVitals(ctx, tx, vitals(encounterID))
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch refused := errs.Of(err); {
			case err == nil && i%6 == 5:
				closes++
			case err == nil:
				written++
			case refused == nil || refused.Code != "encounters.not_open" && refused.Code != "encounters.illegal_transition":
				t.Error(err)
			}
		})
	}
	racing.Wait()
	if closes != 1 {
		t.Errorf("%d closes succeeded", closes)
	}
	h.act(t, 1, func(ctx context.Context, tx db.Tx) error {
		documents, err := countDocuments(ctx, tx)
		if documents != atClose || documents != written+2 {
			t.Errorf("%d documents stand, %d were acknowledged and %d were there at the close", documents, written+2, atClose)
		}
		return err
	})
}

func countDocuments(ctx context.Context, tx db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM encounters.document`).Scan(&n)
	return n, err
}
