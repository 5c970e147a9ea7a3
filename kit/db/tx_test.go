package db_test

import (
	"errors"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

// Else a timeline would show a note after the closing of the record that waited for it.
func TestTheActThatWaitedIsTheLaterOne(t *testing.T) {
	t.Parallel()
	d := beds(t)
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	const door = "the door"
	waiting, done := make(chan struct{}), make(chan struct{})
	var first, second time.Time
	through := func(tx db.Tx) error {
		tx.Lock(door)
		_, err := tx.Exec(ctx, `SELECT 1`)
		return err
	}
	err := d.Pool.InTx(ctx, func(tx db.Tx) error {
		if err := through(tx); err != nil {
			return err
		}
		go func() {
			defer close(done)
			if err := d.Pool.InTx(ctx, func(tx db.Tx) error {
				close(waiting)
				err := through(tx)
				second = tx.Now()
				return err
			}); err != nil {
				t.Error(err)
			}
		}()
		<-waiting
		d.Clock.Advance(time.Second)
		first = tx.Now()
		d.Clock.Advance(time.Second)
		return tx.Nested(ctx, tx.Scope(), func(inner db.Tx) error {
			if !inner.Now().Equal(first) || !tx.Now().Equal(first) {
				t.Error("a transaction has more than one time")
			}
			return nil
		})
	})
	<-done
	if err != nil || !second.After(first) {
		t.Errorf("the one that waited says %v, the one it waited for %v; %v", second, first, err)
	}
}

// A caller who is told that nothing was saved sends it again.
func TestALostCommitIsInDoubtAndAFailedOneIsNot(t *testing.T) {
	t.Parallel()
	d := beds(t)
	ctx := db.WithScope(t.Context(), testkit.NewScope())
	for last, want := range map[string]bool{
		`SELECT pg_terminate_backend(pg_backend_pid())`: true,
		`SELECT 1 / 0`: false,
	} {
		err := d.Pool.InTx(ctx, func(tx db.Tx) error {
			tx.AtCommit(last)
			return nil
		})
		if err == nil || errors.Is(err, db.ErrInDoubt) != want {
			t.Errorf("%s: got %v", last, err)
		}
	}
}
