package notifications

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

var (
	errDeliveryNotFound = errs.NotFound("notifications.delivery_not_found", "There is no such delivery.")
	errNotDead          = errs.Conflict("notifications.delivery_not_dead", "Only a message that was given up can be sent again.")
)

// Delivery is what became of a notification on one way out of the app. It names who was to be told, and nobody else.
type Delivery struct {
	ID             uuid.UUID  `json:"id" format:"uuid"`
	NotificationID uuid.UUID  `json:"notification_id" format:"uuid"`
	Recipient      Recipient  `json:"recipient"`
	Kind           string     `json:"kind" example:"critical_result"`
	KindTitle      string     `json:"kind_title" doc:"The kind in words, in the caller's language"`
	Severity       string     `json:"severity" enum:"INFO,WARNING,CRITICAL"`
	Channel        Channel    `json:"channel" enum:"email,sms,push"`
	Status         string     `json:"status" enum:"PENDING,SENDING,SENT,FAILED,DEAD,SUPPRESSED" doc:"FAILED is tried again at next_try_at, DEAD only by hand; SUPPRESSED was never to be sent"`
	Reason         *string    `json:"reason" enum:"preference,channel_off,no_address,not_let_in,over,server_away,try_later,refused,expired,outcome_unknown"`
	IsInDoubt      bool       `json:"is_in_doubt" doc:"It was handed over and no answer came: it may have arrived, so it is not sent again by itself"`
	Tries          int32      `json:"tries"`
	NextTryAt      *time.Time `json:"next_try_at"`
	LastError      *string    `json:"last_error" doc:"What went wrong last, without the person's address"`
	SentAt         *time.Time `json:"sent_at"`
	CreatedAt      time.Time  `json:"created_at"`
	Actions        []string   `json:"actions" nullable:"false" doc:"What the caller may do to it now: retry"`
}

// Recipient is a user of the tenant.
type Recipient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
}

// DeliveriesInput filters deliveries.
type DeliveriesInput struct {
	httpx.PageParams
	Status  []string `query:"status,explode" maxItems:"10" doc:"PENDING SENDING SENT FAILED DEAD SUPPRESSED; several by repetition or commas"`
	Channel string   `query:"channel" enum:"email,sms,push"`
}

var statuses = []string{statusPending, statusSending, statusSent, statusFailed, statusDead, statusSuppressed}

// deliveryRow is a delivery with what its notification says of it.
type deliveryRow struct {
	ID, NotificationID, UserID      uuid.UUID
	Kind, Severity, Channel, Status string
	Reason                          *string
	IsInDoubt                       bool
	Tries                           int32
	NextTryAt                       *time.Time
	LastError                       *string
	SentAt                          *time.Time
	CreatedAt                       time.Time
}

const deliveryColumns = `d.id, d.notification_id, n.user_id, n.kind, n.severity, d.channel, d.status, d.reason, d.is_in_doubt, d.tries, d.next_try_at,
	d.last_error, d.sent_at, d.created_at`

const fromDeliveries = ` FROM notifications.delivery d JOIN notifications.notification n ON n.tenant_id = d.tenant_id AND n.id = d.notification_id`

// Deliveries lists what left the facility's app, or did not, newest first.
func (m *Module) Deliveries(ctx context.Context, q db.DBTX, in DeliveriesInput) (httpx.Page[Delivery], error) {
	scope, _ := db.ScopeOf(ctx)
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Delivery]{}, err
	}
	asked, err := httpx.Among("status", in.Status, statuses)
	if err != nil {
		return httpx.Page[Delivery]{}, err
	}
	w := &db.Where{}
	w.And("d.tenant_id = ? AND d.facility_id = ? AND d.channel <> 'in_app'", scope.TenantID, scope.FacilityID)
	if condition := db.AnyOf("d.status", asked, statuses, statusDead); condition != "" {
		w.And(condition)
	}
	if in.Channel != "" {
		w.And("d.channel = ?", in.Channel)
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM notifications.delivery d`+w.SQL(), w.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Delivery]{}, err
		}
	}
	if more {
		w.And("(d.created_at, d.id) < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := w.Arg(in.Limit + 1)
	rows, err := readDeliveries(ctx, q, w.SQL()+` ORDER BY d.created_at DESC, d.id DESC LIMIT `+limit, w.Args()...)
	if err != nil {
		return httpx.Page[Delivery]{}, err
	}
	shown, err := m.presentDeliveries(ctx, q, scope, rows)
	if err != nil {
		return httpx.Page[Delivery]{}, err
	}
	page := httpx.NewPage(shown, in.Limit, func(d Delivery) any { return listKey{d.CreatedAt, d.ID} })
	page.Count = count
	return page, nil
}

func readDeliveries(ctx context.Context, q db.DBTX, where string, args ...any) ([]deliveryRow, error) {
	rows, err := q.Query(ctx, `SELECT `+deliveryColumns+fromDeliveries+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[deliveryRow])
}

func (m *Module) presentDeliveries(ctx context.Context, q db.DBTX, scope db.Scope, rows []deliveryRow) ([]Delivery, error) {
	var users []uuid.UUID
	for _, row := range rows {
		users = append(users, row.UserID)
	}
	names, err := m.deps.Users.Names(ctx, q, scope.TenantID, users)
	if err != nil {
		return nil, err
	}
	words, mayRetry := wordsIn(baseLanguage(httpx.Language(ctx))), auth.Can(ctx, CanRetry)
	shown := make([]Delivery, 0, len(rows))
	for _, row := range rows {
		d := Delivery{
			ID: row.ID, NotificationID: row.NotificationID, Recipient: Recipient{row.UserID, names[row.UserID]}, Kind: row.Kind,
			KindTitle: capitalised(words.Kinds[row.Kind]), Severity: row.Severity, Channel: Channel(row.Channel), Status: row.Status, Reason: row.Reason,
			IsInDoubt: row.IsInDoubt, Tries: row.Tries, NextTryAt: row.NextTryAt, LastError: row.LastError, SentAt: row.SentAt, CreatedAt: row.CreatedAt,
			Actions: []string{},
		}
		if row.Status == statusDead && mayRetry {
			d.Actions = append(d.Actions, "retry")
		}
		shown = append(shown, d)
	}
	return shown, nil
}

// Retry has a message sent again that was given up. One in doubt keeps the id that it had, by which mail servers know it
// for the same.
func (m *Module) Retry(ctx context.Context, tx db.Tx, in ByID) (Delivery, error) {
	scope, now := tx.Scope(), tx.Now()
	queries := notificationsdb.New(tx)
	row, err := queries.LockDelivery(ctx, notificationsdb.LockDeliveryParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Delivery{}, errDeliveryNotFound
	}
	if err != nil {
		return Delivery{}, err
	}
	if row.Status != statusDead {
		return Delivery{}, errNotDead
	}
	_, err = queries.RetryDelivery(ctx, notificationsdb.RetryDeliveryParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID, Now: &now, ExpiresAt: now.Add(worth[Channel(row.Channel)])})
	if err != nil {
		return Delivery{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, notificationsapi.DeliveryRetried{DeliveryID: in.ID, Channel: row.Channel, WasInDoubt: row.IsInDoubt}); err != nil {
		return Delivery{}, err
	}
	rows, err := readDeliveries(ctx, tx, ` WHERE d.tenant_id = $1 AND d.id = $2`, scope.TenantID, in.ID)
	if err != nil {
		return Delivery{}, err
	}
	shown, err := m.presentDeliveries(ctx, tx, scope, rows)
	if err != nil || len(shown) != 1 {
		return Delivery{}, err
	}
	return shown[0], nil
}
