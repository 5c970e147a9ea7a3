package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/day"
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

// fill takes what was measured into the report's act.
func fill(a *report.Act, s slice, rates []float64) {
	a.Rate, a.Times = report.ValueOf(rates), report.TimesOf(s.times)
	a.ServerCPU, a.DatabaseCPU = each(s.server, s.done+s.missed), each(s.database, s.done+s.missed)
	a.Done, a.Missed, a.Wrong, a.Errors = s.done, s.missed, s.wrong, s.errors
}

// climb repeats the acts that use nothing up with more and more clients.
func (r *runner) climb(ctx context.Context) error {
	for _, act := range acts.Compared() {
		if act.Name == acts.Close.Name {
			continue
		}
		for _, clients := range r.ladder {
			actors := r.actors(r.acting, clients)
			_, err := r.house.act(ctx, act, actors, r.slice/3)
			var s slice
			if err == nil {
				s, err = r.house.act(ctx, act, actors, r.slice)
			}
			closeAll(actors)
			if err != nil {
				return err
			}
			r.report.Ladder = append(r.report.Ladder, report.Step{Name: act.Name, Clients: clients, Rate: s.rate(), Times: report.TimesOf(s.times), Wrong: s.wrong})
			r.progress("%-28s %d clients  %7.0f/s", act.Name, clients, s.rate())
		}
	}
	u, err := plant.ProcessUsage(r.house.node.PID())
	if err != nil {
		return err
	}
	r.report.Memory.Peak = u.Peak
	return nil
}

// others measures acts that have no script.
func (r *runner) others(ctx context.Context) error {
	for _, act := range []acts.Act{acts.SearchMisspelt, acts.SearchByName, acts.SearchByMRN, acts.LongTimeline, acts.TaskList} {
		if !r.wanted(act) {
			continue
		}
		sites := slices.DeleteFunc(slices.Clone(r.acting), func(s site) bool {
			return act.Name == acts.LongTimeline.Name && s.Site.LongEncounterID == ""
		})
		if len(sites) == 0 {
			r.report.Skip(act.Name, "the load is too small for a long encounter")
			continue
		}
		a, err := r.plain(ctx, act, sites, r.pairs)
		if err != nil {
			return err
		}
		r.report.Others = append(r.report.Others, a)
	}
	return nil
}

// plain measures an act by itself, in some slices.
func (r *runner) plain(ctx context.Context, act acts.Act, sites []site, count int) (report.Act, error) {
	result := report.Act{Name: act.Name, Clients: r.clients}
	actors := r.actors(sites, r.clients)
	defer closeAll(actors)
	if _, err := r.house.act(ctx, act, actors, r.slice/5); err != nil {
		return result, err
	}
	var all slice
	var rates []float64
	for range count {
		s, err := r.house.act(ctx, act, actors, r.slice/3)
		if err != nil {
			return result, err
		}
		all.add(s)
		rates = append(rates, s.rate())
	}
	fill(&result, all, rates)
	r.progress("%-28s HM %7.0f/s  p95 %s  wrong %d", act.Name, result.Rate.Median, result.P95.Round(10*time.Microsecond), result.Wrong)
	return result, nil
}

// lists measures every list of openapi.json, as somebody of the site who may read it.
func (r *runner) lists(ctx context.Context) error {
	document, err := exec.CommandContext(ctx, r.house.node.Binary, "openapi").Output()
	if err != nil {
		return fmt.Errorf("hm openapi: %w", err)
	}
	lists, err := acts.Lists(document)
	if err != nil {
		return err
	}
	probe := r.house.actor(r.acting, 0)
	defer probe.Close()
	for _, list := range lists {
		role, err := reader(ctx, probe, list)
		if err != nil {
			return err
		}
		if role == "" {
			r.report.Skip(list.Name, "nobody of a facility may read it without more being asked")
			continue
		}
		path := strings.TrimPrefix(list.Name, "GET ")
		act := acts.Act{Name: list.Name, Role: role, Do: func(ctx context.Context, a *acts.Actor) error { return read(ctx, a, role, path) }}
		a, err := r.plain(ctx, act, r.acting, 1)
		if err != nil {
			return err
		}
		r.report.Lists = append(r.report.Lists, a)
	}
	return nil
}

// reader finds a role at the actor's site that may read the list, "" for none.
func reader(ctx context.Context, a *acts.Actor, list acts.Act) (string, error) {
	for _, role := range a.Site.Roles() {
		err := read(ctx, a, role, strings.TrimPrefix(list.Name, "GET "))
		if err == nil {
			return role, nil
		}
		if !acts.IsRefused(err) {
			return "", fmt.Errorf("%s as %s: %w", list.Name, role, err)
		}
	}
	return "", nil
}

func read(ctx context.Context, a *acts.Actor, role, path string) error {
	session, err := a.Site.Session(role)
	if err != nil {
		return err
	}
	answer, err := a.Conn.Do(ctx, session, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := answer.Is(http.StatusOK); err != nil {
		return err
	}
	var page struct {
		Results []any `json:"results"`
	}
	if err := answer.Into(&page); err != nil {
		return err
	}
	if page.Results == nil {
		return acts.ErrWrong
	}
	return nil
}

// theDay lets a hospital's day pass, from a fresh start of HM, whose memory is measured.
func (r *runner) theDay(ctx context.Context) error {
	if _, err := r.house.restart(ctx); err != nil {
		return err
	}
	var sites []*acts.Site
	for _, s := range r.sites {
		sites = append(sites, s.Site)
	}
	o := day.Options{Address: r.house.node.Address, Sites: sites, Users: r.users, Duration: r.day, Think: r.think, Seed: 1}
	if err := day.Prepare(ctx, o); err != nil {
		return err
	}
	r.progress("the day of %d users begins, for %s", r.users, r.day)
	passed := day.Run(ctx, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	u, err := plant.ProcessUsage(r.house.node.PID())
	if err != nil {
		return err
	}
	r.report.Day = &passed
	r.report.Memory.DayUsers, r.report.Memory.DayPeak = r.users, u.Peak
	total := passed.Total()
	for _, what := range slices.Sorted(maps.Keys(passed.Failures)) {
		r.progress("  %d times %s", passed.Failures[what], what)
	}
	r.progress("the day is over: %d acts, %d failed, %.0f MiB", total.Done, total.Failed, float64(u.Peak)/(1<<20))
	return nil
}
