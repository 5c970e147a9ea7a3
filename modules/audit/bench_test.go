package audit_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
)

// fill commits events with their entries, many to a transaction.
func (tr *trail) fill(count int) {
	tr.t.Helper()
	for done := 0; done < count; {
		tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
			for range min(1000, count-done) {
				if err := tr.bus.Publish(ctx, tx, bedMoved{BedID: uuid.New(), PatientID: uuid.New()}); err != nil {
					return err
				}
				done++
			}
			return nil
		})
	}
}

// How many entries a second one sealer seals.
func BenchmarkSeal(b *testing.B) {
	tr := newTrail(b)
	tr.fill(b.N)
	b.ResetTimer()
	tr.seal()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// How many sealed entries, each with its event, a second are verified.
func BenchmarkVerify(b *testing.B) {
	tr := newTrail(b)
	tr.fill(b.N)
	tr.seal()
	b.ResetTimer()
	if r := tr.verify(); !r.OK || r.TreeSize != int64(b.N) {
		b.Fatalf("%+v", r)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// Transactions of one event each by 8 writers: of events that are no one's record, and of the same as entries of the
// trail with the sealer at work beside them until it has sealed the last.
func BenchmarkWrite(b *testing.B) {
	for _, name := range []string{"unaudited", "sealed"} {
		b.Run(name, func(b *testing.B) {
			tr := newTrail(b)
			ctx, stop := context.WithCancel(context.Background())
			var sealing, writing sync.WaitGroup
			if name == "sealed" {
				sealing.Go(func() { keepSealing(ctx, tr.Module, tr.db) })
			}
			b.ResetTimer()
			for range 8 {
				writing.Go(func() {
					for range b.N / 8 {
						tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
							return tr.bus.Publish(ctx, tx, bedMoved{BedID: uuid.New(), PatientID: uuid.New()})
						})
					}
				})
			}
			writing.Wait()
			stop()
			sealing.Wait()
			if name == "sealed" {
				tr.seal()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}

func keepSealing(ctx context.Context, m *audit.Module, database *testkit.Database) {
	for ctx.Err() == nil {
		if more, err := m.SealAll(ctx, database.Pool); err != nil || !more {
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}
