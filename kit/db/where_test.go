package db_test

import (
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/db"
)

func TestWhereNumbersItsParameters(t *testing.T) {
	t.Parallel()
	var w db.Where
	if w.SQL() != "" {
		t.Errorf("no condition gives %q", w.SQL())
	}
	w.And("tenant_id = ?", "a")
	w.And("(at, id) < (?, ?)", "b", "c")
	w.And("closed")
	limit := w.Arg(51)
	if got, want := w.SQL()+" LIMIT "+limit, " WHERE tenant_id = $1 AND (at, id) < ($2, $3) AND closed LIMIT $4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []any{"a", "b", "c", 51}; !slices.Equal(w.Args(), want) {
		t.Errorf("got %v, want %v", w.Args(), want)
	}
}

func TestAnyOf(t *testing.T) {
	t.Parallel()
	known := []string{"OPEN", "DONE", "LOST"}
	for _, c := range []struct {
		asked []string
		want  string
	}{
		{nil, ""}, {known, ""}, {[]string{"OPEN"}, "status IN ('OPEN')"}, {[]string{"DONE", "OPEN", "DONE"}, "status IN ('OPEN', 'DONE')"},
		{[]string{"LOST"}, "status = 'LOST'"}, {[]string{"LOST", "OPEN"}, "(status IN ('OPEN') OR status = 'LOST')"},
	} {
		if got := db.AnyOf("status", c.asked, known, "LOST"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.asked, got, c.want)
		}
	}
}
