package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/acts"
	"hmsoftware.com/hm/bench/limit"
	"hmsoftware.com/hm/kit/embedpg"
)

// manifestName is where, in the data folder, the load says what it made.
const manifestName = "load.json"

// manifest is what `hm seed load --manifest` writes, as far as the bench needs it.
type manifest struct {
	Patients int    `json:"patients"`
	Events   int    `json:"events"`
	Password string `json:"password"`
	Tenants  []struct {
		ID         uuid.UUID        `json:"id"`
		Code       string           `json:"code"`
		Facilities []loadedFacility `json:"facilities"`
		Users      []struct {
			Username   string     `json:"username"`
			Role       string     `json:"role"`
			FacilityID *uuid.UUID `json:"facility_id"`
		} `json:"users"`
	} `json:"tenants"`
}

type loadedFacility struct {
	ID              uuid.UUID  `json:"id"`
	Code            string     `json:"code"`
	Patients        int        `json:"patients"`
	Search          bool       `json:"search"`
	LongEncounterID *uuid.UUID `json:"long_encounter_id"`
}

// house is a running HM with a load in it, seen from outside, and its database, seen as its owner.
type house struct {
	node    *plant.Node
	fresh   bool // the data folder is the bench's own
	server  *embedpg.Server
	owner   *pgx.Conn
	loaded  manifest
	took    time.Duration // that loading took
	cold    time.Duration // from start to ready with PostgreSQL down
	version string        // of PostgreSQL
}

