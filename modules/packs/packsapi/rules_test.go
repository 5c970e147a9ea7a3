package packsapi_test

import (
	"context"
	"errors"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// shelf is a library whose only pack has one rule.
type shelf struct {
	packsapi.Library
	err error
}

func (s shelf) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return s, nil }

func (s shelf) Rules(pack, moment string) (packsapi.RuleSet, error) {
	if s.err != nil {
		return nil, s.err
	}
	if pack != "herbal" {
		return nil, packsapi.ErrUnknownPack
	}
	if moment != packsapi.MomentOrderCreate {
		return rules(nil), nil
	}
	return rules{{Code: "herbal.first"}, {Code: "herbal.second"}}, nil
}

type rules []packsapi.Rule

func (r rules) Rules() []packsapi.Rule                                   { return r }
func (rules) CheckSetting(string, packsapi.RuleSetting) []packsapi.Fault { return nil }
func (rules) Evaluate(context.Context, map[string]any, map[string]packsapi.RuleSetting, string) ([]packsapi.Firing, error) {
	return nil, nil
}

func codeOf(rule *packsapi.Rule) string {
	if rule == nil {
		return ""
	}
	return rule.Code
}

// TestARuleThatIsGoneIsNoError: a facility gives a pack up, a pack drops a rule, after it has fired.
func TestARuleThatIsGoneIsNoError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pack, moment, code, want string }{
		{"herbal", packsapi.MomentOrderCreate, "herbal.second", "herbal.second"},
		{"herbal", packsapi.MomentOrderCreate, "herbal.third", ""},
		{"herbal", packsapi.MomentEncounterClose, "herbal.second", ""},
		{"mineral", packsapi.MomentOrderCreate, "herbal.second", ""},
	} {
		rule, err := packsapi.FindRule(t.Context(), nil, shelf{}, db.Scope{}, c.pack, c.moment, c.code)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if got := codeOf(rule); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestPacksThatCannotBeReadAreAnError(t *testing.T) {
	t.Parallel()
	want := errors.New("unreadable")
	if rule, err := packsapi.FindRule(t.Context(), nil, shelf{err: want}, db.Scope{}, "herbal", packsapi.MomentOrderCreate, "herbal.first"); rule != nil || !errors.Is(err, want) {
		t.Errorf("got %v, %v", rule, err)
	}
}
