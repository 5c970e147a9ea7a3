package lab

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/lab/labapi"
)

var epoch = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

func codeOf(err error) string {
	if e := errs.Of(err); e != nil {
		return e.Code
	}
	return ""
}

// Whatever the standing, what is vouched for is the latest version of a test that was not cancelled, once, with its call
// where it is critical, by another where four eyes are asked for, and not while quality control holds it.
func TestAResultIsVerifiedOnlyInFullStanding(t *testing.T) {
	t.Parallel()
	statuses := []labapi.ResultStatus{labapi.ResultStatusEntered, labapi.ResultStatusVerified, labapi.ResultStatusReleased}
	rapid.Check(t, func(t *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		s := standing{status: rapid.SampledFrom(statuses).Draw(t, "status"), isLatest: flag("latest"), isCancelled: flag("cancelled"),
			isCritical: flag("critical"), isNoticed: flag("noticed"), isHeld: flag("held"), byEnterer: flag("enterer")}
		sound := s.isLatest && !s.isCancelled && !s.isHeld
		if may := mayVerify(s) == nil; may != (sound && s.status == labapi.ResultStatusEntered && (s.isNoticed || !s.isCritical) && !s.byEnterer) {
			t.Fatalf("%+v may be verified: %t", s, may)
		}
		if may := mayRelease(s) == nil; may != (sound && s.status == labapi.ResultStatusVerified) {
			t.Fatalf("%+v may be released: %t", s, may)
		}
	})
}

func TestWhyAResultCannotMove(t *testing.T) {
	t.Parallel()
	good := standing{status: labapi.ResultStatusEntered, isLatest: true}
	with := func(change func(*standing)) standing {
		s := good
		change(&s)
		return s
	}
	for _, c := range []struct {
		name            string
		s               standing
		verify, release string
	}{
		{"entered", good, "", "lab.verification_required"},
		{"verified", with(func(s *standing) { s.status = labapi.ResultStatusVerified }), "lab.illegal_transition", ""},
		{"released", with(func(s *standing) { s.status = labapi.ResultStatusReleased }), "lab.illegal_transition", "lab.illegal_transition"},
		{"superseded", with(func(s *standing) { s.isLatest = false }), "lab.result_not_latest", "lab.result_not_latest"},
		{"cancelled", with(func(s *standing) { s.isCancelled = true }), "lab.item_not_open", "lab.item_not_open"},
		{"critical", with(func(s *standing) { s.isCritical = true }), "lab.critical_notice_required", "lab.verification_required"},
		{"critical and told", with(func(s *standing) { s.isCritical, s.isNoticed = true, true }), "", "lab.verification_required"},
		{"one's own", with(func(s *standing) { s.byEnterer = true }), "lab.four_eyes", "lab.verification_required"},
		{"held", with(func(s *standing) { s.isHeld = true }), "lab.quality_control_held", "lab.verification_required"},
		{"held when verified", with(func(s *standing) { s.isHeld, s.status = true, labapi.ResultStatusVerified }), "lab.illegal_transition", "lab.quality_control_held"},
	} {
		if got := codeOf(mayVerify(c.s)); got != c.verify {
			t.Errorf("%s: verifying gives %q, want %q", c.name, got, c.verify)
		}
		if got := codeOf(mayRelease(c.s)); got != c.release {
			t.Errorf("%s: releasing gives %q, want %q", c.name, got, c.release)
		}
	}
	for status, want := range map[string]string{requestOrdered: "lab.sample_not_received", requestCollected: "lab.sample_not_received",
		requestReceived: "", requestEntered: "", requestVerified: "", requestReleased: "", requestCancelled: "lab.item_not_open"} {
		if got := codeOf(mayEnter(status)); got != want {
			t.Errorf("entering when %s gives %q, want %q", status, got, want)
		}
	}
}