// open loads a fresh data folder, or takes the given one, and starts HM on it.
func open(ctx context.Context, o options) (opened *house, err error) {
	h := &house{fresh: o.dataDir == ""}
	if h.fresh {
		h.node, err = plant.New()
	} else {
		h.node = &plant.Node{DataDir: o.dataDir}
		if h.node.Binary, err = plant.Built(); err == nil {
			h.node.Address, err = plant.FreeAddress()
		}
	}
	if err != nil {
		return nil, err
	}
	h.node.Flags = []string{"--log-level", "warn"}
	defer func() {
		if err != nil {
			h.close(o.keep)
		}
	}()
	if h.fresh {
		o.progress("loading %d tenants, %d patients, %d events into %s", o.tenants, o.patients, o.events, h.node.DataDir)
		if err := h.load(ctx, o); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(filepath.Join(h.node.DataDir, manifestName))
	if err != nil {
		return nil, fmt.Errorf("the data folder has no %s, which hm seed load --manifest writes: %w", manifestName, err)
	}
	if err := json.Unmarshal(text, &h.loaded); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	if h.cold, err = h.node.Start(ctx); err != nil {
		return nil, err
	}
	o.progress("HM is ready at %s", h.node.Address)
	// From now on the database outlives HM, which is started anew several times.
	h.server, err = embedpg.AttachOrStart(ctx, embedpg.Options{DataDir: h.node.DataDir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if h.owner, err = pgx.Connect(ctx, h.server.URL()); err != nil {
		return nil, err
	}
	if err := h.owner.QueryRow(ctx, `SHOW server_version`).Scan(&h.version); err != nil {
		return nil, err
	}
	if err := h.checkDurable(ctx); err != nil {
		return nil, err
	}
	if err := protect(ctx, h.owner); err != nil { // a run may have been killed without row-level security
		return nil, err
	}
	// What a load leaves to be written would be written while something is measured.
	_, err = h.owner.Exec(ctx, `CHECKPOINT`)
	return h, err
}

// checkDurable refuses to measure a database that does not keep what it promises.
func (h *house) checkDurable(ctx context.Context) error {
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := h.owner.QueryRow(ctx, `SELECT current_setting($1)`, setting).Scan(&value); err != nil {
			return err
		}
		if value != "on" {
			return fmt.Errorf("%s is %s: such a database proves nothing", setting, value)
		}
	}
	return nil
}

// load runs hm seed load and passes its lines on.
func (h *house) load(ctx context.Context, o options) error {
	began := time.Now()
	command := exec.CommandContext(ctx, h.node.Binary, "seed", "load", "--data-dir", h.node.DataDir, "--tenants", fmt.Sprint(o.tenants),
		"--patients", fmt.Sprint(o.patients), "--events", fmt.Sprint(o.events), "--manifest", filepath.Join(h.node.DataDir, manifestName))
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 20 * time.Second
	said, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	line := ""
	for lines := bufio.NewScanner(said); lines.Scan(); {
		line = lines.Text()
		o.progress("  %s", line)
	}
	if err := command.Wait(); err != nil {
		return fmt.Errorf("hm seed load: %w: %s", err, line)
	}
	h.took = time.Since(began)
	return nil
}

// restart stops HM and starts it again with the database up, and gives the time until it was ready.
func (h *house) restart(ctx context.Context) (time.Duration, error) {
	if err := h.stop(); err != nil {
		return 0, err
	}
	return h.node.Start(ctx)
}

func (h *house) stop() error {
	if err := h.node.Stop(); err != nil {
		return fmt.Errorf("hm did not end well: %w: %s", err, h.node.Log())
	}
	return nil
}

// close ends HM and its database, and takes the data folder away if it is the bench's own.
func (h *house) close(keep bool) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if h.owner != nil {
		_ = h.owner.Close(ctx)
	}
	if h.node.Ended() != nil {
		_ = h.node.Stop()
	}
	if h.server != nil {
		_ = h.server.Stop(ctx)
	}
	if h.fresh && !keep {
		h.node.Remove()
	}
}

// site is a facility where the bench acts.
type site struct {
	*acts.Site
	loaded   loadedFacility
	tenantID uuid.UUID
}

// patientsAsked is how many of a facility's patients are asked for.
const patientsAsked = 2000

// sites signs in at the largest facility of each of some tenants, spread over large and small, and at the facility
// that the search is measured in; search.Site is nil when the load has none.
func (h *house) sites(ctx context.Context, count int) (sites []site, search site, err error) {
	tenants := len(h.loaded.Tenants)
	if tenants == 0 {
		return nil, site{}, errors.New("the load has no tenants")
	}
	count = min(count, tenants)
	chosen := map[int]bool{}
	for i := range count {
		chosen[i*tenants/count] = true
	}
	for i, tenant := range h.loaded.Tenants {
		for j, facility := range tenant.Facilities {
			people := acts.People{Usernames: map[string]string{}, Password: h.loaded.Password}
			for _, user := range tenant.Users {
				if user.FacilityID == nil || *user.FacilityID == facility.ID {
					people.Usernames[user.Role] = user.Username
				}
			}
			visit := func(asked int) (site, error) {
				visited, err := acts.Visit(ctx, h.node.Address, tenant.Code+" "+facility.Code, tenant.ID.String(), facility.ID.String(), people, asked)
				if err != nil {
					return site{}, fmt.Errorf("tenant %s, facility %s: %w", tenant.Code, facility.Code, err)
				}
				if facility.LongEncounterID != nil {
					visited.LongEncounterID = facility.LongEncounterID.String()
				}
				return site{visited, facility, tenant.ID}, nil
			}
			if chosen[i] && j == 0 {
				s, err := visit(patientsAsked)
				if err != nil {
					return nil, site{}, err
				}
				sites = append(sites, s)
			}
			if facility.Search {
				if search, err = visit(facility.Patients); err != nil {
					return nil, site{}, err
				}
			}
		}
	}
	return sites, search, nil
}

func placesOf(sites []site) []limit.Place {
	var places []limit.Place
	for _, s := range sites {
		places = append(places, limit.Place{TenantID: s.tenantID, FacilityID: s.loaded.ID, Patients: len(s.Patients)})
	}
	return places
}

// actor gives somebody at work at one of the sites, each with a connection and a chance of their own.
func (h *house) actor(sites []site, number int) *acts.Actor {
	return &acts.Actor{Conn: acts.Dial(h.node.Address), Site: sites[number%len(sites)].Site, Random: rand.New(rand.NewPCG(uint64(number), 0x68_6d))} // #nosec G404 -- load, no secret
}

// commit is what git calls these sources.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
