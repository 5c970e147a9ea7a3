package main

import (
	"context"
	"errors"
	"time"

	"hmsoftware.com/hm/bench/limit"
	"hmsoftware.com/hm/bench/report"
)

// sealing lets pgbench register, once while HM's sealer works behind it and once while nobody seals. An event is its own
// entry in the audit trail, so the rows are the same.
func (r *runner) sealing(ctx context.Context) error {
	if r.limit == nil {
		r.report.Skip(report.PartSealing, "there is no pgbench")
		return nil
	}
	result := report.Sealing{Pair: report.Pair{Name: "sealing, registrations/s by pgbench"}}
	var with, without, ratios []float64
	load := limit.Load{Clients: r.clients, For: r.slice}
	var withCPU, withoutCPU time.Duration
	withDone, withoutDone := 0, 0
	sealing := func() error {
		if _, err := r.house.node.Start(ctx); err != nil {
			return err
		}
		if _, err := r.sealed(ctx, time.Minute); err != nil {
			return err
		}
		serverBefore, databaseBefore, err := r.house.usage()
		if err != nil {
			return err
		}
		done, err := r.limit.Run(ctx, limit.Register, load)
		if err != nil {
			return err
		}
		with = append(with, done.Rate)
		began := time.Now()
		if result.Backlog, err = r.sealed(ctx, 5*time.Minute); err != nil {
			return err
		}
		result.Drained = time.Since(began) - quiet
		server, database, err := r.house.usage() // once all is sealed: that is part of the cost
		if err != nil {
			return err
		}
		withCPU, withDone = withCPU+server-serverBefore+database-databaseBefore, withDone+done.Done
		return r.house.stop()
	}
	bare := func() error {
		before, err := r.house.databaseUsage()
		if err != nil {
			return err
		}
		done, err := r.limit.Run(ctx, limit.Register, load)
		if err != nil {
			return err
		}
		after, err := r.house.databaseUsage()
		without, withoutCPU, withoutDone = append(without, done.Rate), withoutCPU+after-before, withoutDone+done.Done
		return err
	}
	if err := r.house.stop(); err != nil {
		return err
	}
	if err := bare(); err != nil { // warms the cache
		return err
	}
	without, withoutCPU, withoutDone = nil, 0, 0
	for pair := range r.pairs {
		first, second := sealing, bare
		if pair%2 == 1 {
			first, second = second, first
		}
		for _, do := range []func() error{first, second} {
			if err := do(); err != nil {
				return err
			}
		}
		ratios = append(ratios, with[pair]/without[pair])
	}
	result.With, result.Without, result.Ratio = report.ValueOf(with), report.ValueOf(without), report.ValueOf(ratios)
	result.WithCPU, result.WithoutCPU = each(withCPU, withDone), each(withoutCPU, withoutDone)
	r.report.Sealing = &result
	r.progress("sealed %.2f of not sealed; %d entries waited at the end, sealed %s later", result.Ratio.Median, result.Backlog, result.Drained.Round(time.Millisecond))
	_, err := r.house.node.Start(ctx)
	return err
}

// quiet is how long the trees must not have grown to be complete: the sealer looks every second.
const quiet = 2500 * time.Millisecond

var errNeverSealed = errors.New("the sealer does not come to an end")

// sealed waits until the audit trees no longer grow, and tells how much they have grown meanwhile.
func (r *runner) sealed(ctx context.Context, patience time.Duration) (grown int, err error) {
	size := func() (n int, err error) {
		err = r.house.owner.QueryRow(ctx, `SELECT coalesce(sum(size), 0) FROM (SELECT max(tree_size) AS size FROM audit.seal GROUP BY tenant_id) trees`).Scan(&n)
		return n, err
	}
	first, err := size()
	if err != nil {
		return 0, err
	}
	last, since, began := first, time.Now(), time.Now()
	for time.Since(since) < quiet {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		now, err := size()
		if err != nil {
			return 0, err
		}
		if now != last {
			last, since = now, time.Now()
		}
		if time.Since(began) > patience {
			return last - first, errNeverSealed
		}
	}
	return last - first, nil
}
