package tasks_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
)

// bench is a laboratory that is told of by the test: an order of two tests, and what becomes of them.
type bench struct {
	house
	encounter encountersapi.Encounter
	order     ordersapi.Created
	cbc, tsh  labapi.ItemRef
}

// ordered has a count of the blood ordered, due in four hours, and a test that the catalogue does not know, due never.
func (h house) ordered(ctx context.Context, t testing.TB, tx db.Tx, e encountersapi.Encounter) bench {
	t.Helper()
	orderID := id.New()
	b := bench{house: h, encounter: e,
		cbc: labapi.ItemRef{ItemID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000000"), OrderID: orderID, ServiceCode: "CBC"},
		tsh: labapi.ItemRef{ItemID: uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000000"), OrderID: orderID, ServiceCode: "TSH"}}
	by := tx.Now().Add(4 * time.Hour)
	b.order.About = ordersapi.About{OrderID: orderID, EncounterID: e.ID, PatientID: e.PatientID, OrderType: "LAB"}
	b.order.Items = []ordersapi.CreatedItem{
		{ItemID: b.cbc.ItemID, ServiceCode: "CBC", Name: "Complete blood count", Priority: "ROUTINE", DueAt: &by, Tasks: []ordersapi.ItemTask{
			{Code: "collect-sample-aaaaaaaa", Title: "As the pack calls it", Role: "nurse"}}},
		{ItemID: b.tsh.ItemID, ServiceCode: "TSH", Name: "Thyroid stimulating hormone", Priority: "ROUTINE"},
	}
	h.happen(ctx, t, tx, b.order)
	return b
}

func (b bench) sample(items ...labapi.ItemRef) labapi.AboutSample {
	return labapi.AboutSample{SampleID: id.New(), EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID, Items: items}
}

func (b bench) result(item labapi.ItemRef, version int) labapi.AboutResult {
	return labapi.AboutResult{ResultID: id.New(), EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID, ItemRef: item, Version: version}
}

// inLaboratory runs fn with an order in an open encounter.
func inLaboratory(t *testing.T, fn func(ctx context.Context, tx db.Tx, b bench)) {
	t.Helper()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		fn(ctx, tx, h.ordered(ctx, t, tx, e))
	})
}

func TestTheLaboratorysTasksFollowItsEvents(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		for _, step := range []struct {
			happens  events.Event
			cbc, tsh []string
		}{
			{nil, []string{"collect-sample-aaaaaaaa OPEN"}, []string{"collect-sample-bbbbbbbb OPEN"}},
			{labapi.SampleCollected{AboutSample: b.sample(b.cbc, b.tsh)},
				[]string{"collect-sample-aaaaaaaa DONE", "receive-sample-aaaaaaaa OPEN"}, []string{"collect-sample-bbbbbbbb DONE", "receive-sample-bbbbbbbb OPEN"}},
			{labapi.SampleReceived{AboutSample: b.sample(b.cbc, b.tsh)},
				[]string{"collect-sample-aaaaaaaa DONE", "enter-result-aaaaaaaa OPEN", "receive-sample-aaaaaaaa DONE"},
				[]string{"collect-sample-bbbbbbbb DONE", "enter-result-bbbbbbbb OPEN", "receive-sample-bbbbbbbb DONE"}},
			{labapi.ResultEntered{AboutResult: b.result(b.cbc, 1)},
				[]string{"collect-sample-aaaaaaaa DONE", "enter-result-aaaaaaaa DONE", "receive-sample-aaaaaaaa DONE", "verify-result-aaaaaaaa OPEN"},
				[]string{"collect-sample-bbbbbbbb DONE", "enter-result-bbbbbbbb OPEN", "receive-sample-bbbbbbbb DONE"}},
			{labapi.ResultVerified{AboutResult: b.result(b.cbc, 1)},
				[]string{"collect-sample-aaaaaaaa DONE", "enter-result-aaaaaaaa DONE", "receive-sample-aaaaaaaa DONE", "verify-result-aaaaaaaa DONE"},
				[]string{"collect-sample-bbbbbbbb DONE", "enter-result-bbbbbbbb OPEN", "receive-sample-bbbbbbbb DONE"}},
			{labapi.ResultEntered{AboutResult: b.result(b.cbc, 2), FormerReleased: true}, // a correction is verified anew
				[]string{"collect-sample-aaaaaaaa DONE", "enter-result-aaaaaaaa DONE", "receive-sample-aaaaaaaa DONE", "verify-result-aaaaaaaa OPEN"},
				[]string{"collect-sample-bbbbbbbb DONE", "enter-result-bbbbbbbb OPEN", "receive-sample-bbbbbbbb DONE"}},
		} {
			if step.happens != nil {
				b.happen(ctx, t, tx, step.happens)
			}
			var ofCBC, ofTSH []string
			for _, state := range states(ctx, t, tx, b.encounter.ID) {
				if strings.Contains(state, "aaaaaaaa") {
					ofCBC = append(ofCBC, state)
				} else {
					ofTSH = append(ofTSH, state)
				}
			}
			want(t, ofCBC, step.cbc...)
			want(t, ofTSH, step.tsh...)
		}
	})
}

