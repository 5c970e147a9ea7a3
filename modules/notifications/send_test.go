package notifications_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/mail/mailtest"
	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/notifications"
)

// post is a house whose messages really go out, on a database of its own.
type post struct {
	house
	*testkit.Database
	clock  *clock.Manual
	server *mailtest.Server
	sms    *gateway
}

// gateway is a provider that remembers, and fails as it is told.
type gateway struct {
	sent []string
	fail []error
}

func (g *gateway) Send(ctx context.Context, _, to, text string, handOver outbound.HandOver) error {
	if err := handOver(ctx); err != nil {
		return err
	}
	if len(g.fail) > 0 {
		err := g.fail[0]
		g.fail = g.fail[1:]
		if err != nil {
			return err
		}
	}
	g.sent = append(g.sent, to+" "+text)
	return nil
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{Database: testkit.NewDatabase(t), clock: clock.NewManual(testkit.Epoch), server: mailtest.Start(t, mailtest.Options{}), sms: &gateway{}}
	p.Pool = p.Pool.WithClock(p.clock)
	p.house.scope = testkit.NewScope()
	p.in(t, func(ctx context.Context, tx db.Tx) { p.house = newHouse(ctx, t, tx) })
	p.AsSuperuser(t, `UPDATE iam.user_account SET email = 'u' || left(id::text, 8) || '@hospital.example'`)
	p.Module = p.restarted(t)
	return p
}

