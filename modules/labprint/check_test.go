package labprint

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/id"
)

func contains(text string, all ...string) bool {
	for _, part := range all {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func asError(err error) *errs.Error {
	var e *errs.Error
	if errors.As(err, &e) {
		return e
	}
	return &errs.Error{}
}

var pageNumber = regexp.MustCompile(`Page (\d+) of (\d+)`)

func pageOf(t *testing.T, text string) (n, all int) {
	t.Helper()
	found := pageNumber.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("a page has no number: %s", text)
	}
	n, _ = strconv.Atoi(found[1])
	all, _ = strconv.Atoi(found[2])
	return n, all
}

// asked is what a passer-by with the paper is told: nobody is signed in.
func (h *house) asked(token string) Checked {
	h.t.Helper()
	ctx := db.WithScope(context.Background(), db.System())
	checked, err := h.m.Check(ctx, h.db.Pool.Read(ctx), CheckInput{Token: token})
	if err != nil {
		h.t.Fatal(err)
	}
	return checked
}

func (h *house) token(report Report) string {
	h.t.Helper()
	scope, _ := db.ScopeOf(h.ctx)
	var s *shelf
	h.inTx(h.ctx, func(tx db.Tx) (err error) {
		s, err = h.m.gather(h.ctx, tx, scope, []uuid.UUID{report.ID})
		return err
	})
	paper, _, err := h.m.compose(s, "en", "")
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.TrimPrefix(paper.Reports[0].Address, "https://lab.example.org/check/")
}

func TestAPaperIsGenuineUntilItIsReplaced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order, item := id.New(), id.New()
	first := h.released(order, item, 1, "12.5", nil)
	report := h.reports(order)[0]
	token := h.token(report)
	got := h.asked(token)
	if !got.Genuine || !*got.IsCurrent || *got.Number != report.Number || *got.Facility != "Main building" || !got.IssuedAt.Equal(report.IssuedAt) || *got.TimeZone != zone.String() {
		t.Errorf("it is told as %+v", got)
	}
	h.released(order, item, 2, "13.5", &first.ID)
	if got := h.asked(token); !got.Genuine || *got.IsCurrent || *got.Version != 1 {
		t.Errorf("the replaced one is told as %+v", got)
	}
	if got := h.asked(h.token(h.reports(order)[0])); !got.Genuine || !*got.IsCurrent || !*got.IsCorrected || *got.Version != 2 {
		t.Errorf("the new one is told as %+v", got)
	}
}

func TestAForgedPaperIsToldNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order := id.New()
	h.released(order, id.New(), 1, "12.5", nil)
	token := h.token(h.reports(order)[0])
	forged := []string{"", "x", strings.Repeat("A", len(token)), token[:len(token)-1], token + "A", token + "=", "../" + token, "%00", strings.ToLower(token)}
	raw, _ := sealText.DecodeString(token)
	for i := range raw {
		other := append([]byte(nil), raw...)
		other[i] ^= 1
		forged = append(forged, sealText.EncodeToString(other))
	}
	for _, text := range forged {
		if got := h.asked(text); got != (Checked{}) {
			t.Errorf("%q is told as %+v", text, got)
		}
	}
	// A made up one is known before anything is read for it: here there would be nothing to read it with.
	pool := h.m.deps.Pool
	h.m.deps.Pool = nil
	for _, text := range forged[:len(forged)-16] {
		if got := h.asked(text); got != (Checked{}) {
			t.Errorf("%q is told as %+v", text, got)
		}
	}
	h.m.deps.Pool = pool
	h.m.sealKey = auth.DeriveKey([]byte("the secret of another installation"), "laboratory report")
	if got := h.asked(token); got != (Checked{}) {
		t.Errorf("another installation's is told as %+v", got)
	}
}

func TestWithoutAPublicAddressTheCodeLeadsToWhereItWasPrinted(t *testing.T) {
	t.Parallel()
	s := sampleShelf()
	for _, c := range []struct{ public, site, want string }{
		{"https://lab.example.org/hm/", "http://10.0.0.5:8080", "https://lab.example.org/hm/check/"},
		{"", "http://10.0.0.5:8080", "http://10.0.0.5:8080/check/"},
		{"", "", ""},
	} {
		paper, files, err := (&Module{deps: Deps{PublicURL: c.public}, sealKey: []byte("k")}).compose(s, "en", c.site)
		if err != nil {
			t.Fatal(err)
		}
		got := paper.Reports[0]
		address, _, _ := strings.Cut(got.Address, "/check/")
		if c.want != "" && address+"/check/" != c.want || c.want == "" && got.Address != "" || (files[got.Seal] != nil) != (c.want != "") {
			t.Errorf("%+v leads to %q", c, got.Address)
		}
	}
}

func TestAPaperOfOtherContentIsNotGenuine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	order := id.New()
	h.released(order, id.New(), 1, "12.5", nil)
	token := h.token(h.reports(order)[0])
	h.db.AsSuperuser(t, `ALTER TABLE labprint.report DISABLE TRIGGER USER; UPDATE labprint.report SET content_digest = sha256('other')`)
	if got := h.asked(token); got.Genuine {
		t.Errorf("it is told as %+v", got)
	}
}