func TestARejectedSampleIsCollectedAnew(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.SampleRejected{AboutSample: b.sample(b.cbc)})
		want(t, states(ctx, t, tx, b.encounter.ID), "collect-sample-aaaaaaaa OPEN", "collect-sample-bbbbbbbb OPEN", "receive-sample-aaaaaaaa CANCELLED")
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.SampleReceived{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.SampleRejected{AboutSample: b.sample(b.cbc)}) // in the laboratory's hands
		want(t, states(ctx, t, tx, b.encounter.ID), "collect-sample-aaaaaaaa OPEN", "collect-sample-bbbbbbbb OPEN", "enter-result-aaaaaaaa CANCELLED", "receive-sample-aaaaaaaa DONE")
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.SampleReceived{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.ResultEntered{AboutResult: b.result(b.cbc, 1)})
		want(t, states(ctx, t, tx, b.encounter.ID), "collect-sample-aaaaaaaa DONE", "collect-sample-bbbbbbbb OPEN", "enter-result-aaaaaaaa DONE", "receive-sample-aaaaaaaa DONE", "verify-result-aaaaaaaa OPEN")
	})
}

func TestTheLaboratorysTasksSayWhatAndByWhen(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc, b.tsh)})
		b.happen(ctx, t, tx, labapi.SampleReceived{AboutSample: b.sample(b.cbc, b.tsh)})
		b.happen(ctx, t, tx, labapi.ResultEntered{AboutResult: b.result(b.cbc, 1)})
		for code, wanted := range map[string]struct {
			title string
			hours int
		}{
			"collect-sample-aaaaaaaa": {"Collect the sample: Complete blood count", 1}, "receive-sample-aaaaaaaa": {"Receive the sample: Complete blood count", 2},
			"enter-result-aaaaaaaa": {"Enter the result: Complete blood count", 3}, "verify-result-aaaaaaaa": {"Verify the result: Complete blood count", 4},
			"collect-sample-bbbbbbbb": {"Collect the sample: Thyroid stimulating hormone", 0}, "enter-result-bbbbbbbb": {"Enter the result: TSH", 0},
		} {
			task := b.create(ctx, t, tx, b.encounter.ID, code) // finds it
			if task.Title != wanted.title {
				t.Errorf("%s is called %q", code, task.Title)
			}
			switch due := tx.Now().Add(time.Duration(wanted.hours) * time.Hour); {
			case wanted.hours == 0 && task.DueAt != nil:
				t.Errorf("%s is due at %v", code, task.DueAt)
			case wanted.hours > 0 && (task.DueAt == nil || !task.DueAt.Equal(due)):
				t.Errorf("%s is due at %v, want %v", code, task.DueAt, due)
			}
		}
	})
}

