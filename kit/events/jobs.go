package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"hmsoftware.com/hm/kit/db"
)

// Job is a queued piece of work as an operator sees it.
type Job struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"`
	Arguments string    `json:"arguments"`
	Attempt   int       `json:"attempt"`
	LastError string    `json:"last_error,omitempty"`
	NextAt    time.Time `json:"next_at"`
}

// Jobs is the operator's view of the queue.
type Jobs struct{ client *river.Client[pgx.Tx] }

// NewJobs opens the queue without working on it.
func NewJobs(pool *db.Pool) (*Jobs, error) {
	client, err := river.NewClient(riverpgxv5.New(pool.Raw()), &river.Config{Schema: db.RiverSchema, Logger: slog.New(slog.DiscardHandler)})
	return &Jobs{client}, err
}

// MostJobs is how many jobs List gives at most.
const MostJobs = 10_000

// List gives the newest jobs, failed ones only or all: 1 to MostJobs of them.
func (j *Jobs) List(ctx context.Context, failedOnly bool, limit int) ([]Job, error) {
	params := river.NewJobListParams().First(limit).OrderBy(river.JobListOrderByID, river.SortOrderDesc)
	if failedOnly {
		params = params.States(rivertype.JobStateRetryable, rivertype.JobStateDiscarded, rivertype.JobStateCancelled)
	}
	result, err := j.client.JobList(ctx, params)
	if err != nil {
		return nil, err
	}
	jobs := []Job{}
	for _, row := range result.Jobs {
		job := Job{ID: row.ID, Kind: row.Kind, State: string(row.State), Arguments: string(row.EncodedArgs), Attempt: row.Attempt, NextAt: row.ScheduledAt}
		if len(row.Errors) > 0 {
			job.LastError = row.Errors[len(row.Errors)-1].Error
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

// Retry makes a failed job run again now.
func (j *Jobs) Retry(ctx context.Context, jobID int64) error {
	row, err := j.client.JobRetry(ctx, jobID)
	switch {
	case errors.Is(err, river.ErrNotFound):
		return fmt.Errorf("there is no job %d", jobID)
	case err == nil && row.State == rivertype.JobStateRunning:
		return fmt.Errorf("job %d is running", jobID)
	}
	return err
}
