package notifications_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/mail/mailtest"
	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/notifications"
)

func TestNodesSideBySideSendEachMessageOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 30 {
		p.raise(t, p.doctor, p.nurse)
	}
	nodes := []*notifications.Module{p.Module, p.restarted(t), p.restarted(t)}
	done := make(chan error, len(nodes))
	for _, node := range nodes {
		go func() {
			for more := true; more; {
				var err error
				if more, err = node.SendDue(t.Context(), p.Pool, notifications.ChannelEmail); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range nodes {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	p.send(t, notifications.ChannelEmail)
	if n := len(p.server.Received()); n != 60 {
		t.Errorf("the server has %d, want 60", n)
	}
}

func TestNoTenantWaitsBehindAnother(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for range 60 {
		p.raise(t, p.doctor)
	}
	busy := p.house
	p.house.scope = testkit.NewScope()
	p.in(t, func(ctx context.Context, tx db.Tx) {
		quiet := newHouse(ctx, t, tx)
		quiet.Module, quiet.alerts = busy.Module, busy.alerts
		p.house = quiet
	})
	p.AsSuperuser(t, `UPDATE iam.user_account SET email = 'quiet@hospital.example' WHERE email IS NULL`)
	p.clock.Advance(time.Minute)
	p.raise(t, p.doctor)
	if _, err := p.SendDue(t.Context(), p.Pool, notifications.ChannelEmail); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, m := range p.server.Received() {
		found = found || m.To == "quiet@hospital.example"
	}
	if !found {
		t.Errorf("the first %d messages are all of the tenant with many", len(p.server.Received()))
	}
}

func TestASlowServerHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.AsSuperuser(t, `INSERT INTO notifications.preference (tenant_id, user_id, channels, sms_to, language, updated_at)
		SELECT tenant_id, user_id, '{"in_app":{"critical":true},"email":{"critical":true},"sms":{"critical":true},"push":{}}', '+919800000000', 'en', now() FROM iam.tenant_user`)
	p.server.Now(mailtest.None, 300*time.Millisecond)
	for range 20 {
		p.raise(t, p.doctor)
	}
	mailing := make(chan struct{})
	go func() {
		_, _ = p.SendDue(t.Context(), p.Pool, notifications.ChannelEmail)
		close(mailing)
	}()
	began := time.Now()
	p.raise(t, p.doctor) // a request's work
	p.send(t, notifications.ChannelSMS)
	if took := time.Since(began); len(p.sms.sent) != 21 || took > 1500*time.Millisecond {
		t.Errorf("%d SMS after %s", len(p.sms.sent), took)
	}
	<-mailing
	if _, most := p.server.Talks(); most > 8 {
		t.Errorf("%d conversations at once", most)
	}
}

func TestNothingClinicalLeavesTheApp(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.AsSuperuser(t, `INSERT INTO notifications.preference (tenant_id, user_id, channels, sms_to, language, updated_at)
		SELECT tenant_id, user_id, '{"in_app":{"critical":true},"email":{"critical":true},"sms":{"critical":true},"push":{}}', '+919800000000', 'hi', now() FROM iam.tenant_user`)
	// A template from when names were allowed, or written by SQL, says no more than any other.
	p.AsSuperuser(t, `INSERT INTO notifications.template (tenant_id, kind, channel, language, subject, body, updated_at)
		SELECT DISTINCT tenant_id, 'critical_result', 'sms', 'hi', '', '{patient} {mrn} {title} {service} {what}', now() FROM iam.tenant_user`)
	p.raise(t, p.doctor)
	p.send(t, notifications.ChannelEmail)
	p.send(t, notifications.ChannelSMS)
	if len(p.server.Received()) != 1 || len(p.sms.sent) != 1 {
		t.Fatalf("%d mails, %d SMS", len(p.server.Received()), len(p.sms.sent))
	}
	if text := p.sms.sent[0]; text != "+919800000000 एक रोगी गंभीर परिणाम" {
		t.Errorf("the SMS says %q", text)
	}
	p.in(t, func(ctx context.Context, tx db.Tx) {
		in := notifications.SaveSettingsInput{}
		in.Body.NamesOutside = true
		if _, err := p.SaveSettings(ctx, tx, in); err != nil {
			t.Fatal(err)
		}
	})
	p.raise(t, p.doctor)
	p.send(t, notifications.ChannelSMS)
	if text := p.sms.sent[1]; text != "+919800000000 Zyxwvuta Iyer गंभीर परिणाम" {
		t.Errorf("with names the SMS says %q", text)
	}
}

// What is kept of a message names neither the patient nor where the person is reached, whatever went wrong.
func TestNothingKeptOfAMessageNamesAnybody(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.AsSuperuser(t, `INSERT INTO notifications.setting (tenant_id, names_outside, updated_at) SELECT DISTINCT tenant_id, true, now() FROM iam.tenant_user`)
	p.AsSuperuser(t, `INSERT INTO notifications.preference (tenant_id, user_id, channels, sms_to, language, updated_at)
		SELECT tenant_id, user_id, '{"in_app":{"critical":true},"email":{"critical":true},"sms":{"critical":true},"push":{}}', '+919800000000', 'en', now() FROM iam.tenant_user`)
	for _, fault := range []mailtest.Fault{mailtest.RefuseAddress, mailtest.DeferAddress, mailtest.DropInData, mailtest.DropAfterTaking, mailtest.None} {
		p.server.Now(fault, 0)
		p.sms.fail = []error{outbound.Failed(outbound.Later, nil, "The gateway does not take it now.")}
		p.raise(t, p.doctor)
		p.send(t, notifications.ChannelEmail)
		p.send(t, notifications.ChannelSMS)
		p.clock.Advance(time.Hour)
	}
	if len(p.server.Received()) == 0 || !strings.Contains(p.server.Received()[len(p.server.Received())-1].Raw, "Zyxwvuta") {
		t.Fatal("no message named the patient, so this looks for nothing")
	}
	ctx := db.WithScope(t.Context(), p.house.scope)
	for _, table := range []string{"notifications.notification", "notifications.delivery", "events.event"} {
		var text string
		if err := p.Pool.Read(ctx).QueryRow(ctx, `SELECT coalesce(string_agg(x::text, E'\n'), '') FROM `+table+` x`).Scan(&text); err != nil || text == "" {
			t.Fatalf("%s: %q, %v", table, text, err)
		}
		for _, mark := range []string{"Zyxwvuta", "Iyer", "@hospital.example", "9800000000", "TEST-"} {
			if strings.Contains(text, mark) {
				t.Errorf("%s holds %s", table, mark)
			}
		}
	}
}
