package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/limit"
	"hmsoftware.com/hm/bench/report"
)

// compared is how many acts of both sides are held together: names differ in length, and so do their rows.
const compared = 20

// footprint runs an act on both sides and tells what it leaves, and where they differ.
func (r *runner) footprint(ctx context.Context, act acts.Act, script limit.Script) (lines []string, err error) {
	if script.Event == "" {
		return nil, nil
	}
	if act.Name == acts.Close.Name {
		if err := r.house.prepare(ctx, act, r.acting[:1], compared); err != nil {
			return nil, err
		}
		if err := r.limit.Ready(ctx, compared); err != nil {
			return nil, err
		}
	}
	since, err := r.limit.Now(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.house.repeat(ctx, act, r.acting[:1], compared); err != nil {
		return nil, err
	}
	ours, err := r.limit.FootprintSince(ctx, script, since, compared)
	if err != nil {
		return nil, err
	}
	if since, err = r.limit.Now(ctx); err != nil {
		return nil, err
	}
	if _, err := r.limit.Run(ctx, script, limit.Load{Clients: 1, Transactions: compared}); err != nil {
		return nil, err
	}
	theirs, err := r.limit.FootprintSince(ctx, script, since, compared)
	if err != nil {
		return nil, err
	}
	for _, table := range slices.Sorted(maps.Keys(ours)) {
		lines = append(lines, fmt.Sprintf("%s: %.2g rows, %d bytes", table, float64(ours[table].Count)/compared, ours[table].Bytes/compared))
	}
	for _, difference := range limit.Differences(ours, theirs) {
		r.report.Failures = append(r.report.Failures, fmt.Sprintf("the limit of %q is not what HM does: %s (bench/limit)", act.Name, difference))
	}
	return lines, nil
}

// compare holds every act of the table against PostgreSQL, slice by slice, each beginning in turn.
func (r *runner) compare(ctx context.Context) error {
	scripts := limit.Scripts()
	for i, act := range acts.Compared() {
		if scripts[i].Act != act.Name {
			return fmt.Errorf("the script of %q is for %q", act.Name, scripts[i].Act)
		}
		if !r.wanted(act) {
			continue
		}
		if err := r.versus(ctx, act, scripts[i]); err != nil {
			return fmt.Errorf("%s: %w", act.Name, err)
		}
	}
	return nil
}

func (r *runner) versus(ctx context.Context, act acts.Act, script limit.Script) error {
	result := report.Act{Name: act.Name, Clients: r.clients}
	actors := r.actors(r.acting, r.clients)
	defer closeAll(actors)
	var ours slice
	var rates, limits, ratios []float64
	var limitCPU time.Duration
	limitDone := 0
	oneOurs := func(length time.Duration) (slice, error) {
		if act.Name == acts.Close.Name {
			if err := r.makeReady(ctx, length); err != nil {
				return slice{}, err
			}
		}
		s, err := r.house.act(ctx, act, actors, length)
		if act.Name == acts.Close.Name && s.done > 0 {
			r.readyRate = s.rate()
		}
		return s, err
	}
	closes := 1000.0 // a second, by pgbench, at first
	oneLimit := func(length time.Duration) (limit.Result, error) {
		load := limit.Load{Clients: r.clients, For: length}
		if act.Name == acts.Close.Name {
			load.Transactions = int(closes * length.Seconds())
			if err := r.limit.Ready(ctx, load.Transactions); err != nil {
				return limit.Result{}, err
			}
		}
		result, err := r.limit.Run(ctx, script, load)
		if err == nil {
			closes = result.Rate
		}
		return result, err
	}
	if r.limit != nil {
		var err error
		if result.Footprint, err = r.footprint(ctx, act, script); err != nil {
			return err
		}
		if _, err := oneLimit(min(r.slice, time.Second)); err != nil { // warms the cache
			return err
		}
	}
	if _, err := oneOurs(r.slice / 3); err != nil {
		return err
	}
	for pair := range r.pairs {
		var s slice
		var l limit.Result
		sides := []func() error{
			func() (err error) {
				if r.limit == nil {
					return nil
				}
				before, err := r.house.databaseUsage()
				if err != nil {
					return err
				}
				if l, err = oneLimit(r.slice); err != nil {
					return err
				}
				after, err := r.house.databaseUsage()
				limitCPU, limitDone = limitCPU+after-before, limitDone+l.Done
				return err
			},
			func() (err error) { s, err = oneOurs(r.slice); return err },
		}
		if pair%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			if err := side(); err != nil {
				return err
			}
		}
		ours.add(s)
		rates = append(rates, s.rate())
		if l.Rate > 0 {
			limits, ratios = append(limits, l.Rate), append(ratios, s.rate()/l.Rate)
		}
	}
	fill(&result, ours, rates)
	result.Limit, result.Ratio, result.LimitCPU = report.ValueOf(limits), report.ValueOf(ratios), each(limitCPU, limitDone)
	r.report.Acts = append(r.report.Acts, result)
	r.progress("%-28s limit %7.0f/s  HM %7.0f/s  ratio %.2f  wrong %d", act.Name, result.Limit.Median, result.Rate.Median, result.Ratio.Median, result.Wrong)
	return nil
}

// makeReady prepares as many encounters as HM may close in a slice.
func (r *runner) makeReady(ctx context.Context, length time.Duration) error {
	return r.house.prepare(ctx, acts.Close, r.acting, int(r.readyRate*length.Seconds()*1.2)/len(r.acting)+5)
}
