package iam_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamtest"
)

func TestWithRoleGivesThoseWhoWorkInTheFacility(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		nurse := func(with iamtest.With) uuid.UUID {
			with.Roles = []string{"nurse"}
			return iamtest.User(ctx, t, tx, with)
		}
		want := []uuid.UUID{nurse(iamtest.With{}), nurse(iamtest.With{})}
		nurse(iamtest.With{MembershipEnded: true})
		nurse(iamtest.With{Disabled: true})
		iamtest.User(ctx, t, tx, iamtest.With{Roles: []string{"doctor"}})
		elsewhere := tx.Scope()
		elsewhere.FacilityID = id.New()
		if err := tx.Nested(ctx, elsewhere, func(tx db.Tx) error {
			iamtest.User(ctx, t, tx, iamtest.With{Roles: []string{"nurse"}})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(want, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
		got, err := iam.Reader{}.WithRole(ctx, tx, tx.Scope(), "nurse")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, want %v (%v)", got, want, err)
		}
	})
}
