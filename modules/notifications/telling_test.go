package notifications_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/labprintapi"
	"hmsoftware.com/hm/modules/notifications"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// twice is how a job may run: every listener's effect must be there once.
func twice(t *testing.T, act func() error) {
	t.Helper()
	for range 2 {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnEscalationIsToldUnlessSomebodyTookCareOfIt(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		raised := h.raised(h.doctor)
		escalated := alertsapi.Escalated{About: raised.About, Level: 1, RecipientIDs: []uuid.UUID{h.nurse, h.doctor}}
		twice(t, func() error { return h.AlertRaised(ctx, tx, raised) })
		twice(t, func() error { return h.AlertEscalated(ctx, tx, escalated) })
		if n := len(h.list(ctx, t, tx, h.doctor)); n != 2 {
			t.Errorf("the doctor has %d, want the alert and its escalation", n)
		}
		if found := h.list(ctx, t, tx, h.nurse); len(found) != 1 || found[0].Kind != "escalation" || found[0].Title != "Nobody has acknowledged: Critical result: K" {
			t.Errorf("the nurse has %+v", found)
		}
		brief := h.alerts[raised.AlertID]
		brief.Status = alertsapi.StatusAcknowledged
		h.alerts[raised.AlertID] = brief
		escalated.Level = 2
		twice(t, func() error { return h.AlertEscalated(ctx, tx, escalated) })
		if n := len(h.list(ctx, t, tx, h.nurse)); n != 1 {
			t.Errorf("the nurse has %d after it was acknowledged", n)
		}
	})
}

func (h house) released(by *uuid.UUID, correction bool) labapi.ResultReleased {
	return labapi.ResultReleased{
		AboutResult: labapi.AboutResult{
			ResultID: id.New(), EncounterID: id.New(), PatientID: h.patientID, SampleID: id.New(), ItemRef: labapi.ItemRef{ItemID: id.New(), OrderID: id.New(), ServiceCode: "LFT"},
			Version: 1, OrderedByID: by,
		},
		IsCorrection: correction, Abnormal: true,
	}
}

func TestAReleasedResultIsToldToWhoOrderedIt(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		first, corrected := h.released(&h.doctor, false), h.released(&h.doctor, true)
		twice(t, func() error { return h.ResultReleased(ctx, tx, first) })
		twice(t, func() error { return h.ResultReleased(ctx, tx, corrected) })
		twice(t, func() error { return h.ResultReleased(ctx, tx, h.released(nil, false)) })
		found := h.list(ctx, t, tx, h.doctor)
		if len(found) != 2 || found[0].Kind != "result_corrected" || found[1].Kind != "result_released" || found[1].Title != "Result released: LFT" ||
			found[1].Severity != "WARNING" || found[1].Link.Params["result_id"] != first.ResultID.String() {
			t.Errorf("got %+v", found)
		}
		own := h.released(&h.doctor, false)
		err := tx.Nested(ctx, h.scopeOf(h.doctor), func(tx db.Tx) error { return h.ResultReleased(ctx, tx, own) })
		if err != nil || len(h.list(ctx, t, tx, h.doctor)) != 2 {
			t.Errorf("the doctor is told of what the doctor released (%v)", err)
		}
	})
}

func TestWhoIsToldWhenTheOneWhoOrderedHasLeft(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		doctor := iamtest.User(ctx, t, tx, iamtest.With{Roles: []string{"doctor"}})
		gone := iamtest.User(ctx, t, tx, iamtest.With{Disabled: true})
		seen := func(userID uuid.UUID) int { return len(h.list(ctx, t, tx, userID)) }
		twice(t, func() error { return h.ResultReleased(ctx, tx, h.released(&gone, true)) })
		if seen(doctor) == 0 {
			t.Error("nobody sees the patient, and the doctors are not told")
		}
		attended := deps(h.alerts)
		attended.Encounters, attended.Bus = ward{attending: &h.nurse}, events.NewBus()
		h.Module = notifications.New(attended)
		before := seen(doctor)
		for _, e := range []labapi.ResultReleased{h.released(&gone, false), h.released(nil, true), h.released(&h.doctor, true)} {
			if err := h.ResultReleased(ctx, tx, e); err != nil {
				t.Fatal(err)
			}
		}
		if seen(h.nurse) != 3 || seen(h.doctor) != 1 || seen(doctor) != before {
			t.Errorf("who sees the patient has %d, who ordered it %d, the others %d more", seen(h.nurse), seen(h.doctor), seen(doctor)-before)
		}
		if err := h.ResultReleased(ctx, tx, h.released(&h.doctor, false)); err != nil || seen(h.nurse) != 3 || seen(h.doctor) != 2 {
			t.Errorf("of a first result who sees the patient is told beside who ordered it (%v)", err)
		}
	})
}

