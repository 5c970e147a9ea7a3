package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
)

// slice is what some clients did in a while.
type slice struct {
	done, missed, wrong int
	times               []time.Duration // of those done
	errors              map[string]int
	elapsed             time.Duration
	server, database    time.Duration // processor time meanwhile
}

// rate of right answers a second.
func (s slice) rate() float64 { return float64(s.done) / s.elapsed.Seconds() }

// each gives microseconds of processor time an act.
func each(cpu time.Duration, done int) float64 {
	if done == 0 {
		return 0
	}
	return float64(cpu.Microseconds()) / float64(done)
}

// add puts two slices together.
func (s *slice) add(other slice) {
	s.done += other.done
	s.missed += other.missed
	s.wrong += other.wrong
	s.times = append(s.times, other.times...)
	s.elapsed += other.elapsed
	s.server += other.server
	s.database += other.database
	for what, count := range other.errors {
		if s.errors == nil {
			s.errors = map[string]int{}
		}
		s.errors[what] += count
	}
}

// act lets the actors act, each one thing after the other, for a while, or until what was prepared is used up.
func (h *house) act(ctx context.Context, act acts.Act, actors []*acts.Actor, length time.Duration) (slice, error) {
	var total slice
	var mu sync.Mutex
	var over atomic.Bool
	var group sync.WaitGroup
	serverBefore, databaseBefore, err := h.usage()
	if err != nil {
		return slice{}, err
	}
	began := time.Now()
	stop := time.AfterFunc(length, func() { over.Store(true) })
	defer stop.Stop()
	for _, a := range actors {
		group.Go(func() {
			own := slice{times: make([]time.Duration, 0, 4096), errors: map[string]int{}}
			for !over.Load() && ctx.Err() == nil {
				from := time.Now()
				err := act.Do(ctx, a)
				took := time.Since(from)
				switch {
				case err == nil:
					own.done++
					own.times = append(own.times, took)
				case errors.Is(err, acts.ErrUsedUp):
					over.Store(true)
				case errors.Is(err, acts.ErrMissed): // answered, and timed
					own.missed++
					own.times = append(own.times, took)
				default:
					own.wrong++
					own.errors[acts.Kind(err)]++
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(own)
		})
	}
	group.Wait()
	total.elapsed = time.Since(began)
	if ctx.Err() != nil {
		return slice{}, ctx.Err()
	}
	server, database, err := h.usage()
	total.server, total.database = server-serverBefore, database-databaseBefore
	return total, err
}

// usage gives the processor time of HM and of PostgreSQL so far.
func (h *house) usage() (server, database time.Duration, err error) {
	s, err := plant.ProcessUsage(h.node.PID())
	if err != nil {
		return 0, 0, err
	}
	database, err = h.databaseUsage()
	return s.CPU, database, err
}

func (h *house) databaseUsage() (time.Duration, error) {
	u, err := plant.FamilyUsage(h.node.Postmaster())
	return u.CPU, err
}

// prepare makes n of what an act uses up, at every site at once.
func (h *house) prepare(ctx context.Context, act acts.Act, sites []site, n int) error {
	if act.Prepare == nil {
		return nil
	}
	return h.everywhere(sites, func(a *acts.Actor) error { return act.Prepare(ctx, a, n) })
}

// repeat does an act so many times at every site.
func (h *house) repeat(ctx context.Context, act acts.Act, sites []site, times int) error {
	return h.everywhere(sites, func(a *acts.Actor) error {
		for range times {
			if err := act.Do(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *house) everywhere(sites []site, what func(a *acts.Actor) error) error {
	failed := make([]error, len(sites))
	var group sync.WaitGroup
	for i := range sites {
		group.Go(func() {
			a := h.actor(sites, i)
			defer a.Close()
			failed[i] = what(a)
		})
	}
	group.Wait()
	return errors.Join(failed...)
}