// What people have done by hand, or left out, does not keep the laboratory's list from being right.
func TestTheLaboratoryIsRightWhateverPeopleDidToItsTasks(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		collect := b.create(ctx, t, tx, b.encounter.ID, "collect-sample-aaaaaaaa")
		if _, err := b.act(ctx, tx, collect.ID, "complete"); err != nil {
			t.Fatal(err)
		}
		other := b.create(ctx, t, tx, b.encounter.ID, "collect-sample-bbbbbbbb")
		if _, err := b.act(ctx, tx, other.ID, "cancel"); err != nil {
			t.Fatal(err)
		}
		b.create(ctx, t, tx, b.encounter.ID, "enter-result-aaaaaaaa") // too early, and by hand
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc, b.tsh)})
		b.happen(ctx, t, tx, labapi.SampleReceived{AboutSample: b.sample(b.cbc, b.tsh)})
		end(ctx, t, tx, b.encounter, encountersapi.StatusClosed)
		b.happen(ctx, t, tx, encountersapi.Closed{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
		want(t, states(ctx, t, tx, b.encounter.ID), "collect-sample-aaaaaaaa DONE", "collect-sample-bbbbbbbb CANCELLED",
			"enter-result-aaaaaaaa OPEN", "enter-result-bbbbbbbb OPEN", "receive-sample-aaaaaaaa DONE", "receive-sample-bbbbbbbb DONE")
	})
}

func TestTheLaboratorysTasksOutliveAClosedEncounter(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		b.create(ctx, t, tx, b.encounter.ID, "call-the-porter")
		end(ctx, t, tx, b.encounter, encountersapi.StatusClosed)
		b.happen(ctx, t, tx, encountersapi.Closed{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
		want(t, states(ctx, t, tx, b.encounter.ID), "call-the-porter CANCELLED", "collect-sample-aaaaaaaa OPEN", "collect-sample-bbbbbbbb OPEN")

		// The laboratory goes on, and so may people.
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.SampleReceived{AboutSample: b.sample(b.cbc)})
		b.happen(ctx, t, tx, labapi.ResultEntered{AboutResult: b.result(b.cbc, 1)})
		verify := b.create(ctx, t, tx, b.encounter.ID, "verify-result-aaaaaaaa")
		if len(verify.Actions) == 0 {
			t.Error("nobody may do anything to it")
		}
		for _, move := range []string{"assign", "start", "complete", "reopen", "unassign"} {
			if _, err := b.act(ctx, tx, verify.ID, move); err != nil {
				t.Errorf("%s: %v", move, err)
			}
		}
		porter := b.create(ctx, t, tx, b.encounter.ID, "call-the-porter")
		_, err := b.act(ctx, tx, porter.ID, "start")
		wantCode(t, err, "encounters.not_open")
		// Nothing else begins after the end.
		_, err = b.tasks.Create(ctx, tx, createInput(b.encounter.ID, "enter-result-bbbbbbbb"))
		wantCode(t, err, "encounters.not_open")

		b.happen(ctx, t, tx, ordersapi.ItemCancelled{AboutItem: ordersapi.AboutItem{About: b.order.About, ItemID: b.tsh.ItemID, ServiceCode: "TSH"}})
		want(t, states(ctx, t, tx, b.encounter.ID), "call-the-porter CANCELLED", "collect-sample-aaaaaaaa DONE", "collect-sample-bbbbbbbb CANCELLED",
			"enter-result-aaaaaaaa DONE", "receive-sample-aaaaaaaa DONE", "verify-result-aaaaaaaa IN_PROGRESS")
	})
}

// A result may call for another test when the patient has gone home.
func TestATestOrderedAfterClosingBeginsWithItsSample(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		end(ctx, t, tx, e, encountersapi.StatusClosed)
		h.happen(ctx, t, tx, encountersapi.Closed{EncounterID: e.ID, PatientID: e.PatientID})
		b := h.ordered(ctx, t, tx, e)
		want(t, states(ctx, t, tx, e.ID), "collect-sample-aaaaaaaa OPEN", "collect-sample-bbbbbbbb OPEN")
		h.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.tsh)})
		want(t, states(ctx, t, tx, e.ID), "collect-sample-aaaaaaaa OPEN", "collect-sample-bbbbbbbb DONE", "receive-sample-bbbbbbbb OPEN")
	})
}

