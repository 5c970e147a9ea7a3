package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pipeline is a batch whose first statements prepare the ground (BEGIN, scope) and whose last one the caller reads.
type pipeline struct {
	results pgx.BatchResults
	release func()
	err     error
}

// sendPipeline sends the batch and reads past its first skip results. release runs once, when the caller is done.
func sendPipeline(ctx context.Context, conn *pgx.Conn, batch *pgx.Batch, skip int, release func()) *pipeline {
	p := &pipeline{results: conn.SendBatch(ctx, batch), release: release}
	for range skip {
		if _, err := p.results.Exec(); err != nil {
			p.err = err
			break
		}
	}
	return p
}

func (p *pipeline) close() error {
	if p.results == nil {
		return nil
	}
	err := p.results.Close()
	p.results = nil
	if p.release != nil {
		p.release()
	}
	return err
}

func (p *pipeline) exec() (pgconn.CommandTag, error) {
	if p.err != nil {
		_ = p.close()
		return pgconn.CommandTag{}, p.err
	}
	tag, err := p.results.Exec()
	if closeErr := p.close(); err == nil {
		err = closeErr
	}
	return tag, err
}

func (p *pipeline) query() (pgx.Rows, error) {
	if p.err != nil {
		_ = p.close()
		return nil, p.err
	}
	rows, err := p.results.Query()
	if err != nil {
		_ = p.close()
		return nil, err
	}
	return &pipelineRows{Rows: rows, pipeline: p}, nil
}

// pipelineRows gives the connection back when the rows are closed, as sqlc's code always does.
type pipelineRows struct {
	pgx.Rows
	pipeline *pipeline
	closeErr error
}

func (r *pipelineRows) Close() {
	r.Rows.Close()
	if err := r.pipeline.close(); err != nil && r.closeErr == nil {
		r.closeErr = err
	}
}

func (r *pipelineRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.closeErr
}

type pipelineRow struct{ pipeline *pipeline }

func (r pipelineRow) Scan(dest ...any) error {
	if r.pipeline.err != nil {
		_ = r.pipeline.close()
		return r.pipeline.err
	}
	err := r.pipeline.results.QueryRow().Scan(dest...)
	if closeErr := r.pipeline.close(); err == nil {
		err = closeErr
	}
	return err
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }
