package alerts_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
	"hmsoftware.com/hm/modules/tasks/tasksapi"
)

func TestACriticalResultAlertsWhoOrderedIt(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		entered := h.result(e)
		h.happen(ctx, t, tx, entered)
		got := h.only(ctx, t, tx)
		if got.Kind != "critical_result" || got.Severity != "CRITICAL" || got.Status != "OPEN" || got.Title != "Critical result: Serum electrolytes" ||
			got.Subject != (alerts.Subject{Kind: "lab_result", ID: entered.ResultID}) || !slices.Equal(got.Facts.Codes, []string{"K"}) || *got.EncounterID != e.ID {
			t.Errorf("got %+v", got)
		}
		if !same(recipients(got), []uuid.UUID{h.doctor}) || !got.IsMine || !slices.Equal(acts(got), []string{"raised"}) || !slices.Equal(got.Actions, []string{"acknowledge", "resolve"}) {
			t.Errorf("for %v, history %v, actions %v", got.Recipients, acts(got), got.Actions)
		}
	})
}

func TestWhoHearsOfACriticalResult(t *testing.T) {
	t.Parallel()
	nobody := id.New()
	for name, c := range map[string]struct {
		orderedBy, attending func(house) *uuid.UUID
		want                 func(house) []uuid.UUID
	}{
		"who ordered it":              {func(h house) *uuid.UUID { return &h.nurse }, func(h house) *uuid.UUID { return &h.colleague }, func(h house) []uuid.UUID { return []uuid.UUID{h.nurse} }},
		"who ordered it has left":     {func(house) *uuid.UUID { return &nobody }, func(h house) *uuid.UUID { return &h.colleague }, func(h house) []uuid.UUID { return []uuid.UUID{h.colleague} }},
		"nobody ordered it":           {func(house) *uuid.UUID { return nil }, func(h house) *uuid.UUID { return &h.colleague }, func(h house) []uuid.UUID { return []uuid.UUID{h.colleague} }},
		"and nobody sees the patient": {func(house) *uuid.UUID { return nil }, func(house) *uuid.UUID { return nil }, func(h house) []uuid.UUID { return []uuid.UUID{h.doctor, h.colleague} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
				e := encounterstest.Encounter(ctx, t, tx, encounterstest.With{AttendingDoctorID: c.attending(h)})
				entered := h.result(e)
				entered.OrderedByID = c.orderedBy(h)
				h.happen(ctx, t, tx, entered)
				if got := recipients(h.only(ctx, t, tx)); !same(got, c.want(h)) {
					t.Errorf("told %v", got)
				}
			})
		})
	}
}

func TestAnAlertThatReachesNobodyReachesTheAdministrators(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		h := newHouse(t)
		admin := iamtest.User(ctx, t, tx, iamtest.With{Roles: []string{"admin"}})
		h.happen(ctx, t, tx, qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: id.Ptr(id.New())})
		if got := recipients(h.only(ctx, t, tx)); !same(got, []uuid.UUID{admin}) {
			t.Errorf("told %v", got)
		}
	})
}

func TestAResultThatIsNotCriticalAlertsNobody(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		entered := h.result(e)
		entered.Critical = []string{}
		h.happen(ctx, t, tx, entered)
		if all := h.list(ctx, t, tx); len(all) != 0 {
			t.Errorf("got %v", all)
		}
	})
}

func TestWhatBecomesOfAnAlertWhenItsResultIsCorrected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		released bool
		critical []string
		// status and history of the former's alert, and how many are open in the end.
		status  alertsapi.Status
		history []string
		open    int
	}{
		"critical no more, seen by nobody": {false, nil, "RESOLVED", []string{"raised", "resolved"}, 0},
		"critical no more, but released":   {true, nil, "OPEN", []string{"raised", "corrected"}, 1},
		"critical still":                   {false, []string{"K"}, "RESOLVED", []string{"raised", "resolved"}, 1},
		"critical still, and released":     {true, []string{"K", "NA"}, "RESOLVED", []string{"raised", "resolved"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				first := h.result(e)
				h.happen(ctx, t, tx, first)
				former := h.only(ctx, t, tx).ID
				h.happen(ctx, t, tx, next(first, c.released, c.critical...))
				got := h.get(ctx, t, tx, former)
				if got.Status != c.status || !slices.Equal(acts(got), c.history) || got.Status == "RESOLVED" && *got.Resolution != "superseded" {
					t.Errorf("%s, %v, %v", got.Status, acts(got), got.Resolution)
				}
				if open := h.list(ctx, t, tx, func(in *alerts.ListInput) { in.Status = []string{"OPEN"} }); len(open) != c.open {
					t.Errorf("%d are open", len(open))
				}
			})
		})
	}
}

