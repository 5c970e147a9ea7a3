package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/limit"
	"hmsoftware.com/hm/bench/report"
	"hmsoftware.com/hm/kit/embedpg"
)

// runner is one run of the bench.
type runner struct {
	options
	house  *house
	limit  *limit.Bench // nil without pgbench
	report *report.Report
	// sites are those of the day; acting those of everything else, as many as there are clients.
	sites, acting []site
	search        site
	// readyRate is how many encounters HM closes a second, as far as is known: as many are made ready.
	readyRate float64
}

// measure makes a whole run. What it started it ends, also when ctx ends first.
func measure(ctx context.Context, o options) (*report.Report, error) {
	began := time.Now()
	loadBefore := loadAverage()
	pgbench, err := findPgbench()
	if err != nil && !o.noLimit {
		return nil, err
	}
	house, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer house.close(o.keep)
	r := &runner{options: o, house: house, readyRate: 300}
	r.report = &report.Report{At: began, Commit: commit(ctx), Form: o.form(), Machine: describe(loadBefore, house.version), Load: house.loadOf()}
	if err != nil {
		r.report.Skip(report.PartLimit, err.Error())
	}
	if info, err := os.Stat(house.node.Binary); err == nil {
		r.report.Binary = info.Size()
	}
	if r.sites, r.search, err = house.sites(ctx, 10); err != nil {
		return nil, err
	}
	r.acting = r.sites[:min(len(r.sites), o.clients)]
	r.report.Load.Sites = len(r.acting)
	o.progress("signed in at %d facilities", len(r.sites))
	if pgbench != "" {
		if r.limit, err = limit.Open(ctx, house.server.URL(), pgbench); err != nil {
			return nil, err
		}
		defer func() { _ = r.limit.Close(ctx) }()
	}
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"disk", r.disk}, {"start", r.start}, {"models", r.models}, {"acts", r.compare}, {"ladder", r.climb}, {"other acts", r.others},
		{"search", r.searchAgainstTrigrams}, {"lists", r.lists}, {"row-level security", r.rowSecurity}, {"sealing", r.sealing}, {"day", r.theDay},
	} {
		if len(o.acts) > 0 && !slices.Contains([]string{"disk", "models", "acts", "other acts"}, part.name) {
			continue
		}
		if err := part.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	r.report.Machine.LoadAfter = loadAverage()
	r.report.Elapsed = time.Since(began)
	if o.keep || !house.fresh {
		o.progress("the data folder is kept: %s", house.node.DataDir)
	}
	return r.report, nil
}

func findPgbench() (string, error) {
	bin, _, err := embedpg.Find("")
	if err != nil {
		return "", err
	}
	return limit.Find(bin)
}

func (h *house) loadOf() report.Load {
	l := report.Load{Tenants: len(h.loaded.Tenants), Patients: h.loaded.Patients, Events: h.loaded.Events, Took: h.took}
	for _, t := range h.loaded.Tenants {
		l.Facilities += len(t.Facilities)
	}
	return l
}

// wanted tells whether the act is among those asked for.
func (r *runner) wanted(act acts.Act) bool {
	return len(r.acts) == 0 || slices.ContainsFunc(slices.Collect(maps.Keys(r.acts)), func(part string) bool { return strings.Contains(act.Name, part) })
}

// actors at the sites where the acts are compared.
func (r *runner) actors(sites []site, count int) []*acts.Actor {
	all := make([]*acts.Actor, count)
	for i := range all {
		all[i] = r.house.actor(sites, i)
	}
	return all
}

func closeAll(actors []*acts.Actor) {
	for _, a := range actors {
		a.Close()
	}
}

func (r *runner) disk(context.Context) (err error) {
	r.report.Machine.Syncs, err = syncRate(r.house.node.DataDir, min(r.slice, time.Second))
	return err
}

// start measures how soon HM is ready.
func (r *runner) start(ctx context.Context) error {
	var took []float64
	for range r.pairs {
		t, err := r.house.restart(ctx)
		if err != nil {
			return err
		}
		took = append(took, t.Seconds())
	}
	u, err := plant.ProcessUsage(r.house.node.PID())
	if err != nil {
		return err
	}
	r.report.Start = &report.Start{Cold: r.house.cold, Warm: report.ValueOf(took)}
	r.report.Memory = &report.Memory{AfterStart: u.Resident}
	r.progress("ready after %.2f s", r.report.Start.Warm.Median)
	return nil
}

// models makes HM's own rows that the limit copies, and holds what one act leaves on both sides together.
func (r *runner) models(ctx context.Context) error {
	h := r.house
	r.progress("registering, recording and closing at every site once, for the limit to copy")
	for _, step := range []func() error{
		func() error { return h.repeat(ctx, acts.Register, r.acting, r.registrations) },
		func() error { return h.prepare(ctx, acts.RecordVitals, r.acting, r.open) },
		// All that the first vitals of an encounter set off, its task, is done before any are measured.
		func() error { return h.repeat(ctx, acts.RecordVitals, r.acting, r.vitals) },
		func() error { return h.prepare(ctx, acts.Close, r.acting, 2) },
		func() error { return h.repeat(ctx, acts.Close, r.acting, 1) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	if r.limit == nil {
		return nil
	}
	if err := r.limit.Fill(ctx, r.report.At, placesOf(r.acting)); err != nil {
		return err
	}
	// HM reads one row more than a page, to know whether there is another page.
	var newest int
	err := r.house.owner.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM patients.patient WHERE tenant_id = $1 AND facility_id = $2 LIMIT 51) newest`,
		r.acting[0].tenantID, r.acting[0].loaded.ID).Scan(&newest)
	if err != nil {
		return err
	}
	if err := r.limit.CheckReads(ctx, map[string]int{acts.PatientByID.Name: 1, acts.NewestPatients.Name: newest}); err != nil {
		return err
	}
	return r.limit.CheckScope(ctx)
}

// fill takes what was measured into the report's act.
func fill(a *report.Act, s slice, rates []float64) {
	a.Rate, a.Times = report.ValueOf(rates), report.TimesOf(s.times)
	a.ServerCPU, a.DatabaseCPU = each(s.server, s.done+s.missed), each(s.database, s.done+s.missed)
	a.Done, a.Missed, a.Wrong, a.Errors = s.done, s.missed, s.wrong, s.errors
}
