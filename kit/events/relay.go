package events

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"hmsoftware.com/hm/kit/db"
)

// deliverArgs are a job's arguments: ids only.
type deliverArgs struct {
	TenantID   uuid.UUID `json:"tenant_id"`
	EventID    uuid.UUID `json:"event_id"`
	Subscriber string    `json:"subscriber"`
}

// Kind names the job in River.
func (deliverArgs) Kind() string { return "deliver_event" }

// relayEvery is the delay an After subscriber sees at most, beside the queue's own.
const relayEvery = 200 * time.Millisecond

const relayBatch = 500

// relayOnce turns committed events into jobs and moves the cursor in the same transaction, so that no event is
// lost or queued twice. The cursor's row lock elects the node; the others find it taken and do nothing.
func (w *Worker) relayOnce(ctx context.Context) (more bool, err error) {
	tx, err := w.pool.Raw().Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var after Position
	err = tx.QueryRow(ctx, `SELECT xid::text, id FROM events.relay FOR UPDATE SKIP LOCKED`).Scan(&after.XID, &after.ID)
	if db.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	batch, err := readTail(ctx, tx, after, relayBatch)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	var jobs []river.InsertManyParams
	for _, event := range batch {
		if event.RequestID == LoadedRequest {
			continue // history: nothing is to be done about it now
		}
		for _, s := range w.bus.after[event.Name] {
			jobs = append(jobs, river.InsertManyParams{Args: deliverArgs{event.TenantID, event.ID, s.name}})
		}
	}
	if len(jobs) > 0 {
		if _, err := w.river.InsertManyFastTx(ctx, tx, jobs); err != nil {
			return false, err
		}
	}
	last := batch[len(batch)-1].at
	if _, err := tx.Exec(ctx, `UPDATE events.relay SET xid = $1::text::xid8, id = $2`, last.XID, last.ID); err != nil {
		return false, err
	}
	return len(batch) == relayBatch, tx.Commit(ctx)
}

// deliver runs one subscriber on one event. The delivery row is written with its effects, so a repetition finds it
// and does nothing.
func (w *Worker) deliver(ctx context.Context, args deliverArgs) error {
	ctx = db.WithScope(ctx, db.Tenant(args.TenantID))
	r, err := readEvent(ctx, w.pool.Read(ctx), args.EventID)
	if err != nil {
		return err
	}
	scope := db.Scope{TenantID: r.TenantID, FacilityID: r.FacilityID, UserID: r.ActorID, TenantWide: r.FacilityID == uuid.Nil}
	for _, s := range w.bus.after[r.Name] {
		if s.name != args.Subscriber {
			continue
		}
		return w.pool.InTx(db.WithScope(ctx, scope), func(tx db.Tx) error {
			tag, err := tx.Exec(ctx, `INSERT INTO events.delivery (tenant_id, event_id, subscriber, delivered_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
				r.TenantID, r.ID, s.name, tx.Now())
			if err != nil || tag.RowsAffected() == 0 {
				return err
			}
			return s.act(db.WithScope(ctx, scope), tx, r)
		})
	}
	return river.JobCancel(errGone)
}

func readEvent(ctx context.Context, q db.DBTX, eventID uuid.UUID) (Recorded, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM events.event WHERE tenant_id = hm.tenant_id() AND id = $1`, eventID)
	if err != nil {
		return Recorded{}, err
	}
	return pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (Recorded, error) { return scan(row) })
}

// OfEncounter gives an encounter's events in order.
func OfEncounter(ctx context.Context, q db.DBTX, encounterID uuid.UUID) ([]Recorded, error) {
	rows, err := q.Query(ctx, `SELECT `+columns+` FROM events.event WHERE tenant_id = hm.tenant_id() AND encounter_id = $1 ORDER BY occurred_at, id`, encounterID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Recorded, error) { return scan(row) })
}