func TestWhoWasToldOfACriticalResultIsToldThatItWasEnteredAgain(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		raised := h.raised(h.doctor)
		twice(t, func() error { return h.AlertRaised(ctx, tx, raised) })
		over := alertsapi.Resolved{About: raised.About, RecipientIDs: []uuid.UUID{h.doctor, h.nurse}}
		over.Severity = alertsapi.SeverityInfo
		twice(t, func() error { return h.AlertResolved(ctx, tx, over) })
		if n := len(h.list(ctx, t, tx, h.nurse)); n != 0 {
			t.Errorf("%d are told of what a person resolved", n)
		}
		over.Resolution = alertsapi.ResolutionSuperseded
		twice(t, func() error { return h.AlertResolved(ctx, tx, over) })
		for _, userID := range []uuid.UUID{h.doctor, h.nurse} {
			if got := h.list(ctx, t, tx, userID)[0]; got.Kind != "alert_superseded" || got.Severity != "CRITICAL" || got.Title != "Entered again: Critical result: K" {
				t.Errorf("told %+v", got)
			}
		}
	})
}

func TestWhoWasToldOfACriticalResultIsToldThatItsSampleWasRejected(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		raised := h.raised(h.doctor)
		twice(t, func() error { return h.AlertRaised(ctx, tx, raised) })
		voided := alertsapi.Voided{About: raised.About, ReasonCode: "HAEMOLYSED", RecipientIDs: []uuid.UUID{h.doctor, h.nurse}}
		voided.Severity = alertsapi.SeverityInfo
		twice(t, func() error { return h.AlertVoided(ctx, tx, voided) })
		for userID, n := range map[uuid.UUID]int{h.doctor: 2, h.nurse: 1} {
			if got := h.list(ctx, t, tx, userID); len(got) != n || got[0].Kind != "alert_voided" || got[0].Severity != "CRITICAL" || got[0].Title != "Sample rejected: Critical result: K" {
				t.Errorf("told %+v", got)
			}
		}
	})
}

func TestACorrectedReportIsToldToItsReaders(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		issued := labprintapi.ReportIssued{ReportID: id.New(), OrderID: id.New(), EncounterID: id.New(), PatientID: h.patientID, Version: 2, IsCorrected: true, ReaderIDs: []uuid.UUID{h.nurse}}
		twice(t, func() error { return h.ReportIssued(ctx, tx, issued) })
		issued.ReportID, issued.IsCorrected = id.New(), false
		twice(t, func() error { return h.ReportIssued(ctx, tx, issued) })
		if found := h.list(ctx, t, tx, h.nurse); len(found) != 1 || found[0].Kind != "report_corrected" || found[0].Link.Screen != "report" {
			t.Errorf("got %+v", found)
		}
	})
}

func TestARulesNoticeGoesToItsRoleWithoutTheFacts(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		pharmacist := iamtest.User(ctx, t, tx, iamtest.With{Roles: []string{"pharmacist"}})
		fired := rulesapi.RuleFired{FiringID: id.New(), EncounterID: id.New(), PatientID: h.patientID, Pack: "base", Moment: "order.create", Rule: "base.tell", Effect: string(packsapi.EffectNotify), Severity: "warning"}
		twice(t, func() error { return h.RuleFired(ctx, tx, fired) })
		fired.FiringID, fired.Effect = id.New(), string(packsapi.EffectRaiseAlert)
		twice(t, func() error { return h.RuleFired(ctx, tx, fired) })
		if found := h.list(ctx, t, tx, pharmacist); len(found) != 1 || found[0].Title != "Creatinine … is high" || found[0].Severity != "WARNING" {
			t.Errorf("got %+v", found)
		}
	})
}

