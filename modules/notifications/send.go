package notifications

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
)

// The statuses of a delivery. FAILED is tried again by itself, DEAD by hand only.
const (
	statusPending    = "PENDING"
	statusSending    = "SENDING"
	statusSent       = "SENT"
	statusFailed     = "FAILED"
	statusDead       = "DEAD"
	statusSuppressed = "SUPPRESSED"
)

const (
	// atOnce is how many messages of a channel one node sends side by side.
	atOnce = 8
	// claimTime is how long an attempt may take; longer than any sender's own patience. After it another may begin, and
	// this one can no more hand over.
	claimTime = 3 * time.Minute
	// writeTime is how long writing an outcome may take once the server is told to stop.
	writeTime = 10 * time.Second
)

// messageBackoff is how long a message waits that its server did not take now.
var messageBackoff = outbound.Backoff{First: 20 * time.Second, Most: 30 * time.Minute}

// errClaimOver ends an attempt whose message is no longer its own.
var errClaimOver = errors.New("notifications: the claim is over")

// claimedRow is all that work outside a tenant learns of a delivery.
type claimedRow struct{ TenantID, ID, FacilityID uuid.UUID }

// SendDue sends what is due on a channel, of all tenants in turn, and tells whether there is more. Nodes may run it side
// by side: each message is claimed by one.
func (m *Module) SendDue(ctx context.Context, pool *db.Pool, channel Channel) (more bool, err error) {
	circuit := m.circuits[channel]
	room := atOnce
	if circuit != nil {
		room = circuit.Room(atOnce)
	}
	if room == 0 || m.senders[channel] == nil {
		return false, nil
	}
	now, claim := m.deps.Clock.Now(), id.New()
	var claimed []claimedRow
	system := db.WithScope(ctx, db.System())
	err = pool.InTx(system, func(tx db.Tx) (err error) {
		rows, err := tx.Query(system, `SELECT tenant_id, id, facility_id FROM notifications.claim($1, $2, $3, $4, $5)`, channel, now, now.Add(claimTime), claim, room)
		if err != nil {
			return err
		}
		claimed, err = pgx.CollectRows(rows, pgx.RowToStructByPos[claimedRow])
		return err
	})
	if err != nil {
		return false, err
	}
	var sending sync.WaitGroup
	for _, row := range claimed {
		sending.Go(func() {
			a := attempt{module: m, pool: pool, channel: channel, deliveryID: row.ID, claim: claim}
			scope := db.Scope{TenantID: row.TenantID, FacilityID: row.FacilityID}
			if err := a.run(db.WithScope(ctx, scope), scope); err != nil && ctx.Err() == nil {
				// It is claimed until its time is over, and tried again then.
				slog.WarnContext(ctx, "a message could not be prepared or its outcome not written", "channel", channel, "delivery", row.ID, "error", db.Describe(err))
			}
		})
	}
	sending.Wait()
	return len(claimed) == room && ctx.Err() == nil, nil
}

// attempt is one try to bring one message out.
type attempt struct {
	module     *Module
	pool       *db.Pool
	channel    Channel
	deliveryID uuid.UUID
	claim      uuid.UUID
}

// outcome is what becomes of a delivery.
type outcome struct {
	status, reason, lastError string
	next                      time.Time
	isInDoubt, isUntried      bool
}

