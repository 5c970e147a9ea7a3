package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/events"
)

type jobsCommand struct {
	List  jobsListCommand  `cmd:"" help:"List jobs, newest first, one JSON object a line."`
	Retry jobsRetryCommand `cmd:"" help:"Run a failed job again now."`
}

type jobsListCommand struct {
	config.Database `embed:""`
	Failed          bool `help:"Only jobs that failed."`
	Limit           int  `default:"50" help:"At most so many (${default})."`
}

// Validate keeps the limit within what the queue gives at once.
func (c jobsListCommand) Validate() error {
	if c.Limit < 1 || c.Limit > events.MostJobs {
		return fmt.Errorf("--limit is a number from 1 to %d", events.MostJobs)
	}
	return nil
}

// Run lists jobs.
func (c jobsListCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		jobs, err := events.NewJobs(a.Pool())
		if err != nil {
			return err
		}
		list, err := jobs.List(ctx, c.Failed, c.Limit)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(os.Stdout)
		for _, job := range list {
			if err := encoder.Encode(job); err != nil {
				return err
			}
		}
		return nil
	})
}

type jobsRetryCommand struct {
	config.Database `embed:""`
	ID              int64 `arg:"" help:"The job's id."`
}

// Run retries one job.
func (c jobsRetryCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		jobs, err := events.NewJobs(a.Pool())
		if err != nil {
			return err
		}
		if err := jobs.Retry(ctx, c.ID); err != nil {
			return err
		}
		fmt.Printf("job %d is due now\n", c.ID)
		return nil
	})
}
