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