func TestWhoWasTakenOffIsNotTold(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		gone := iamtest.User(ctx, t, tx, iamtest.With{Disabled: true})
		twice(t, func() error { return h.AlertRaised(ctx, tx, h.raised(gone, id.New())) })
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM notifications.notification WHERE tenant_id = $1`, tx.Scope().TenantID).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d are told (%v)", n, err)
		}
	})
}

// prefer saves a user's preferences, changed from the usual.
func (h house) prefer(ctx context.Context, t *testing.T, tx db.Tx, userID uuid.UUID, change func(*notifications.SavePreferencesInput)) error {
	t.Helper()
	all := notifications.BySeverity{Info: true, Warning: true, Critical: true}
	var in notifications.SavePreferencesInput
	in.Body.Channels = notifications.ChannelPreferences{InApp: all}
	in.Body.Language = "en"
	change(&in)
	return tx.Nested(ctx, h.scopeOf(userID), func(tx db.Tx) error {
		_, err := h.SavePreferences(ctx, tx, in)
		return err
	})
}

func TestPreferencesThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		for location, change := range map[string]func(*notifications.SavePreferencesInput){
			"body.channels.in_app.critical": func(in *notifications.SavePreferencesInput) { in.Body.Channels.InApp.Critical = false },
			"body.quiet_hours.to": func(in *notifications.SavePreferencesInput) {
				in.Body.QuietHours = &notifications.QuietHours{From: "22:00", To: "22:00"}
			},
			"body.sms_to": func(in *notifications.SavePreferencesInput) { in.Body.Channels.SMS.Info = true },
		} {
			err := errs.Of(h.prefer(ctx, t, tx, h.doctor, change))
			if err == nil || err.Kind != errs.KindInvalid || len(err.Fields) != 1 || err.Fields[0].Location != location {
				t.Errorf("%s: %v", location, err)
			}
		}
	})
}

func TestWhatIsNotWantedIsNotShownButWhatIsCriticalIs(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(ctx, t, tx)
		err := h.prefer(ctx, t, tx, h.doctor, func(in *notifications.SavePreferencesInput) {
			in.Body.Channels.InApp = notifications.BySeverity{Critical: true}
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.ResultReleased(ctx, tx, h.released(&h.doctor, false)); err != nil {
			t.Fatal(err)
		}
		if err := h.AlertRaised(ctx, tx, h.raised(h.doctor)); err != nil {
			t.Fatal(err)
		}
		if found := h.list(ctx, t, tx, h.doctor); len(found) != 1 || found[0].Kind != "critical_result" {
			t.Errorf("got %+v", found)
		}
	})
}

func TestQuietHoursPutOffWhatIsNotCritical(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.in(t, func(ctx context.Context, tx db.Tx) {
		all, number := notifications.BySeverity{Info: true, Warning: true, Critical: true}, "+919800000000"
		err := p.prefer(ctx, t, tx, p.doctor, func(in *notifications.SavePreferencesInput) {
			local := p.clock.Now().In(time.FixedZone("", 19800))
			in.Body.Channels.SMS, in.Body.SMSTo = all, &number
			in.Body.QuietHours = &notifications.QuietHours{From: local.Add(-time.Hour).Format("15:04"), To: local.Add(time.Hour).Format("15:04")}
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.ResultReleased(ctx, tx, p.released(&p.doctor, false)); err != nil {
			t.Fatal(err)
		}
	})
	p.send(t, notifications.ChannelSMS)
	if len(p.sms.sent) != 0 {
		t.Fatalf("sent in quiet hours: %v", p.sms.sent)
	}
	p.raise(t, p.doctor)
	p.send(t, notifications.ChannelSMS)
	if len(p.sms.sent) != 1 {
		t.Fatalf("what is critical waits: %v", p.deliveries(t, notifications.ChannelSMS))
	}
	p.clock.Advance(61 * time.Minute)
	p.send(t, notifications.ChannelSMS)
	if len(p.sms.sent) != 2 {
		t.Errorf("after them: %v", p.deliveries(t, notifications.ChannelSMS))
	}
}
