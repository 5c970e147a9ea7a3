package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/app/demo"
	"hmsoftware.com/hm/app/load"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/db"
)

type seedCommand struct {
	Demo seedDemoCommand `cmd:"" help:"Two demo hospitals with a week of work; a second run changes nothing."`
	Load seedLoadCommand `cmd:"" help:"Many tenants with a large history, for benchmarks; the same for the same flags."`
}

type seedDemoCommand struct {
	config.Database `embed:""`
}

// Run seeds the demo.
func (c seedDemoCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		if err := a.SeedDemo(ctx); err != nil {
			return err
		}
		fmt.Print(demo.SignIns)
		return nil
	})
}

// loadPassword of every user of a load, unless another is given.
const loadPassword = "hm-load-2026" // #nosec G101 -- known to all

type seedLoadCommand struct {
	config.Database `embed:""`
	Tenants         int       `default:"50" help:"How many tenants; few are large, most are small."`
	Patients        int       `default:"200000" help:"Patients of all tenants together."`
	Events          int       `default:"1000000" help:"Events of all patients together: registrations, visits, tasks, documents. Those of founding the tenants come on top."`
	Seed            uint64    `default:"1" help:"What chance begins with."`
	Now             time.Time `placeholder:"TIME" help:"Where the history ends, as 2026-11-22T08:00:00Z; now when absent."`
	PasswordStdin   bool      `help:"Read the users' password from standard input; hm-load-2026 otherwise."`
	Manifest        string    `type:"path" placeholder:"PATH" help:"Write what was made to this file, as JSON: tenants, facilities, users, long encounters."`
}

func (c seedLoadCommand) options() load.Options {
	began := time.Now()
	now := c.Now
	if now.IsZero() {
		now = clock.System.Now()
	}
	return load.Options{
		Tenants: c.Tenants, Patients: c.Patients, Events: c.Events, Seed: c.Seed, Now: now.UTC().Truncate(time.Microsecond), Password: loadPassword,
		Progress: func(line string) { fmt.Fprintln(os.Stderr, line) }, Elapsed: func() time.Duration { return time.Since(began) },
	}
}

// Validate refuses sizes that cannot be.
func (c seedLoadCommand) Validate() error { return c.options().Check() }

// Run loads, then leaves the database as a busy one is after a quiet night: everything sealed, statistics fresh.
func (c seedLoadCommand) Run(ctx context.Context) error {
	o := c.options()
	if c.PasswordStdin {
		var err error
		if o.Password, err = passwordFromStandardInput(os.Stdin); err != nil {
			return err
		}
	}
	return withInstallation(ctx, c.Database, func(installation *app.Installation, a *app.App) error {
		manifest, err := openManifest(c.Manifest) // before minutes of work
		if err != nil {
			return err
		}
		defer manifest.Close()
		made, err := a.LoadHistory(ctx, o)
		if err != nil {
			return explain(err)
		}
		if err := encode(manifest, made); err != nil {
			return fmt.Errorf("the manifest cannot be written: %w", err)
		}
		vacuum := func() error {
			if installation.OwnerURL == "" {
				fmt.Fprintln(os.Stderr, "this login may not vacuum; have the owner run VACUUM (ANALYZE), or wait for PostgreSQL to do it")
				return nil
			}
			fmt.Fprintln(os.Stderr, "vacuuming and analysing ...")
			return db.Vacuum(ctx, installation.OwnerURL)
		}
		// Before the sealing as well: it reads all events by an index, which an unread table's statistics speak against.
		if err := vacuum(); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "sealing the audit trails ...")
		told := time.Now()
		err = a.SealAudit(ctx, func() {
			if time.Since(told) > 10*time.Second {
				told = time.Now()
				fmt.Fprintf(os.Stderr, "still sealing, after %s\n", o.Elapsed().Round(time.Second))
			}
		})
		if err != nil {
			return err
		}
		if err := vacuum(); err != nil {
			return err
		}
		fmt.Print(load.SignIns(made))
		fmt.Printf("loaded in %s\n", o.Elapsed().Round(time.Second))
		return nil
	})
}

// openManifest gives the file to write the manifest to; nowhere without a path.
func openManifest(path string) (io.WriteCloser, error) {
	if path == "" {
		path = os.DevNull
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the manifest cannot be written: %w", err)
	}
	return file, nil
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
