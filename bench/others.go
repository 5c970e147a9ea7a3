package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/day"
	"hmsoftware.com/hm/bench/report"
)

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
	for _, act := range []acts.Act{acts.SearchMisspelt, acts.SearchByName, acts.SearchByMRN, acts.LongTimeline, acts.TaskList,
		acts.CollectionList, acts.Worklist, acts.PatientsResults, acts.AlertList, acts.Bell} {
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
		act, found, err := readable(ctx, probe, list)
		if err != nil {
			return err
		}
		if !found {
			r.report.Skip(list.Name, "nobody of a facility may read it without more being asked")
			continue
		}
		a, err := r.plain(ctx, act, r.acting, 1)
		if err != nil {
			return err
		}
		r.report.Lists = append(r.report.Lists, a)
	}
	return nil
}

// readable finds a role at the actor's site that may read the list, and gives the list as it reads it; false for none.
func readable(ctx context.Context, a *acts.Actor, list acts.Act) (acts.Act, bool, error) {
	for _, role := range a.Site.Roles() {
		as := acts.ListAs(role, strings.TrimPrefix(list.Name, "GET "))
		err := as.Do(ctx, a)
		if err == nil {
			return as, true, nil
		}
		if !acts.IsRefused(err) {
			return list, false, fmt.Errorf("%s as %s: %w", list.Name, role, err)
		}
	}
	return list, false, nil
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
