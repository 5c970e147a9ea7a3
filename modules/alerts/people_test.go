package alerts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
)

func (h house) team(ctx context.Context, t testing.TB, tx db.Tx, code string, members ...uuid.UUID) alerts.Team {
	t.Helper()
	var in alerts.CreateTeamInput
	in.Body.Code, in.Body.Name, in.Body.MemberIDs = code, "The team "+code, members
	team, err := h.alerts.CreateTeam(ctx, tx, in)
	if err != nil {
		t.Fatal(err)
	}
	return team
}

func dutyInput(userID uuid.UUID, role *string, teamID *uuid.UUID, from, until time.Duration) alerts.CreateDutyInput {
	var in alerts.CreateDutyInput
	in.Body.UserID, in.Body.Role, in.Body.TeamID = userID, role, teamID
	in.Body.StartsAt, in.Body.EndsAt = testkit.Epoch.Add(from), testkit.Epoch.Add(until)
	return in
}

func (h house) duty(ctx context.Context, t testing.TB, tx db.Tx, in alerts.CreateDutyInput) alerts.Duty {
	t.Helper()
	duty, err := h.alerts.CreateDuty(ctx, tx, in)
	if err != nil {
		t.Fatal(err)
	}
	return duty
}

// Whom a step to a duty reaches is who is on duty when it is asked, and everybody while nobody is.
func TestAStepToADuty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to    string
		put   func(context.Context, testing.TB, db.Tx, house)
		reach func(house) []uuid.UUID
	}{
		"nobody is on duty": {"doctor", func(context.Context, testing.TB, db.Tx, house) {}, func(h house) []uuid.UUID { return []uuid.UUID{h.doctor, h.colleague} }},
		"one is": {"doctor", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			h.duty(ctx, t, tx, dutyInput(h.colleague, text("doctor"), nil, -time.Hour, time.Hour))
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.colleague} }},
		"one was": {"doctor", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			h.duty(ctx, t, tx, dutyInput(h.colleague, text("doctor"), nil, -2*time.Hour, -time.Hour))
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.doctor, h.colleague} }},
		"one is, for another role": {"doctor", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			h.duty(ctx, t, tx, dutyInput(h.nurse, text("nurse"), nil, -time.Hour, time.Hour))
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.doctor, h.colleague} }},
		"a team has nobody on duty": {"rapid", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			h.team(ctx, t, tx, "rapid", h.nurse, h.pathologist)
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.nurse, h.pathologist} }},
		"one of a team is": {"rapid", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			team := h.team(ctx, t, tx, "rapid", h.nurse, h.pathologist)
			h.duty(ctx, t, tx, dutyInput(h.nurse, nil, &team.ID, -time.Hour, time.Hour))
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.nurse} }},
		"who was of the team is on duty": {"rapid", func(ctx context.Context, t testing.TB, tx db.Tx, h house) {
			team := h.team(ctx, t, tx, "rapid", h.nurse, h.pathologist)
			h.duty(ctx, t, tx, dutyInput(h.nurse, nil, &team.ID, -time.Hour, time.Hour))
			in := alerts.UpdateTeamInput{ByID: alerts.ByID{ID: team.ID}}
			in.Body.MemberIDs = &[]uuid.UUID{h.pathologist}
			if _, err := h.alerts.UpdateTeam(ctx, tx, in); err != nil {
				t.Fatal(err)
			}
		}, func(h house) []uuid.UUID { return []uuid.UUID{h.pathologist} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			w.act(t, func(tx db.Tx) {
				c.put(w.ctx, t, tx, w.house)
				w.policy(w.ctx, t, tx, "critical_result", 0, alerts.Step{AfterMinutes: 1, ToDuty: &c.to})
			})
			alertID := w.raise(t).ID
			w.later(t, time.Minute)
			last := w.now(t, alertID).History[1]
			var reached []uuid.UUID
			for _, p := range last.Recipients {
				reached = append(reached, p.ID)
			}
			if last.Act != "escalated" || !same(reached, c.reach(w.house)) {
				t.Errorf("%s reached %v", last.Act, last.Recipients)
			}
		})
	}
}

