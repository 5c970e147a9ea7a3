package httpx_test

import (
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
)

func TestAmong(t *testing.T) {
	t.Parallel()
	known := []string{"OPEN", "DONE", "LOST"}
	for _, c := range []struct{ sent, want []string }{
		{nil, nil}, {[]string{"OPEN"}, []string{"OPEN"}}, {[]string{"OPEN", "DONE"}, []string{"OPEN", "DONE"}},
		{[]string{"OPEN,DONE", "LOST"}, []string{"OPEN", "DONE", "LOST"}}, {[]string{",OPEN,", ""}, []string{"OPEN"}},
	} {
		if got, err := httpx.Among("status", c.sent, known); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, %v", c.sent, got, err)
		}
	}
	for _, sent := range []string{"open", "OPEN DONE", "OPEN,?"} {
		_, err := httpx.Among("status", []string{sent}, known)
		e := errs.Of(err)
		if e == nil || len(e.Fields) != 1 || e.Fields[0] != (errs.Field{Location: "query.status", Message: "Must be among OPEN, DONE and LOST."}) {
			t.Errorf("%q: got %v", sent, err)
		}
	}
}
