// Command bench measures HM from outside: the real binary on a loaded database, over HTTP, against what PostgreSQL
// alone can do in the same minutes on the same machine. `make bench` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/bench/report"
)

// options of a run.
type options struct {
	dataDir string
	keep    bool
	quick   bool
	acts    map[string]bool // empty for all

	tenants, patients, events int

	slice   time.Duration // of measuring one side
	pairs   int           // of slices
	clients int
	ladder  []int
	users   int
	day     time.Duration
	think   time.Duration
	// registrations of each site before anything is measured, vitals likewise.
	registrations, vitals, open int

	folder   string // where reports are kept; "" for nowhere
	progress func(format string, values ...any)
	// noLimit says that pgbench may be missing: what is measured against it is left out then.
	noLimit bool
}

func full() options {
	return options{
		tenants: 50, patients: 200_000, events: 1_000_000, slice: 3 * time.Second, pairs: 5, clients: 8, ladder: []int{8, 16, 32, 64},
		users: 70, day: 2 * time.Minute, think: 5 * time.Second, registrations: 30, vitals: 300, open: 20,
	}
}

func quick() options {
	o := full()
	o.quick, o.tenants, o.patients, o.events = true, 10, 20_000, 100_000
	o.slice, o.pairs, o.ladder, o.day = time.Second, 3, []int{8, 64}, 20*time.Second
	return o
}

func (o options) form() string {
	if o.quick {
		return "quick"
	}
	return "full"
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:])
	interrupted := ctx.Err() != nil
	stop()
	plant.RemoveBuilt()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil && interrupted:
		fmt.Fprintln(os.Stderr, "bench: interrupted; nothing is left behind")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, markdown, err := parse(args)
	if err != nil {
		return err
	}
	r, err := measure(ctx, o)
	if err != nil {
		return err
	}
	last, err := report.Last(o.folder, r.Form, r.Load)
	if err != nil {
		return err
	}
	path, err := r.Keep(o.folder)
	if err != nil {
		return err
	}
	r.Print(os.Stdout, false, last)
	fmt.Fprintln(os.Stdout, "\nkept as", path)
	if markdown != "" {
		file, err := os.Create(markdown)
		if err != nil {
			return err
		}
		r.Print(file, true, nil)
		if err := file.Close(); err != nil {
			return err
		}
	}
	if wrong := r.Wrong(); wrong > 0 || len(r.Failures) > 0 {
		return fmt.Errorf("%d answers were wrong, %d checks failed", wrong, len(r.Failures))
	}
	return nil
}

func parse(args []string) (o options, markdown string, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	short := flags.Bool("quick", false, "a tenth of the load and short slices: minutes, coarse figures")
	dataDir := flags.String("data-dir", "", "measure on this data folder with its load.json instead of a fresh one; it is written to")
	keep := flags.Bool("keep", false, "keep the fresh data folder, for --data-dir")
	names := flags.String("acts", "", "measure only acts with one of these in their names, separated by commas, and nothing else")
	seconds := flags.Int("seconds", 0, "length of each slice (3, quick 1)")
	pairs := flags.Int("pairs", 0, "how many slices of HM and of the limit (5, quick 3)")
	tenants := flags.Int("tenants", 0, "tenants to load (50, quick 10)")
	patients := flags.Int("patients", 0, "patients to load (200000, quick 20000)")
	events := flags.Int("events", 0, "events to load (1000000, quick 100000)")
	users := flags.Int("users", 0, "users of the day (70)")
	dayTime := flags.Duration("day", 0, "length of the day (2m, quick 20s)")
	think := flags.Duration("think", 0, "mean pause of the day's users between acts (5s)")
	flags.StringVar(&markdown, "markdown", "", "also write the tables as markdown to this file")
	results := flags.String("results", filepath.Join(".cache", "bench"), "folder where reports are kept and compared")
	flags.SetOutput(io.Discard) // a fault is told in one line
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(os.Stdout)
			flags.PrintDefaults()
			return options{}, "", err
		}
		return options{}, "", fmt.Errorf("%w; see --help", err)
	}
	if flags.NArg() > 0 {
		return options{}, "", fmt.Errorf("unexpected %q; see --help", flags.Arg(0))
	}
	o = full()
	if *short {
		o = quick()
	}
	o.dataDir, o.keep, o.folder, o.acts = *dataDir, *keep, *results, map[string]bool{}
	for name := range strings.SplitSeq(*names, ",") {
		if name = strings.TrimSpace(name); name != "" {
			o.acts[name] = true
		}
	}
	for _, n := range []struct{ given, to *int }{{pairs, &o.pairs}, {tenants, &o.tenants}, {patients, &o.patients}, {events, &o.events}, {users, &o.users}} {
		if *n.given < 0 {
			return options{}, "", errors.New("numbers must be positive")
		}
		if *n.given > 0 {
			*n.to = *n.given
		}
	}
	if *seconds < 0 || *dayTime < 0 || *think < 0 {
		return options{}, "", errors.New("times must be positive")
	}
	if *seconds > 0 {
		o.slice = time.Duration(*seconds) * time.Second
	}
	if *dayTime > 0 {
		o.day = *dayTime
	}
	if *think > 0 {
		o.think = *think
	}
	began := time.Now()
	o.progress = func(format string, values ...any) {
		fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, values...))
	}
	return o, markdown, nil
}
