package tasks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/tasks"
)

func listInput(change func(*tasks.ListInput)) tasks.ListInput {
	in := tasks.ListInput{PageParams: httpx.PageParams{Limit: 50, Count: true}, Ordering: "-created_at"}
	if change != nil {
		change(&in)
	}
	return in
}

// listed gives the codes of a list, page by page, in order.
func (h house) listed(ctx context.Context, t testing.TB, tx db.Tx, in tasks.ListInput) []string {
	t.Helper()
	codes := []string{}
	for {
		page, err := h.tasks.List(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range page.Results {
			codes = append(codes, task.Code)
		}
		if page.Next == nil {
			if *page.Count != int64(len(codes)) {
				t.Errorf("count says %d of %d", *page.Count, len(codes))
			}
			return codes
		}
		in.Cursor = *page.Next
	}
}

// queue makes tasks a to f, created in this order, due as given in minutes from now; nought is no due time.
func (h house) queue(ctx context.Context, t testing.TB, tx db.Tx, e encountersapi.Encounter, due ...int) {
	t.Helper()
	for i, m := range due {
		in := createInput(e.ID, string(rune('a'+i)))
		if m != 0 {
			in.Body.DueAt = ptr(tx.Now().Add(minutes(m)))
		}
		if _, err := h.tasks.Create(ctx, tx, in); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, `UPDATE tasks.task SET created_at = $1 WHERE code = $2`, tx.Now().Add(minutes(i)), in.Body.Code); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOrderings(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.queue(ctx, t, tx, e, 30, 0, 10, 0, 20)
		for ordering, expected := range map[string][]string{
			"created_at": {"a", "b", "c", "d", "e"}, "-created_at": {"e", "d", "c", "b", "a"},
			// Those without a due time come last either way, by id.
			"due_at": {"c", "e", "a", "b", "d"}, "-due_at": {"a", "e", "c", "d", "b"},
		} {
			for limit := 1; limit <= 5; limit++ {
				in := listInput(func(in *tasks.ListInput) { in.Ordering, in.Limit = ordering, limit })
				if got := h.listed(ctx, t, tx, in); !slices.Equal(got, expected) {
					t.Errorf("%s by %d: got %v, want %v", ordering, limit, got, expected)
				}
			}
		}
	})
}

func TestACursorBelongsToItsOrdering(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.queue(ctx, t, tx, e, 30, 0)
		page, err := h.tasks.List(ctx, tx, listInput(func(in *tasks.ListInput) { in.Limit = 1 }))
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.tasks.List(ctx, tx, listInput(func(in *tasks.ListInput) { in.Ordering, in.Cursor = "due_at", *page.Next }))
		if fault := errs.Of(err); fault == nil || fault.Fields[0].Location != "query.cursor" {
			t.Errorf("got %v", err)
		}
	})
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.queue(ctx, t, tx, e, -10, -5, 15, 0)
		other := encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		h.create(ctx, t, tx, other.ID, "z")
		for code, moves := range map[string][]string{"b": {"complete"}, "c": {"start"}, "d": {"assign"}} {
			page, err := h.tasks.List(ctx, tx, listInput(func(in *tasks.ListInput) { in.Code = code }))
			if err != nil {
				t.Fatal(err)
			}
			for _, move := range moves {
				if _, err := h.act(ctx, tx, page.Results[0].ID, move); err != nil {
					t.Fatal(err)
				}
			}
		}
		now := tx.Now()
		for name, c := range map[string]struct {
			filter func(*tasks.ListInput)
			want   []string
		}{
			"encounter":  {func(in *tasks.ListInput) { in.EncounterID = other.ID }, []string{"z"}},
			"status":     {func(in *tasks.ListInput) { in.Status = []string{"IN_PROGRESS"} }, []string{"c"}},
			"statuses":   {func(in *tasks.ListInput) { in.Status, in.EncounterID = []string{"OPEN,DONE"}, e.ID }, []string{"d", "b", "a"}},
			"assignee":   {func(in *tasks.ListInput) { in.AssignedToID = h.nurse }, []string{"d"}},
			"overdue":    {func(in *tasks.ListInput) { in.Overdue = true }, []string{"a"}},
			"due before": {func(in *tasks.ListInput) { in.DueBefore = now.Add(minutes(-5)) }, []string{"a"}},
			"due after":  {func(in *tasks.ListInput) { in.DueAfter = now.Add(minutes(-5)) }, []string{"c", "b"}},
			"code":       {func(in *tasks.ListInput) { in.Code = "c" }, []string{"c"}},
			"not mine":   {func(in *tasks.ListInput) { in.Mine = true }, []string{}},
		} {
			if got := h.listed(ctx, t, tx, listInput(c.filter)); !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
		mine := tx.Scope()
		mine.UserID = h.nurse
		if got := h.listed(db.WithScope(ctx, mine), t, tx, listInput(func(in *tasks.ListInput) { in.Mine = true })); !slices.Equal(got, []string{"d"}) {
			t.Errorf("mine: got %v", got)
		}
	})
}

func TestATaskBecomesOverdueByTheClock(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, e encountersapi.Encounter) {
		h.queue(ctx, t, tx, e, 10)
		for _, wantOverdue := range []bool{false, true} {
			page, err := h.tasks.List(ctx, tx, listInput(nil))
			if err != nil || page.Results[0].IsOverdue != wantOverdue {
				t.Errorf("got %+v, %v, want overdue %t", page.Results, err, wantOverdue)
			}
			h.clock.Advance(10*time.Minute + time.Second)
		}
	})
}

func TestAnUnknownStatusIsAFault(t *testing.T) {
	t.Parallel()
	inFacility(t, encounterstest.With{}, func(ctx context.Context, tx db.Tx, h house, _ encountersapi.Encounter) {
		_, err := h.tasks.List(ctx, tx, listInput(func(in *tasks.ListInput) { in.Status = []string{"LOST"} }))
		if fault := errs.Of(err); fault == nil || fault.Fields[0].Location != "query.status" {
			t.Errorf("got %v", err)
		}
	})
}