func TestACancelledEncounterEndsTheLaboratorysTasksToo(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		collect := b.create(ctx, t, tx, b.encounter.ID, "collect-sample-aaaaaaaa")
		end(ctx, t, tx, b.encounter, encountersapi.StatusCancelled)
		b.happen(ctx, t, tx, encountersapi.Cancelled{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
		b.happen(ctx, t, tx, labapi.SampleCollected{AboutSample: b.sample(b.cbc)})
		want(t, states(ctx, t, tx, b.encounter.ID), "collect-sample-aaaaaaaa CANCELLED", "collect-sample-bbbbbbbb CANCELLED")
		_, err := b.act(ctx, tx, collect.ID, "complete")
		wantCode(t, err, "encounters.not_open")
	})
}

func (b bench) alert(kind string) alertsapi.About {
	return alertsapi.About{AlertID: id.New(), Kind: kind, Severity: alertsapi.SeverityCritical, EncounterID: &b.encounter.ID, PatientID: &b.encounter.PatientID}
}

func TestACriticalResultIsATaskUntilTheLastIsAcknowledged(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		ack := func() string {
			t.Helper()
			for _, state := range states(ctx, t, tx, b.encounter.ID) {
				if strings.Contains(state, labapi.TaskCriticalResult) {
					return state
				}
			}
			return ""
		}
		doctor := id.New()
		iamtest.User(ctx, t, tx, iamtest.With{ID: doctor, FullName: "Doctor Rao"})
		first, second := b.alert(alertsapi.KindCriticalResult), b.alert(alertsapi.KindCriticalResult)
		b.happen(ctx, t, tx, alertsapi.Raised{About: b.alert(alertsapi.KindTestOverdue), RecipientIDs: []uuid.UUID{doctor}})
		want(t, []string{ack()}, "")
		b.happen(ctx, t, tx, alertsapi.Raised{About: first, RecipientIDs: []uuid.UUID{doctor}})
		b.happen(ctx, t, tx, alertsapi.Raised{About: second, RecipientIDs: []uuid.UUID{doctor, b.nurse}})
		want(t, []string{ack()}, "critical-result-ack OPEN")
		if task := b.create(ctx, t, tx, b.encounter.ID, labapi.TaskCriticalResult); task.AssignedToID == nil || *task.AssignedToID != doctor {
			t.Errorf("it is the task of %v", task.AssignedToID)
		}

		b.alerts.unacknowledged = []string{"K"}
		b.happen(ctx, t, tx, alertsapi.Acknowledged{About: first})
		want(t, []string{ack()}, "critical-result-ack OPEN")
		b.alerts.unacknowledged = nil
		b.happen(ctx, t, tx, alertsapi.Acknowledged{About: b.alert(alertsapi.KindSampleRejected)})
		want(t, []string{ack()}, "critical-result-ack OPEN")
		b.happen(ctx, t, tx, alertsapi.Resolved{About: second})
		want(t, []string{ack()}, "critical-result-ack DONE")

		// The patient has gone home when the next one comes.
		end(ctx, t, tx, b.encounter, encountersapi.StatusClosed)
		b.happen(ctx, t, tx, encountersapi.Closed{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
		b.happen(ctx, t, tx, alertsapi.Raised{About: b.alert(alertsapi.KindCriticalResult), RecipientIDs: []uuid.UUID{doctor}})
		want(t, []string{ack()}, "critical-result-ack OPEN")
		b.happen(ctx, t, tx, alertsapi.Acknowledged{About: first})
		want(t, []string{ack()}, "critical-result-ack DONE")
	})
}

func TestACriticalResultOfManyReceiversIsNobodysTask(t *testing.T) {
	t.Parallel()
	inLaboratory(t, func(ctx context.Context, tx db.Tx, b bench) {
		b.happen(ctx, t, tx, alertsapi.Raised{About: b.alert(alertsapi.KindCriticalResult), RecipientIDs: []uuid.UUID{b.nurse, unknown}})
		if task := b.create(ctx, t, tx, b.encounter.ID, labapi.TaskCriticalResult); task.AssignedToID != nil {
			t.Errorf("it is the task of %v", task.AssignedToID)
		}
	})
}