func (a attempt) run(ctx context.Context, scope db.Scope) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("notifications: sending broke: %v", fault)
		}
	}()
	delivery, message, instead, err := a.prepare(ctx, scope)
	if err != nil || instead.status != "" {
		if err == nil {
			err = a.end(ctx, scope, instead)
		}
		return err
	}
	sendErr := a.module.senders[a.channel].send(ctx, message, func(ctx context.Context) error { return a.commit(ctx, scope) })
	if errors.Is(sendErr, errClaimOver) {
		return nil
	}
	circuit := a.module.circuits[a.channel]
	result := a.weigh(delivery, sendErr)
	if circuit != nil {
		switch {
		case result.reason == reasonServer:
			circuit.Fail(result.lastError)
		case result.reason != reasonInDoubt && circuit.Succeed():
			defer a.release(ctx)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	if err := a.forget(ctx, scope, message.gone); err != nil {
		return err
	}
	return a.end(ctx, scope, result)
}

// weigh says what becomes of a message after an attempt.
func (a attempt) weigh(d notificationsdb.NotificationsDelivery, err error) outcome {
	if err == nil {
		return outcome{status: statusSent}
	}
	failure, now := outbound.FailureOf(err), a.module.deps.Clock.Now()
	o := outcome{status: statusDead, lastError: failure.What}
	switch failure.Kind {
	case outbound.InDoubt:
		o.reason, o.isInDoubt = reasonInDoubt, true
		return o
	case outbound.Refused:
		o.reason = reasonRefused
		return o
	case outbound.Gone:
		o.reason = reasonNoAddress
		return o
	case outbound.Later:
		o.reason, o.next = reasonLater, now.Add(max(failure.After, messageBackoff.After(int(d.Tries), rand.Float64()))) // #nosec G404 -- spreads load, hides nothing
	default:
		o.reason, o.next = reasonServer, now.Add(serverBackoff.After(int(d.Tries), rand.Float64())) // #nosec G404 -- spreads load, hides nothing
	}
	if o.next.After(d.ExpiresAt) {
		o.reason = reasonExpired
		return o
	}
	o.status = statusFailed
	return o
}

// prepare reads all that a message needs, or says what becomes of it instead. Addresses are read now and kept nowhere.
func (a attempt) prepare(ctx context.Context, scope db.Scope) (d notificationsdb.NotificationsDelivery, ready *message, instead outcome, err error) {
	m, q := a.module, a.pool.Read(ctx)
	queries := notificationsdb.New(q)
	claim := a.claim
	d, err = queries.ClaimedDelivery(ctx, notificationsdb.ClaimedDeliveryParams{TenantID: scope.TenantID, ID: a.deliveryID, ClaimID: &claim})
	if err != nil {
		return d, nil, instead, err
	}
	n, err := queries.NotificationOfDelivery(ctx, notificationsdb.NotificationOfDeliveryParams{TenantID: scope.TenantID, DeliveryID: d.ID})
	if err != nil {
		return d, nil, instead, err
	}
	all, err := preferencesFor(ctx, q, scope.TenantID, []uuid.UUID{n.UserID})
	if err != nil {
		return d, nil, instead, err
	}
	contacts, err := m.deps.Users.Contacts(ctx, q, scope.TenantID, []uuid.UUID{n.UserID})
	if err != nil {
		return d, nil, instead, err
	}
	facility, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return d, nil, instead, err
	}
	p, now := all[n.UserID], m.deps.Clock.Now()
	contact, letIn := contacts[n.UserID]
	ready = &message{
		deliveryID: d.ID, notificationID: n.ID, at: n.CreatedAt, isCritical: d.IsCritical, name: contact.FullName, path: "/notifications/" + n.ID.String(),
	}
	suppressed := func(reason string) (notificationsdb.NotificationsDelivery, *message, outcome, error) {
		return d, nil, outcome{status: statusSuppressed, reason: reason, isUntried: true}, nil
	}
	switch a.channel {
	case ChannelEmail:
		if contact.Email != nil {
			ready.to = *contact.Email
		}
	case ChannelSMS:
		if p.SMSTo != nil {
			ready.to = *p.SMSTo
		}
	case ChannelPush:
		ready.browsers, err = queries.PushSubscriptionsOf(ctx, notificationsdb.PushSubscriptionsOfParams{TenantID: scope.TenantID, UserID: n.UserID})
		if err != nil {
			return d, nil, instead, err
		}
	}
	isOver, err := a.isOver(ctx, q, scope, n)
	if err != nil {
		return d, nil, instead, err
	}
	switch {
	case !letIn:
		return suppressed(reasonLeft)
	case isOver:
		return suppressed(reasonOver)
	case !p.wants(a.channel, alertsapi.Severity(n.Severity)):
		return suppressed(reasonPreference)
	case ready.to == "" && len(ready.browsers) == 0:
		return suppressed(reasonNoAddress)
	}
	if until := p.quietUntil(now, d.IsCritical, facility.Zone); until.After(now) {
		return d, nil, outcome{status: statusPending, next: until, isUntried: true}, nil
	}
	facts := factsOf(n, facility, p.Language)
	// What is said inside only has no place among the facts of what goes out, whatever a template asks for.
	delete(facts, "title")
	delete(facts, "service")
	facts["recipient"], facts["link"] = contact.FullName, m.linkTo(n.ID)
	if facts["patient"], err = a.patientOutside(ctx, q, scope, n.PatientID, p.Language); err != nil {
		return d, nil, instead, err
	}
	own, err := ownTemplates(ctx, q, scope.TenantID, a.channel, []string{n.Kind})
	ready.text = render(a.channel, textOf(own, n.Kind, a.channel, p.Language), facts)
	return d, ready, instead, err
}

