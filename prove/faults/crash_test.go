package faults_test

import (
	"errors"
	"os/signal"
	"slices"
	"syscall"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// TestNothingIsLostByKilling kills the server, or its PostgreSQL, with signal 9 under load, again and again. Each start
// must recover by itself; at the end every write that was acknowledged is there exactly once and the audit trail
// verifies.
func TestNothingIsLostByKilling(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	s := newPrivateSite(t, "")
	crashes := scale(4, 20)
	l := s.work(t, 8)
	l.mayVanish = true
	var starts, recoveries []time.Duration
	for crash := range crashes {
		time.Sleep(time.Duration(150+crash*37%300) * time.Millisecond)
		if crash%2 == 0 {
			s.node.Kill()
			starts = append(starts, s.start(t))
			continue
		}
		killed := s.node.Postmaster()
		began := time.Now()
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatalf("killing PostgreSQL %d: %v", killed, err)
		}
		// The killed server's children answer for a moment longer, so it must be another server that does.
		awaitTrue(t, 30*time.Second, func() error {
			if pid := s.node.Postmaster(); pid == 0 || pid == killed {
				return errors.New("PostgreSQL was not started again")
			}
			return nil
		})
		l.awaitSuccess(t, 30*time.Second)
		recoveries = append(recoveries, time.Since(began))
		// hm gives up on a PostgreSQL that dies more than five times in a minute.
		if crash%10 == 9 && crash < crashes-1 {
			time.Sleep(time.Minute)
		}
	}
	l.finish()
	s.settle(t, l)
	before := s.quietGauges(t)
	figures.Record(t, "faults", object{
		"fault": "killed with signal 9", "crashes": crashes, "acknowledged": len(l.acts), "lost": l.lost, "cut_off": l.vanished, "refused": l.refused(), "replayed": l.replays,
		"slowest_start_ms": slices.Max(starts).Milliseconds(), "slowest_postgres_recovery_ms": slices.Max(recoveries).Milliseconds(), "goroutines_after": before["go_goroutines"],
	})
	if err := s.node.Stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	s.verifyAudit(t)
}

func TestEverySignalThatEndsItStopsBoth(t *testing.T) {
	t.Parallel()
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(sent) {
			continue // run by nohup, which a server that it starts rightly obeys
		}
		n := apptest.Node(t)
		if _, err := n.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		postmaster := n.Postmaster()
		if err := n.Signal(sent); err != nil {
			t.Fatal(err)
		}
		select {
		case <-n.Ended():
		case <-time.After(time.Minute):
			t.Fatalf("%v did not end it", sent)
		}
		if err := n.Wait(); err != nil {
			t.Errorf("after %v: %v", sent, err)
		}
		if err := syscall.Kill(postmaster, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("after %v PostgreSQL goes on: %v", sent, err)
		}
		if n.Postmaster() != 0 {
			t.Errorf("after %v postmaster.pid is left", sent)
		}
	}
}
