package faults_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/prove/faults/proxy"
	"hmsoftware.com/hm/prove/figures"
)

const writers = 6

// during runs a fault under load between two calm times and settles afterwards. The fault gives the time at which it
// ended, and the figures of its own.
func (s *site) during(t *testing.T, name string, away bool, fault func(l *load) (from, to time.Time, more object)) {
	t.Helper()
	before := s.quietGauges(t)
	w, l := s.watch(t), s.work(t, writers)
	l.awaitSuccess(t, 10*time.Second)
	time.Sleep(300 * time.Millisecond)
	from, to, values := fault(l)
	l.awaitSuccess(t, 40*time.Second)
	recovery := l.firstAfter(to)
	time.Sleep(scale(300*time.Millisecond, 2*time.Second))
	w.awaitReady(t, to)
	l.finish()
	w.finish()
	readyAgain := w.holds(t, from, to, away)
	s.settle(t, l)
	figure := object{
		"fault": name, "acknowledged": len(l.acts), "lost": l.lost, "refused": l.refused(), "replayed": l.replays, "slowest_answer_ms": l.slowest.Milliseconds(),
		"recovery_ms": recovery.Milliseconds(), "ready_again_ms": readyAgain.Milliseconds(), "goroutines_before": before["go_goroutines"], "goroutines_after": s.leaksNothing(t, before),
	}
	for name, value := range values {
		figure[name] = value
	}
	figures.Record(t, "faults", figure)
}

// TestTheLineToPostgreSQL does everything to the line that a network does.
func TestTheLineToPostgreSQL(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	s := newSite(t)
	for round := range scale(1, 3) {
		t.Run(fmt.Sprint("round ", round+1), func(t *testing.T) {
			t.Run("slow", s.slow)
			for _, moment := range []proxy.Moment{proxy.Message, proxy.Begun, proxy.CommitAsked, proxy.CommitDone} {
				t.Run("cut "+moment.String(), func(t *testing.T) { s.cut(t, moment) })
			}
			t.Run("all cut at once", s.allCut)
			t.Run("restarted fast", func(t *testing.T) { s.restarted(t, syscall.SIGINT) })
			t.Run("restarted immediately", func(t *testing.T) { s.restarted(t, syscall.SIGQUIT) })
			t.Run("backend killed", s.backendKilled)
		})
	}
	s.verifyAudit(t)
}

// TestAStandingDatabase holds PostgreSQL still for longer than a request may take.
func TestAStandingDatabase(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	s := newSite(t)
	still := scale(17*time.Second, 45*time.Second)
	t.Run("frozen line", func(t *testing.T) {
		s.during(t, "line frozen", true, func(*load) (from, to time.Time, more object) {
			s.proxy.Freeze()
			from = time.Now()
			time.Sleep(scale(5*time.Second, still))
			s.proxy.Thaw()
			return from, time.Now(), object{"held_s": scale(5*time.Second, still).Seconds()}
		})
	})
	t.Run("stopped processes", func(t *testing.T) {
		s.during(t, "PostgreSQL stopped (SIGSTOP)", true, func(*load) (from, to time.Time, more object) {
			stopped := family(plant.Postmaster(s.dataDir))
			for _, pid := range stopped {
				_ = syscall.Kill(pid, syscall.SIGSTOP)
			}
			from = time.Now()
			defer func() {
				for _, pid := range stopped {
					_ = syscall.Kill(pid, syscall.SIGCONT)
				}
				to = time.Now()
			}()
			time.Sleep(still)
			return from, to, object{"held_s": still.Seconds(), "processes": len(stopped)}
		})
	})
	s.verifyAudit(t)
}

// family is a process and its children, the parent first.
func family(parent int) []int {
	all := []int{parent}
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			all = append(all, pid)
		}
	}
	return all
}

func (s *site) slow(t *testing.T) {
	s.during(t, "slow by 200 ms each way", false, func(l *load) (from, to time.Time, more object) {
		from = time.Now()
		s.proxy.Delay(200 * time.Millisecond)
		time.Sleep(scale(2*time.Second, 10*time.Second))
		// A request takes several round trips of 400 ms, so the first answer may come later than the line was slow for.
		awaitTrue(t, 30*time.Second, func() error {
			if l.between(from, time.Now()) == 0 {
				return errors.New("nothing was answered on a slow line")
			}
			return nil
		})
		s.proxy.Delay(0)
		to = time.Now()
		return from, to, object{"answered_meanwhile": l.between(from, to)}
	})
}

func (s *site) cut(t *testing.T, moment proxy.Moment) {
	s.during(t, "cut "+moment.String(), false, func(*load) (from, to time.Time, more object) {
		from = time.Now()
		every := map[proxy.Moment]int{proxy.Message: 97, proxy.Begun: 5, proxy.CommitAsked: 5, proxy.CommitDone: 5}[moment]
		s.proxy.Cut(func(m proxy.Moment, n int) bool { return m == moment && n%every == 0 })
		time.Sleep(scale(time.Second, 8*time.Second))
		cuts := s.proxy.Cut(nil)
		if cuts == 0 {
			t.Error("nothing was cut")
		}
		return from, time.Now(), object{"cuts": cuts}
	})
}

func (s *site) allCut(t *testing.T) {
	s.during(t, "all connections cut at once", false, func(l *load) (from, to time.Time, more object) {
		from = time.Now()
		times := scale(3, 20)
		for range times {
			s.proxy.CutAll()
			time.Sleep(150 * time.Millisecond)
		}
		return from, time.Now(), object{"times": times}
	})
}

// TestALineThatFallsSilent leaves the connections that there are without any answer, and nobody told: a machine or a
// router in between is gone. New ones work.
func TestALineThatFallsSilent(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	s := newSite(t)
	for range scale(1, 3) {
		s.during(t, "connections fall silent", false, func(*load) (from, to time.Time, more object) {
			s.proxy.Silence()
			return time.Now(), time.Now(), nil
		})
	}
	s.verifyAudit(t)
}

func (s *site) restarted(t *testing.T, signal syscall.Signal) {
	s.during(t, fmt.Sprintf("PostgreSQL restarted (%v)", signal), false, func(*load) (from, to time.Time, more object) {
		from = time.Now()
		stopped := plant.Postmaster(s.dataDir)
		if err := syscall.Kill(stopped, signal); err != nil {
			t.Fatal(err)
		}
		awaitTrue(t, 30*time.Second, func() error {
			text, _ := os.ReadFile(s.dataDir + "/postgres/postmaster.pid")
			if pid := plant.Postmaster(s.dataDir); pid == 0 || pid == stopped || !strings.Contains(string(text), "ready") {
				return fmt.Errorf("PostgreSQL is not back")
			}
			return nil
		})
		to = time.Now()
		return from, to, object{"away_ms": to.Sub(from).Milliseconds()}
	})
}

// backendKilled kills one session's process with signal 9, on which PostgreSQL ends all the others and recovers.
func (s *site) backendKilled(t *testing.T) {
	s.during(t, "a backend killed with signal 9", false, func(*load) (from, to time.Time, more object) {
		from = time.Now()
		pid := query[int](t, s, `SELECT pid FROM pg_stat_activity WHERE usename LIKE 'hm_login%' LIMIT 1`)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond) // PostgreSQL learns of it
		awaitTrue(t, 30*time.Second, func() error {
			conn, err := pgx.Connect(t.Context(), s.url)
			if err == nil {
				err = conn.Close(t.Context())
			}
			return err
		})
		to = time.Now()
		return from, to, object{"away_ms": to.Sub(from).Milliseconds()}
	})
}