// patientOutside is how a patient is called outside the app: by name only where the tenant allows it.
func (a attempt) patientOutside(ctx context.Context, q db.DBTX, scope db.Scope, patientID *uuid.UUID, language string) (string, error) {
	nobody := wordsIn(language).Patient
	if patientID == nil {
		return nobody, nil
	}
	setting, err := settingOf(ctx, q, scope.TenantID)
	if err != nil || !setting.NamesOutside {
		return nobody, err
	}
	summaries, err := a.module.deps.Patients.Summaries(ctx, q, scope, []uuid.UUID{*patientID})
	if summary, found := summaries[*patientID]; found {
		return summary.FullName, err
	}
	return nobody, err
}

// isOver tells whether a message has waited so long that its alert is over.
func (a attempt) isOver(ctx context.Context, q db.DBTX, scope db.Scope, n notificationsdb.NotificationsNotification) (bool, error) {
	if n.AlertID == nil {
		return false, nil
	}
	briefs, err := a.module.deps.Alerts.Briefs(ctx, q, scope, []uuid.UUID{*n.AlertID})
	brief, found := briefs[*n.AlertID]
	return found && isOver(n.Kind, brief), err
}

// commit says, before the step that cannot be called back, that it is about to happen: whoever finds this attempt stopped
// must not repeat it.
func (a attempt) commit(ctx context.Context, scope db.Scope) error {
	now, claim := a.module.deps.Clock.Now(), a.claim
	ctx = db.WithScope(ctx, scope)
	return a.pool.InTx(ctx, func(tx db.Tx) error {
		held, err := notificationsdb.New(tx).CommitDelivery(ctx, notificationsdb.CommitDeliveryParams{Now: &now, TenantID: scope.TenantID, ID: a.deliveryID, ClaimID: &claim})
		if err == nil && held == 0 {
			err = errClaimOver
		}
		return err
	})
}

// end writes what became of it. A claim that is over writes nothing.
func (a attempt) end(ctx context.Context, scope db.Scope, o outcome) error {
	now, claim := a.module.deps.Clock.Now(), a.claim
	save := notificationsdb.EndAttemptParams{
		Status: o.status, IsInDoubt: o.isInDoubt, Now: now, TenantID: scope.TenantID, ID: a.deliveryID, ClaimID: &claim,
	}
	if o.reason != "" {
		save.Reason = &o.reason
	}
	if o.lastError != "" {
		save.LastError = &o.lastError
	}
	if !o.next.IsZero() && (o.status == statusFailed || o.status == statusPending) {
		save.NextTryAt = &o.next
	}
	if o.status == statusSent {
		save.SentAt = &now
	}
	if o.isUntried {
		save.Untried = 1
	}
	return a.pool.InTx(ctx, func(tx db.Tx) error {
		_, err := notificationsdb.New(tx).EndAttempt(ctx, save)
		return err
	})
}

// forget drops browsers that will never listen again.
func (a attempt) forget(ctx context.Context, scope db.Scope, gone []uuid.UUID) error {
	if len(gone) == 0 {
		return nil
	}
	return a.pool.InTx(ctx, func(tx db.Tx) error {
		for _, browserID := range gone {
			if err := notificationsdb.New(tx).DropPushEndpoint(ctx, notificationsdb.DropPushEndpointParams{TenantID: scope.TenantID, ID: browserID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// release lets everything go that waited for the server, now that it answers.
func (a attempt) release(ctx context.Context) {
	ctx = db.WithScope(context.WithoutCancel(ctx), db.System())
	err := a.pool.InTx(ctx, func(tx db.Tx) error {
		_, err := notificationsdb.New(tx).TryAgain(ctx, notificationsdb.TryAgainParams{OfChannel: string(a.channel), Because: reasonServer, At: a.module.deps.Clock.Now()})
		return err
	})
	if err != nil {
		slog.WarnContext(ctx, "what waited for the server waits for its next try", "channel", a.channel, "error", db.Describe(err))
	}
}