// restarted is the module as another process has it: with nothing in memory.
func (p *post) restarted(t *testing.T) *notifications.Module {
	t.Helper()
	server, err := mail.New(mail.Config{Server: mail.Server{Host: p.server.Host, Port: p.server.Port}, From: "hm@hospital.example", Patience: time.Second, AnswerPatience: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	d := deps(p.alerts)
	d.Clock, d.Mail, d.SMS = p.clock, server, p.sms
	return notifications.New(d)
}

func (p *post) in(t *testing.T, fn func(ctx context.Context, tx db.Tx)) {
	t.Helper()
	ctx := db.WithScope(t.Context(), p.house.scope)
	if err := p.Pool.InTx(ctx, func(tx db.Tx) error { fn(ctx, tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func (p *post) raise(t *testing.T, to ...uuid.UUID) {
	t.Helper()
	p.in(t, func(ctx context.Context, tx db.Tx) {
		if err := p.AlertRaised(ctx, tx, p.raised(to...)); err != nil {
			t.Fatal(err)
		}
	})
}

func (p *post) send(t *testing.T, channel notifications.Channel) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = p.SendDue(t.Context(), p.Pool, channel); err != nil {
			t.Fatal(err)
		}
	}
}

// until moves the clock on and sends, until done or so many steps were too few.
func (p *post) until(t *testing.T, what string, channel notifications.Channel, done func() bool) {
	t.Helper()
	for range 60 {
		p.send(t, channel)
		if done() {
			return
		}
		p.clock.Advance(time.Minute)
	}
	t.Fatalf("never: %s; %v", what, p.deliveries(t, channel))
}

// deliveries of a channel, as "STATUS reason tries".
func (p *post) deliveries(t *testing.T, channel notifications.Channel) []string {
	t.Helper()
	in := notifications.DeliveriesInput{Channel: string(channel)}
	in.Limit = 200
	ctx := p.as(t.Context(), p.doctor)
	page, err := p.Deliveries(ctx, p.Pool.Read(ctx), in)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range page.Results {
		reason := "-"
		if d.Reason != nil {
			reason = *d.Reason
		}
		all = append(all, d.Status+" "+reason+" "+string(rune('0'+d.Tries)))
	}
	return all
}

func (p *post) want(t *testing.T, channel notifications.Channel, want ...string) {
	t.Helper()
	if got := strings.Join(p.deliveries(t, channel), ", "); got != strings.Join(want, ", ") {
		t.Errorf("deliveries %s, want %s", got, strings.Join(want, ", "))
	}
}

// Whatever the mail server does, a message goes out once when it is well again.
func TestAMessageGoesOutOnceWhenItsServerReturns(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mailtest.Fault{
		"said nothing": mailtest.NoGreeting, "was too busy": mailtest.BusyGreeting, "refused the sender": mailtest.RefuseSender, "deferred the address": mailtest.DeferAddress,
		"deferred the message": mailtest.DeferData, "dropped in the message": mailtest.DropInData, "had no room": mailtest.DeferMessage,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.raise(t, p.doctor)
			p.server.Now(fault, 0)
			for range 3 {
				p.send(t, notifications.ChannelEmail)
				p.clock.Advance(time.Minute)
			}
			if n := len(p.server.Received()); n != 0 {
				t.Fatalf("the server has %d while it is unwell", n)
			}
			p.server.Now(mailtest.None, 0)
			p.until(t, "it arrives", notifications.ChannelEmail, func() bool { return len(p.server.Received()) > 0 })
			p.clock.Advance(24 * time.Hour)
			p.send(t, notifications.ChannelEmail)
			if n := len(p.server.Received()); n != 1 {
				t.Errorf("the server has %d", n)
			}
		})
	}
}

func TestADownServerHoldsEverythingAndIsOwedIt(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.server.Down()
	for range 20 {
		p.raise(t, p.doctor, p.nurse)
	}
	for range 50 {
		p.send(t, notifications.ChannelEmail)
		p.clock.Advance(20 * time.Second)
	}
	p.server.Up(t)
	p.until(t, "all arrive", notifications.ChannelEmail, func() bool { return len(p.server.Received()) >= 40 })
	p.clock.Advance(24 * time.Hour)
	p.send(t, notifications.ChannelEmail)
	ids := map[string]bool{}
	for _, m := range p.server.Received() {
		ids[m.Message.Header.Get("Message-ID")] = true
	}
	if len(ids) != 40 || len(p.server.Received()) != 40 {
		t.Errorf("%d messages, %d of them different, want 40", len(p.server.Received()), len(ids))
	}
}

func TestWhatIsInDoubtIsNotSentAgain(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.raise(t, p.doctor)
	p.server.Now(mailtest.DropAfterTaking, 0)
	p.send(t, notifications.ChannelEmail)
	p.server.Now(mailtest.None, 0)
	for range 10 {
		p.clock.Advance(time.Hour)
		p.send(t, notifications.ChannelEmail)
	}
	if n := len(p.server.Received()); n != 1 {
		t.Errorf("the server has %d", n)
	}
	p.want(t, notifications.ChannelEmail, "DEAD outcome_unknown 1")
}

func TestARefusedMessageIsDeadAndCanBeSentAgainByHand(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.raise(t, p.doctor)
	p.server.Now(mailtest.RefuseAddress, 0)
	p.send(t, notifications.ChannelEmail)
	p.want(t, notifications.ChannelEmail, "DEAD refused 1")
	p.server.Now(mailtest.None, 0)
	ctx := p.as(t.Context(), p.doctor)
	in := notifications.DeliveriesInput{Channel: "email"}
	in.Limit = 10
	page, err := p.Deliveries(ctx, p.Pool.Read(ctx), in)
	if err != nil || len(page.Results) == 0 {
		t.Fatal(err, page)
	}
	if text := *page.Results[0].LastError; strings.Contains(text, "@") {
		t.Errorf("the log holds an address: %s", text)
	}
	p.in(t, func(ctx context.Context, tx db.Tx) {
		if _, err := p.Retry(ctx, tx, byID(page.Results[0].ID)); err != nil {
			t.Fatal(err)
		}
	})
	p.send(t, notifications.ChannelEmail)
	p.want(t, notifications.ChannelEmail, "SENT - 2")
	p.in(t, func(ctx context.Context, tx db.Tx) {
		if _, err := p.Retry(ctx, tx, byID(page.Results[0].ID)); err == nil {
			t.Error("what was sent is sent again")
		}
	})
}

// A node that is stopped hard leaves its claim behind, before or after the step that cannot be called back.
func TestAStoppedAttemptIsRepeatedUnlessItWasHandedOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		committed string
		has       int
		want      string
	}{
		"before": {"NULL", 1, "SENT - 2"},
		"after":  {"now()", 0, "DEAD outcome_unknown 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.raise(t, p.doctor)
			p.AsSuperuser(t, `UPDATE notifications.delivery SET status = 'SENDING', tries = 1, claim_id = gen_random_uuid(), next_try_at = next_try_at + interval '3 minutes',
				committed_at = `+c.committed+` WHERE channel = 'email'`)
			p.send(t, notifications.ChannelEmail)
			if n := len(p.server.Received()); n != 0 {
				t.Errorf("sent while another has it")
			}
			p.clock.Advance(4 * time.Minute)
			p.send(t, notifications.ChannelEmail)
			if n := len(p.server.Received()); n != c.has {
				t.Errorf("the server has %d, want %d", n, c.has)
			}
			p.want(t, notifications.ChannelEmail, c.want)
			if c.has == 1 {
				return
			}
			// nobody sends it again but a person
			p.in(t, func(ctx context.Context, tx db.Tx) {
				in := notifications.DeliveriesInput{Channel: "email"}
				in.Limit = 10
				page, err := p.Deliveries(ctx, tx, in)
				if err != nil || len(page.Results) != 1 {
					t.Fatal(err, page)
				}
				if _, err := p.Retry(ctx, tx, byID(page.Results[0].ID)); err != nil {
					t.Fatal(err)
				}
			})
			p.send(t, notifications.ChannelEmail)
			if n := len(p.server.Received()); n != 1 {
				t.Errorf("the server has %d after it was sent again", n)
			}
			p.want(t, notifications.ChannelEmail, "SENT - 2")
		})
	}
}

// An attempt that outlives its claim must not hand over: somebody else has the message by then.
func TestASlowAttemptLosesItsMessageBeforeItIsSent(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.raise(t, p.doctor)
	p.server.Now(mailtest.None, 100*time.Millisecond)
	other := p.restarted(t)
	done := make(chan error, 1)
	go func() { _, err := p.SendDue(t.Context(), p.Pool, notifications.ChannelEmail); done <- err }()
	for talks := 0; talks == 0; talks, _ = p.server.Talks() {
		time.Sleep(5 * time.Millisecond)
	}
	p.clock.Advance(10 * time.Minute)
	if _, err := other.SendDue(t.Context(), p.Pool, notifications.ChannelEmail); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if talks, _ := p.server.Talks(); talks != 2 || len(p.server.Received()) != 1 {
		t.Errorf("%d attempts, %d messages", talks, len(p.server.Received()))
	}
}
