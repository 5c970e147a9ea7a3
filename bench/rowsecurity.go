package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/report"
)

// protectedTables are all that have a policy: HM has none that row-level security is not to bind.
const protectedTables = `SELECT DISTINCT format('%I.%I', schemaname, tablename) FROM pg_policies ORDER BY 1`

// protect switches row-level security on everywhere, whether it was off or not.
func protect(ctx context.Context, owner *pgx.Conn) error {
	if err := alterRows(ctx, owner, "ENABLE"); err != nil {
		return err
	}
	var bare []string
	err := owner.QueryRow(ctx, `SELECT coalesce(array_agg(DISTINCT c.oid::regclass::text), '{}') FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
		WHERE NOT c.relrowsecurity OR NOT c.relforcerowsecurity`).Scan(&bare)
	if err == nil && len(bare) > 0 {
		err = fmt.Errorf("row-level security is off for %v", bare)
	}
	return err
}

func alterRows(ctx context.Context, owner *pgx.Conn, verb string) error {
	rows, err := owner.Query(ctx, protectedTables)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, table := range tables {
		// One by one: all at once could wait for a transaction that waits for one of them.
		if _, err := owner.Exec(ctx, "ALTER TABLE "+table+" "+verb+" ROW LEVEL SECURITY"); err != nil {
			return err
		}
	}
	return nil
}

// rowSecurity measures HM with row-level security and without, which nobody but the bench ever switches off, and which
// is on again whatever happens.
func (r *runner) rowSecurity(ctx context.Context) (err error) {
	owner, err := pgx.Connect(ctx, r.house.server.URL()) // of its own: an interrupted statement ends a connection
	if err != nil {
		return err
	}
	defer owner.Close(context.WithoutCancel(ctx))
	defer func() {
		again, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		conn, connectErr := pgx.Connect(again, r.house.server.URL())
		if connectErr == nil {
			defer conn.Close(again)
			connectErr = protect(again, conn)
			r.progress("row-level security is on everywhere")
		}
		if connectErr != nil && err == nil {
			err = fmt.Errorf("row-level security may still be off: %w", connectErr)
		}
	}()
	result := report.Pair{Name: "row-level security"}
	var all []float64
	for _, act := range []acts.Act{acts.PatientByID, acts.NewestPatients, acts.TaskList, acts.Register, acts.RecordVitals} {
		actors := r.actors(r.acting, r.clients)
		var on, off, ratios []float64
		var onAll, offAll slice
		side := func(verb string, rates *[]float64, all *slice) error {
			if err := alterRows(ctx, owner, verb); err != nil {
				return err
			}
			if _, err := r.house.act(ctx, act, actors, r.slice/10); err != nil { // every statement is planned anew
				return err
			}
			s, err := r.house.act(ctx, act, actors, r.slice*2/3)
			*rates = append(*rates, s.rate())
			all.add(s)
			if err == nil && s.wrong > 0 {
				r.report.Failures = append(r.report.Failures, fmt.Sprintf("%s: %d wrong answers while row-level security was switched: %v", act.Name, s.wrong, s.errors))
			}
			return err
		}
		for pair := range r.pairs {
			first, second := func() error { return side("ENABLE", &on, &onAll) }, func() error { return side("DISABLE", &off, &offAll) }
			if pair%2 == 1 {
				first, second = second, first
			}
			for _, do := range []func() error{first, second} {
				if err := do(); err != nil {
					closeAll(actors)
					return err
				}
			}
			ratios = append(ratios, on[pair]/off[pair])
		}
		closeAll(actors)
		all = append(all, ratios...)
		result.Each = append(result.Each, report.Pair{
			Name: act.Name, With: report.ValueOf(on), Without: report.ValueOf(off), Ratio: report.ValueOf(ratios),
			WithCPU: each(onAll.server+onAll.database, onAll.done), WithoutCPU: each(offAll.server+offAll.database, offAll.done),
		})
		r.progress("%-28s with row-level security %.2f of without", act.Name, report.ValueOf(ratios).Median)
	}
	result.Ratio = report.ValueOf(all)
	r.report.Rows = &result
	return nil
}
