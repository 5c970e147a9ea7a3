package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/telemetry"
)

var errGone = errors.New("events: no subscriber of this name any more")

type periodic struct {
	name  string
	every time.Duration
	act   func(ctx context.Context, pool *db.Pool) error
}

type loop struct {
	name  string
	every time.Duration
	act   func(ctx context.Context, pool *db.Pool) (more bool, err error)
}

// Periodic makes act run at an interval, once over all nodes, as a River job with retries.
func (b *Bus) Periodic(name string, every time.Duration, act func(ctx context.Context, pool *db.Pool) error) {
	b.periodic = append(b.periodic, periodic{name, every, act})
}

// Loop makes act run at a short interval on every worker node. act must be safe beside itself: it takes a row lock
// or finds nothing to do. While it says there is more, it runs again at once.
func (b *Bus) Loop(name string, every time.Duration, act func(ctx context.Context, pool *db.Pool) (more bool, err error)) {
	b.loops = append(b.loops, loop{name, every, act})
}

// Worker delivers events and runs periodic work on one node.
type Worker struct {
	bus     *Bus
	pool    *db.Pool
	metrics *telemetry.Metrics
	river   *river.Client[pgx.Tx]
	stop    context.CancelFunc
	running sync.WaitGroup
}

type periodicArgs struct {
	Name string `json:"name"`
}

// Kind names the job in River.
func (periodicArgs) Kind() string { return "periodic" }

type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	worker *Worker
}

func (d *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	return d.worker.counted(job.Args.Subscriber, func() error { return d.worker.deliver(ctx, job.Args) })
}

type periodicWorker struct {
	river.WorkerDefaults[periodicArgs]
	worker *Worker
}

func (p *periodicWorker) Work(ctx context.Context, job *river.Job[periodicArgs]) error {
	for _, each := range p.worker.bus.periodic {
		if each.name == job.Args.Name {
			return p.worker.counted(each.name, func() error { return each.act(ctx, p.worker.pool) })
		}
	}
	return river.JobCancel(errGone)
}

// NewWorker makes the node's worker. It polls instead of listening: NOTIFY would defeat group commit, and LISTEN
// does not pass a transaction pooler.
func NewWorker(bus *Bus, pool *db.Pool, metrics *telemetry.Metrics) (*Worker, error) {
	w := &Worker{bus: bus, pool: pool, metrics: metrics}
	workers := river.NewWorkers()
	river.AddWorker(workers, &deliverWorker{worker: w})
	river.AddWorker(workers, &periodicWorker{worker: w})
	var jobs []*river.PeriodicJob
	for _, p := range bus.periodic {
		jobs = append(jobs, river.NewPeriodicJob(river.PeriodicInterval(p.every), func() (river.JobArgs, *river.InsertOpts) {
			return periodicArgs{p.name}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: p.every}}
		}, &river.PeriodicJobOpts{ID: p.name, RunOnStart: true}))
	}
	var err error
	w.river, err = river.NewClient(riverpgxv5.New(pool.Raw()), &river.Config{
		Schema: db.RiverSchema, Workers: workers, PeriodicJobs: jobs, PollOnly: true,
		FetchPollInterval: 250 * time.Millisecond, FetchCooldown: 50 * time.Millisecond,
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		JobTimeout: time.Minute, Logger: slog.New(quiet{slog.Default().Handler()}),
	})
	return w, err
}

// Start begins relaying, delivering and looping until Stop.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.river.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting the job queue: %w", err)
	}
	loopCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop = stop
	relay := loop{"relay", relayEvery, func(ctx context.Context, _ *db.Pool) (bool, error) { return w.relayOnce(ctx) }}
	for _, l := range append([]loop{relay}, w.bus.loops...) {
		w.running.Go(func() { w.run(loopCtx, l) })
	}
	return nil
}

// Stop waits for the work under way, as long as ctx allows.
func (w *Worker) Stop(ctx context.Context) error {
	w.stop()
	w.running.Wait()
	return w.river.Stop(ctx)
}

func (w *Worker) run(ctx context.Context, l loop) {
	failures := 0
	for {
		more := false
		err := w.counted(l.name, func() (err error) {
			more, err = l.act(ctx, w.pool)
			return err
		})
		wait := l.every
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			// A database that is away makes every loop fail: slower, and one line, not a flood.
			if failures++; failures == 1 {
				slog.WarnContext(ctx, "background work failed; trying again", "job", l.name, "error", db.Describe(err))
			}
			wait = min(time.Duration(failures)*time.Second, 10*time.Second)
		case more:
			failures = 0
			continue
		default:
			failures = 0
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (w *Worker) counted(name string, work func() error) error {
	err := work()
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	w.metrics.JobsRun.WithLabelValues(name, outcome).Inc()
	return err
}

// quiet lets River's warnings through and keeps its chatter out of the log.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