// mine=true, is_mine and the recipients say the same of everybody, whatever the step.
func TestMineIsWhatOneIsARecipientOf(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]alerts.Step{
		"role": {ToRole: text("pathologist")}, "team": {ToTeam: text("rapid")}, "duty of a role": {ToDuty: text("doctor")}, "duty of a team": {ToDuty: text("rapid")},
		"duty of a role without anybody": {ToDuty: text("nurse")}, "duty of a team whose one has left": {ToDuty: text("left")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			step.AfterMinutes = 1
			w.act(t, func(tx db.Tx) {
				team := w.team(w.ctx, t, tx, "rapid", w.nurse, w.technician)
				w.duty(w.ctx, t, tx, dutyInput(w.technician, nil, &team.ID, -time.Hour, time.Hour))
				w.duty(w.ctx, t, tx, dutyInput(w.colleague, text("doctor"), nil, -time.Hour, time.Hour))
				left := w.team(w.ctx, t, tx, "left", w.nurse, w.pathologist)
				w.duty(w.ctx, t, tx, dutyInput(w.nurse, nil, &left.ID, -time.Hour, time.Hour))
				in := alerts.UpdateTeamInput{ByID: alerts.ByID{ID: left.ID}}
				in.Body.MemberIDs = &[]uuid.UUID{w.pathologist}
				if _, err := w.alerts.UpdateTeam(w.ctx, tx, in); err != nil {
					t.Fatal(err)
				}
				w.policy(w.ctx, t, tx, "critical_result", 0, step)
			})
			alertID := w.raise(t).ID
			w.later(t, time.Minute)
			forWhom := recipients(w.now(t, alertID))
			roles := map[uuid.UUID]string{w.doctor: "doctor", w.colleague: "doctor", w.nurse: "nurse", w.technician: "lab_technician", w.pathologist: "pathologist", w.admin: "admin"}
			for userID, role := range roles {
				ctx := as(w.ctx, userID, []string{role})
				err := w.Pool.InTx(ctx, func(tx db.Tx) error {
					found := w.list(ctx, t, tx, func(in *alerts.ListInput) { in.Mine = true })
					is := slices.Contains(forWhom, userID)
					if (len(found) == 1) != is || w.get(ctx, t, tx, alertID).IsMine != is {
						t.Errorf("the %s: listed %d, is a recipient %t", role, len(found), is)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestTeamsAreChecked(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		try := func(code string, members ...uuid.UUID) error {
			var in alerts.CreateTeamInput
			in.Body.Code, in.Body.Name, in.Body.MemberIDs = code, "A team", members
			return tx.Nested(ctx, tx.Scope(), func(tx db.Tx) error { _, err := h.alerts.CreateTeam(ctx, tx, in); return err })
		}
		wantCode(t, try("doctor"), "alerts.invalid")
		wantCode(t, try("rapid", id.New()), "alerts.invalid")
		if err := try("rapid", h.nurse, h.nurse); err != nil {
			t.Fatal(err)
		}
		wantCode(t, try("rapid"), "alerts.team_code_taken")
		page, err := h.alerts.ListTeams(ctx, tx, alerts.ListTeamsInput{PageParams: httpx.PageParams{Limit: 1, Count: true}})
		if err != nil || len(page.Results) != 1 || *page.Count != 1 || len(page.Results[0].Members) != 1 {
			t.Fatalf("got %+v, %v", page, err)
		}
		in := alerts.UpdateTeamInput{ByID: alerts.ByID{ID: page.Results[0].ID}, IfMatch: httpx.IfMatch{IfMatch: `"7"`}}
		_, err = h.alerts.UpdateTeam(ctx, tx, in)
		wantCode(t, err, "request.stale")
		no := false
		in.IfMatch.IfMatch, in.Body.IsActive = page.Results[0].ETag(), &no
		changed, err := h.alerts.UpdateTeam(ctx, tx, in)
		if err != nil || changed.IsActive || len(changed.Members) != 1 {
			t.Errorf("got %+v, %v", changed, err)
		}
		_, err = h.alerts.GetTeam(ctx, tx, alerts.ByID{ID: id.New()})
		wantCode(t, err, "alerts.team_not_found")
	})
}

func TestDutiesAreChecked(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		team := h.team(ctx, t, tx, "rapid", h.nurse)
		for name, c := range map[string]struct {
			in alerts.CreateDutyInput
			at string
		}{
			"for nothing":            {dutyInput(h.nurse, nil, nil, 0, time.Hour), "body"},
			"for both":               {dutyInput(h.nurse, text("nurse"), &team.ID, 0, time.Hour), "body"},
			"ends before it starts":  {dutyInput(h.nurse, text("nurse"), nil, time.Hour, 0), "body.ends_at"},
			"for ever":               {dutyInput(h.nurse, text("nurse"), nil, 0, 32*24*time.Hour), "body.ends_at"},
			"for a role not one's":   {dutyInput(h.nurse, text("doctor"), nil, 0, time.Hour), "body.user_id"},
			"for a team not one's":   {dutyInput(h.doctor, nil, &team.ID, 0, time.Hour), "body.user_id"},
			"of nobody who is known": {dutyInput(id.New(), text("nurse"), nil, 0, time.Hour), "body.user_id"},
		} {
			_, err := h.alerts.CreateDuty(ctx, tx, c.in)
			if fault := errs.Of(err); fault == nil || fault.Code != "alerts.invalid" || len(fault.Fields) != 1 || fault.Fields[0].Location != c.at {
				t.Errorf("%s: %v", name, err)
			}
		}
		duty := h.duty(ctx, t, tx, dutyInput(h.nurse, nil, &team.ID, -time.Hour, time.Hour))
		if !duty.IsNow || *duty.TeamName != "The team rapid" || duty.User.FullName != "The nurse" {
			t.Errorf("got %+v", duty)
		}
		relieved := testkit.Epoch
		in := alerts.UpdateDutyInput{ByID: alerts.ByID{ID: duty.ID}}
		in.Body.EndsAt = &relieved
		moved, err := h.alerts.UpdateDuty(ctx, tx, in)
		if err != nil || moved.IsNow {
			t.Errorf("moved: %+v, %v", moved, err)
		}
		if _, err := h.alerts.DeleteDuty(ctx, tx, alerts.ByID{ID: duty.ID}); err != nil {
			t.Error(err)
		}
		_, err = h.alerts.GetDuty(ctx, tx, alerts.ByID{ID: duty.ID})
		wantCode(t, err, "alerts.duty_not_found")
	})
}

func TestDutiesAreListedInTheirOrder(t *testing.T) {
	t.Parallel()
	inFacility(t, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		for _, from := range []time.Duration{4, 0, 2} {
			h.duty(ctx, t, tx, dutyInput(h.nurse, text("nurse"), nil, from*time.Hour, (from+1)*time.Hour))
		}
		in := alerts.ListDutiesInput{PageParams: httpx.PageParams{Limit: 1, Count: true}, Since: testkit.Epoch.Add(90 * time.Minute), Role: "nurse"}
		var starts []time.Duration
		for {
			page, err := h.alerts.ListDuties(ctx, tx, in)
			if err != nil || *page.Count != 2 {
				t.Fatalf("%+v, %v", page, err)
			}
			starts = append(starts, page.Results[0].StartsAt.Sub(testkit.Epoch)/time.Hour)
			if page.Next == nil {
				break
			}
			in.Cursor = *page.Next
		}
		if !slices.Equal(starts, []time.Duration{2, 4}) {
			t.Errorf("got %v", starts)
		}
	})
}