// A comment, or another value of the panel: what somebody acknowledged still holds.
func TestAnAlertStaysAsItIsWhileItsCriticalValuesDo(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		first := h.result(e)
		h.happen(ctx, t, tx, first)
		alertID := h.only(ctx, t, tx).ID
		if _, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID)); err != nil {
			t.Fatal(err)
		}
		same := next(first, true, "K")
		same.SameCritical = true
		h.happen(ctx, t, tx, same)
		if got := h.only(ctx, t, tx); got.Status != "ACKNOWLEDGED" || !slices.Equal(acts(got), []string{"raised", "acknowledged", "corrected"}) {
			t.Errorf("%s, %v", got.Status, acts(got))
		}
		h.happen(ctx, t, tx, next(first, true, "K"))
		if got := h.get(ctx, t, tx, alertID); got.Status != "RESOLVED" {
			t.Errorf("of another value it is %s", got.Status)
		}
	})
}

func TestAnAcknowledgedCriticalResultIsAskedAboutAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		first := h.result(e)
		h.happen(ctx, t, tx, first)
		if _, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(h.only(ctx, t, tx).ID)); err != nil {
			t.Fatal(err)
		}
		h.happen(ctx, t, tx, next(first, true, "K"))
		waits, err := alerts.Reader{}.UnacknowledgedCritical(ctx, tx, tx.Scope(), e.ID)
		if err != nil || !slices.Equal(waits, []string{"K"}) {
			t.Errorf("waits for %v, %v", waits, err)
		}
	})
}

