package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/day"
	"hmsoftware.com/hm/bench/report"
)

// searchAgainstTrigrams holds the search for misspelt names, over HTTP and within row-level security, against what
// PostgreSQL's trigram index does for the same names without it. One client asks: it is the wait that counts.
func (r *runner) searchAgainstTrigrams(ctx context.Context) error {
	if r.limit == nil {
		r.report.Skip(report.PartSearch, "there is no pgbench")
		return nil
	}
	if r.search.Site == nil {
		r.report.Skip(report.PartSearch, "the load is too small for a facility of 4,000 patients")
		return nil
	}
	conn, err := pgx.Connect(ctx, r.house.server.URL())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA bench`); err != nil {
		r.report.Skip(report.PartSearch, "this PostgreSQL has no pg_trgm (Debian: part of the server's package)")
		return nil
	}
	result := report.Search{Patients: r.search.loaded.Patients, Clients: 1}
	began := time.Now()
	for _, statement := range []string{
		`SET search_path = bench, pg_catalog`,
		`CREATE TABLE bench.named AS SELECT * FROM patients.patient WHERE tenant_id = '` + r.search.tenantID.String() + `' AND facility_id = '` + r.search.loaded.ID.String() + `'`,
		`CREATE INDEX ON bench.named USING gin (lower(full_name) gin_trgm_ops)`,
		`ANALYZE bench.named`,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	result.Index = time.Since(began)
	var ours, theirs, ratios []float64
	var times []time.Duration
	asked, found, trigramAsked, trigramFound := 0, 0, 0, 0
	actors := []*acts.Actor{r.house.actor([]site{r.search}, 0)}
	defer closeAll(actors)
	random := rand.New(rand.NewPCG(2, 3)) // #nosec G404 -- load, no secret
	sides := []func(bool) error{
		func(measured bool) error {
			s, err := r.house.act(ctx, acts.SearchMisspelt, actors, r.slice)
			if err != nil || !measured {
				return err
			}
			times = append(times, s.times...)
			asked, found = asked+s.done+s.missed+s.wrong, found+s.done
			ours = append(ours, milliseconds(p95(s.times)))
			return nil
		},
		func(measured bool) error {
			took, hits, err := r.askTrigrams(ctx, conn, random)
			if err != nil || !measured {
				return err
			}
			trigramAsked, trigramFound = trigramAsked+len(took), trigramFound+hits
			theirs = append(theirs, milliseconds(p95(took)))
			return nil
		},
	}
	for _, side := range sides {
		if err := side(false); err != nil {
			return err
		}
	}
	for pair := range r.pairs {
		for i := range sides {
			if err := sides[(i+pair)%2](true); err != nil {
				return err
			}
		}
		ratios = append(ratios, ours[pair]/theirs[pair])
	}
	result.P95, result.TrigramP95, result.Ratio = report.ValueOf(ours), report.ValueOf(theirs), report.ValueOf(ratios)
	result.Times, result.Found, result.TrigramHit = report.TimesOf(times), share(found, asked), share(trigramFound, trigramAsked)
	r.report.Search = &result
	r.progress("search misspelt p95 %.2f ms, trigrams %.2f ms; found %.0f %% and %.0f %%", result.P95.Median, result.TrigramP95.Median, 100*result.Found, 100*result.TrigramHit)
	return nil
}

// askTrigrams asks the index for misspelt names for the length of a slice.
func (r *runner) askTrigrams(ctx context.Context, conn *pgx.Conn, random *rand.Rand) (took []time.Duration, hits int, err error) {
	for began := time.Now(); time.Since(began) < r.slice; {
		patient := r.search.Site.Patients[random.IntN(len(r.search.Site.Patients))]
		question := acts.Misspell(random, patient.FullName)
		from := time.Now()
		rows, err := conn.Query(ctx, `SELECT * FROM bench.named WHERE lower(full_name) % lower($1) ORDER BY similarity(lower(full_name), lower($1)) DESC, id LIMIT 20`, question)
		if err != nil {
			return nil, 0, err
		}
		hit := false
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return nil, 0, err
			}
			hit = hit || slices.Contains(values, any(patient.FullName))
		}
		if err := rows.Err(); err != nil {
			return nil, 0, err
		}
		took = append(took, time.Since(from))
		if hit {
			hits++
		}
	}
	return took, hits, nil
}

func p95(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return day.Percentile(sorted, 95)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
