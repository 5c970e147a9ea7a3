package iam_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/iam"
)

// Two people who each stay within their own reach must not give away together what neither could: one adds to a role
// what she holds in the only house where it is held, the other takes somebody on with that role in his.
func TestARoleDoesNotGrowWhileItIsGiven(t *testing.T) {
	t.Parallel()
	h := newHospital(t)
	role := h.role(t, "helper", "ward.can_read")
	caller := func(facilityID uuid.UUID, permissions ...string) *auth.Identity {
		place := auth.Membership{TenantID: h.tenant.ID, FacilityID: facilityID, Permissions: map[string]bool{}}
		for _, p := range permissions {
			place.Permissions[p] = true
		}
		account := &auth.Account{UserID: h.tenant.UserID, Memberships: []auth.Membership{place}}
		return &auth.Identity{Account: account, Acting: &account.Memberships[0]}
	}
	inEast := db.WithScope(auth.WithIdentity(t.Context(), caller(h.east, iam.CanManageRoles, iam.CanReadRoles, "ward.can_read", "ward.can_treat")),
		db.Scope{TenantID: h.tenant.ID, FacilityID: h.east, UserID: h.tenant.UserID})
	inWest := db.WithScope(auth.WithIdentity(t.Context(), caller(h.west, iam.CanManageUsers, iam.CanReadUsers, "ward.can_read")),
		db.Scope{TenantID: h.tenant.ID, FacilityID: h.west, UserID: h.tenant.UserID})

	var hire iam.CreateUserInput
	hire.Body.Username, hire.Body.FullName, hire.Body.Password = "helper", "A helper", password
	hire.Body.Memberships = []iam.Grant{{FacilityID: h.west, Roles: []string{"helper"}}}
	if err := hire.Prepare(inWest); err != nil {
		t.Fatal(err)
	}
	hired := make(chan error, 1)
	var grow iam.UpdateRoleInput
	grow.ID = uuid.MustParse(role)
	grow.Body.Permissions = &[]string{"ward.can_read", "ward.can_treat"}
	err := h.Pool.InTx(inEast, func(tx db.Tx) error {
		if _, err := h.iam.UpdateRole(inEast, tx, grow); err != nil {
			return err
		}
		go func() {
			hired <- h.Pool.InTx(inWest, func(tx db.Tx) error {
				_, err := h.iam.CreateUser(inWest, tx, hire)
				return err
			})
		}()
		// Until the other waits for us, or was through before we were.
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			if len(hired) > 0 || value[bool](t, h.house, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
				WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted)`) {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if e := errs.Of(<-hired); e == nil || e.Code != "iam.escalation" {
		t.Errorf("the helper was taken on with more than the one who hired may give: %v", e)
	}
}