func TestWhatElseRaisesAnAlert(t *testing.T) {
	t.Parallel()
	hold, item, sample := id.New(), id.New(), id.New()
	items := []labapi.ItemRef{{ItemID: item, OrderID: id.New(), ServiceCode: "LYTES"}}
	overdue := func(e encountersapi.Encounter, priority string) labapi.TestOverdue {
		return labapi.TestOverdue{EncounterID: e.ID, PatientID: e.PatientID, ItemRef: items[0], Priority: priority}
	}
	fired := func(e encountersapi.Encounter, rule, severity, effect string) rulesapi.RuleFired {
		return rulesapi.RuleFired{FiringID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Pack: "base", Moment: "order.create", Rule: rule, Effect: effect, Severity: severity}
	}
	for name, c := range map[string]struct {
		happens     func(house, encountersapi.Encounter) events.Event
		kind, title string
		severity    alertsapi.Severity
		subject     uuid.UUID
		people      func(house) []uuid.UUID
	}{
		"a rejected sample": {
			func(h house, e encountersapi.Encounter) events.Event {
				return labapi.SampleRejected{AboutSample: labapi.AboutSample{SampleID: sample, EncounterID: e.ID, PatientID: e.PatientID, Items: items}, ReasonCode: "CLOTTED", CollectedByID: &h.technician}
			}, "sample_rejected", "Sample rejected: Serum electrolytes", "WARNING", sample, func(h house) []uuid.UUID { return []uuid.UUID{h.technician, h.nurse} }},
		"a rejected sample that nothing needs": {
			func(h house, e encountersapi.Encounter) events.Event {
				return labapi.SampleRejected{AboutSample: labapi.AboutSample{SampleID: sample, EncounterID: e.ID, PatientID: e.PatientID}, ReasonCode: "CLOTTED"}
			}, "", "", "", uuid.Nil, nil},
		"a STAT test overdue": {
			func(_ house, e encountersapi.Encounter) events.Event { return overdue(e, "STAT") },
			"test_overdue", "Overdue STAT test: Serum electrolytes", "WARNING", item, func(h house) []uuid.UUID { return []uuid.UUID{h.technician} }},
		"an urgent test overdue": {
			func(_ house, e encountersapi.Encounter) events.Event { return overdue(e, "URGENT") },
			"test_overdue", "Overdue URGENT test: Serum electrolytes", "WARNING", item, func(h house) []uuid.UUID { return []uuid.UUID{h.technician} }},
		"a routine test overdue": {
			func(_ house, e encountersapi.Encounter) events.Event { return overdue(e, "ROUTINE") }, "", "", "", uuid.Nil, nil},
		"a control that holds": {
			func(house, encountersapi.Encounter) events.Event {
				return qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: &hold}
			}, "quality_control", "Quality control failed: GLU", "WARNING", hold, func(h house) []uuid.UUID { return []uuid.UUID{h.pathologist} }},
		"a control that warns": {
			func(house, encountersapi.Encounter) events.Event {
				return qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-2s"}}
			}, "", "", "", uuid.Nil, nil},
		"a rule to whom nobody listens": {
			func(_ house, e encountersapi.Encounter) events.Event {
				return fired(e, "base.high_dose", "safety", "raise_alert")
			},
			"rule:base.high_dose", "The dose for … is high.", "CRITICAL", uuid.Nil, func(h house) []uuid.UUID { return []uuid.UUID{h.admin} }},
		"a rule that names nobody": {
			func(_ house, e encountersapi.Encounter) events.Event {
				return fired(e, "base.plain", "info", "raise_alert")
			},
			"rule:base.plain", "Look at this.", "INFO", uuid.Nil, func(h house) []uuid.UUID { return []uuid.UUID{h.doctor, h.colleague} }},
		"a rule that only notifies": {
			func(_ house, e encountersapi.Encounter) events.Event { return fired(e, "base.plain", "info", "notify") }, "", "", "", uuid.Nil, nil},
		"a rule that is gone": {
			func(_ house, e encountersapi.Encounter) events.Event {
				return fired(e, "base.gone", "info", "raise_alert")
			}, "", "", "", uuid.Nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
				happened := c.happens(h, e)
				h.happen(ctx, t, tx, happened)
				if c.kind == "" {
					if all := h.list(ctx, t, tx); len(all) != 0 {
						t.Errorf("raised %s", all[0].Title)
					}
					return
				}
				got := h.only(ctx, t, tx)
				subject := c.subject
				if subject == uuid.Nil {
					subject = e.ID
				}
				if got.Kind != c.kind || got.Title != c.title || got.Severity != c.severity || got.Subject.ID != subject || !same(recipients(got), c.people(h)) {
					t.Errorf("got %s %q %s about %v for %v", got.Kind, got.Title, got.Severity, got.Subject, got.Recipients)
				}
				// The same cause again raises no second one while the first is open.
				h.happen(ctx, t, tx, happened)
				if got := h.only(ctx, t, tx); !slices.Equal(acts(got), []string{"raised", "repeated"}) {
					t.Errorf("history %v", acts(got))
				}
			})
		})
	}
}

func TestARuleAboutSomethingAlertsForEach(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		for range 2 {
			h.happen(ctx, t, tx, rulesapi.RuleFired{FiringID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Pack: "base", Moment: "order.create", Rule: "base.plain", Effect: "raise_alert", Severity: "info", SubjectID: id.New()})
		}
		if all := h.list(ctx, t, tx); len(all) != 2 || all[0].Subject.Kind != "order_item" {
			t.Errorf("got %v", all)
		}
	})
}

func TestWhatIsOverEndsItsAlert(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		item := labapi.ItemRef{ItemID: id.New(), OrderID: id.New(), ServiceCode: "LYTES"}
		sample := labapi.AboutSample{SampleID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Items: []labapi.ItemRef{item}}
		hold := id.New()
		h.happen(ctx, t, tx, labapi.SampleRejected{AboutSample: sample, ReasonCode: "CLOTTED"})
		h.happen(ctx, t, tx, labapi.TestOverdue{EncounterID: e.ID, PatientID: e.PatientID, ItemRef: item, Priority: "STAT"})
		h.happen(ctx, t, tx, qualitycontrolapi.RunViolated{RunID: id.New(), LotID: id.New(), Analyte: "GLU", Rules: []string{"1-3s"}, HoldID: &hold})
		again := sample
		again.SampleID = id.New()
		h.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: again})
		h.happen(ctx, t, tx, labapi.ResultReleased{AboutResult: labapi.AboutResult{ResultID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, ItemRef: item}})
		h.happen(ctx, t, tx, qualitycontrolapi.HoldResolved{HoldID: hold, Analyte: "GLU"})
		var ended []string
		for _, a := range h.list(ctx, t, tx) {
			if a.Status == "RESOLVED" {
				ended = append(ended, *a.Resolution)
			}
		}
		slices.Sort(ended)
		if !slices.Equal(ended, []string{"hold_resolved", "result_released", "sample_collected"}) {
			t.Errorf("ended by %v", ended)
		}
	})
}

func TestTheFirstWhoAcknowledgesCounts(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, h.result(e))
		raised := h.only(ctx, t, tx)
		in := acknowledgeInput(raised.ID)
		in.Body = &alerts.Note{Note: " On my way "}
		first, err := h.alerts.Acknowledge(ctx, tx, in)
		if err != nil || first.Status != "ACKNOWLEDGED" || first.AcknowledgedBy.ID != h.doctor || first.NextEscalationAt != nil || *first.History[1].Note != " On my way " {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := h.alerts.Acknowledge(ctx, tx, in)
		if err != nil || again.Version != first.Version || len(again.History) != 2 {
			t.Errorf("again: version %d, %v, %v", again.Version, acts(again), err)
		}
		other := db.Scope{TenantID: tx.Scope().TenantID, FacilityID: tx.Scope().FacilityID, UserID: h.nurse}
		err = tx.Nested(ctx, other, func(tx db.Tx) error { _, err := h.alerts.Acknowledge(ctx, tx, in); return err })
		wantCode(t, err, "alerts.illegal_transition")
	})
}

func TestAResolvedAlertStaysResolved(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, h.result(e))
		alertID := h.only(ctx, t, tx).ID
		first, err := h.alerts.Resolve(ctx, tx, resolveInput(alertID, "Calcium given"))
		if err != nil || first.Status != "RESOLVED" || *first.Resolution != "Calcium given" || first.AcknowledgedAt != nil || len(first.Actions) != 0 {
			t.Fatalf("got %+v, %v", first, err)
		}
		again, err := h.alerts.Resolve(ctx, tx, resolveInput(alertID, "Calcium given"))
		if err != nil || again.Version != first.Version {
			t.Errorf("again: %d, %v", again.Version, err)
		}
		_, err = h.alerts.Resolve(ctx, tx, resolveInput(alertID, "Something else"))
		wantCode(t, err, "alerts.illegal_transition")
		_, err = h.alerts.Acknowledge(ctx, tx, acknowledgeInput(alertID))
		wantCode(t, err, "alerts.illegal_transition")
		_, err = h.alerts.Acknowledge(ctx, tx, acknowledgeInput(id.New()))
		wantCode(t, err, "alerts.not_found")
	})
}

func TestAnAlertIsAcknowledgedAfterTheEncounterClosed(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		encounterstest.SetStatus(ctx, t, tx, e.ID, encountersapi.StatusClosed)
		h.happen(ctx, t, tx, h.result(e))
		got, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(h.only(ctx, t, tx).ID))
		if err != nil || got.Status != "ACKNOWLEDGED" {
			t.Errorf("got %s, %v", got.Status, err)
		}
	})
}

func TestTickingTheTaskOffAcknowledges(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, h.result(e))
		h.happen(ctx, t, tx, h.result(e))
		done := tasksapi.Done{TaskID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Code: labapi.TaskCriticalResult}
		err := tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error { return h.bus.Publish(as(ctx, h.doctor, nil, alerts.CanAcknowledge), tx, done) })
		wantCode(t, err, "alerts.acknowledge_first")
		h.happen(as(ctx, h.doctor, nil), t, tx, done)
		waits, err := alerts.Reader{}.UnacknowledgedCritical(ctx, tx, tx.Scope(), e.ID)
		if err != nil || len(waits) != 0 {
			t.Errorf("waits for %v, %v", waits, err)
		}
		// With nothing left to acknowledge anybody may.
		h.happen(as(ctx, h.doctor, nil, alerts.CanAcknowledge), t, tx, done)
	})
}

func TestReaderNamesWhatNobodyAcknowledged(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		one, two := h.result(e), h.result(e)
		two.Critical = []string{"NA", "K"}
		h.happen(ctx, t, tx, one)
		h.happen(ctx, t, tx, two)
		got, err := alerts.Reader{}.UnacknowledgedCritical(ctx, tx, tx.Scope(), e.ID)
		if err != nil || !slices.Equal(got, []string{"K", "NA"}) {
			t.Errorf("got %v, %v", got, err)
		}
		alertID := h.list(ctx, t, tx)[0].ID
		briefs, err := alerts.Reader{}.Briefs(ctx, tx, tx.Scope(), []uuid.UUID{alertID, id.New()})
		if err != nil || len(briefs) != 1 || briefs[alertID].Kind != "critical_result" || *briefs[alertID].PatientID != e.PatientID {
			t.Errorf("briefs %v, %v", briefs, err)
		}
	})
}

func TestACriticalResultIsForItsRecipientsAndThoseWhoTreat(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, h.result(e))
		critical := h.only(ctx, t, tx).ID
		act := func(userID uuid.UUID, without ...string) (actions []string, acknowledged, resolved error) {
			ctx := as(ctx, userID, nil, without...)
			scope, _ := db.ScopeOf(ctx)
			acknowledged = tx.Nested(ctx, scope, func(tx db.Tx) error {
				actions = h.get(ctx, t, tx, critical).Actions
				_, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(critical))
				return errors.Join(err, errNothing)
			})
			resolved = tx.Nested(ctx, scope, func(tx db.Tx) error {
				_, err := h.alerts.Resolve(ctx, tx, resolveInput(critical, "Done"))
				return errors.Join(err, errNothing)
			})
			return actions, acknowledged, resolved
		}
		for _, other := range []uuid.UUID{h.nurse, h.technician, h.colleague} {
			actions, acknowledged, resolved := act(other, alerts.CanAcknowledgeCritical)
			wantCode(t, acknowledged, "alerts.not_for_you")
			wantCode(t, resolved, "alerts.not_for_you")
			if len(actions) != 0 {
				t.Errorf("offered %v", actions)
			}
		}
		for userID, without := range map[uuid.UUID][]string{h.doctor: {alerts.CanAcknowledgeCritical}, h.colleague: nil} {
			actions, acknowledged, resolved := act(userID, without...)
			if acknowledged.Error() != errNothing.Error() || resolved.Error() != errNothing.Error() || len(actions) != 2 {
				t.Errorf("%v, %v, %v", acknowledged, resolved, actions)
			}
		}
	})
}

// errNothing takes back what a test tried.
var errNothing = errors.New("nothing happened")

func TestACriticalResultKeepsItsTaskAndItsEncounter(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.happen(ctx, t, tx, h.result(e))
		try := func(happened events.Event) error {
			return tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error { return h.bus.Publish(ctx, tx, happened) })
		}
		byHand := tasksapi.Cancelled{TaskID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Code: labapi.TaskCriticalResult}
		followed := tasksapi.Done{TaskID: id.New(), EncounterID: e.ID, PatientID: e.PatientID, Code: labapi.TaskCriticalResult, Followed: true}
		cancelled := encountersapi.Cancelled{EncounterID: e.ID, PatientID: e.PatientID}
		wantCode(t, try(byHand), "alerts.acknowledge_first")
		wantCode(t, try(cancelled), "alerts.unacknowledged_critical")
		h.happen(ctx, t, tx, followed)
		alert := h.only(ctx, t, tx)
		if alert.Status != "OPEN" {
			t.Fatalf("a completion that followed made it %s", alert.Status)
		}
		if _, err := h.alerts.Acknowledge(ctx, tx, acknowledgeInput(alert.ID)); err != nil {
			t.Fatal(err)
		}
		h.happen(ctx, t, tx, byHand)
		h.happen(ctx, t, tx, cancelled)
	})
}
