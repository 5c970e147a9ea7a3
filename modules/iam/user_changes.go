package iam

import (
	"context"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// UpdateUserInput changes a person's account; absent fields stay.
type UpdateUserInput struct {
	UserByID
	httpx.IfMatch
	Body struct {
		FullName *string                `json:"full_name,omitempty" minLength:"1" maxLength:"255"`
		Email    httpx.Optional[string] `json:"email,omitzero" format:"email" maxLength:"254"`
		Password *string                `json:"password,omitempty" minLength:"1" maxLength:"1000" doc:"For somebody who forgot it; all their sessions end"`
		ResetOTP bool                   `json:"reset_otp,omitempty" doc:"True takes the authenticator app off, for somebody who lost it"`
		IsActive *bool                  `json:"is_active,omitempty" doc:"False: this tenant lets the person in nowhere"`
	}
	passwordHash string
}

// Prepare hashes the password, which takes too long for a transaction to wait. The username it must not be is not
// known yet; UpdateUser looks.
func (in *UpdateUserInput) Prepare(ctx context.Context) (err error) {
	if in.Body.Password == nil {
		return nil
	}
	if err := checkPassword("", *in.Body.Password, "body.password"); err != nil {
		return err
	}
	in.passwordHash, err = auth.HashPassword(ctx, *in.Body.Password)
	return err
}

// UpdateUser changes a person's account. Letting in or not concerns this tenant only. Name, email, password and
// second factor are the account's, and so can be changed only while it is this tenant's alone, and only by somebody
// who manages people wherever the person works.
func (m *Module) UpdateUser(ctx context.Context, tx db.Tx, in UpdateUserInput) (User, error) {
	tenantID := tx.Scope().TenantID
	r := reachOf(ctx, tenantID)
	lockPeople(tx)
	locked, held, err := lockColleague(ctx, tx, r, in.ID)
	if err != nil {
		return User{}, err
	}
	queries := iamdb.New(tx)
	account, err := queries.LockAccount(ctx, in.ID)
	if err != nil {
		return User{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(account.Version + locked.Version)); err != nil {
		return User{}, err
	}
	if err := held.managedBy(r); err != nil {
		return User{}, err
	}
	if err := m.changeAccount(ctx, tx, r, held, account, in); err != nil {
		return User{}, err
	}
	if in.Body.IsActive != nil && *in.Body.IsActive != locked.IsActive {
		if err := m.letIn(ctx, tx, r, held, in.ID, *in.Body.IsActive); err != nil {
			return User{}, err
		}
	}
	return m.GetUser(ctx, tx, in.UserByID)
}

// lockColleague holds a user of the tenant whom the caller may manage, with the places they have. The places come first,
// under lockPeople, so that somebody out of reach takes no longer to refuse than somebody who never was.
func lockColleague(ctx context.Context, tx db.Tx, r reach, userID uuid.UUID) (iamdb.IamTenantUser, places, error) {
	held, err := placesOf(ctx, tx, userID)
	if err != nil {
		return iamdb.IamTenantUser{}, nil, err
	}
	if !r.everywhere() && !held.seenBy(r, CanManageUsers) {
		return iamdb.IamTenantUser{}, nil, errUserNotFound
	}
	locked, err := iamdb.New(tx).LockTenantUser(ctx, iamdb.LockTenantUserParams{TenantID: tx.Scope().TenantID, UserID: userID})
	if db.IsNoRows(err) {
		err = errUserNotFound
	}
	return locked, held, err
}

func placesOf(ctx context.Context, tx db.Tx, userID uuid.UUID) (places, error) {
	return iamdb.New(tx).PlacesOf(ctx, iamdb.PlacesOfParams{TenantID: tx.Scope().TenantID, UserID: userID})
}

// changeAccount changes what belongs to the account and not to the tenant.
func (m *Module) changeAccount(ctx context.Context, tx db.Tx, r reach, held places, account iamdb.IamUserAccount, in UpdateUserInput) error {
	secrets := in.Body.Password != nil || in.Body.ResetOTP
	if in.Body.FullName == nil && !in.Body.Email.Present && !secrets {
		return nil
	}
	queries := iamdb.New(tx)
	shared, err := queries.WorksElsewhere(ctx, iamdb.WorksElsewhereParams{UserID: account.ID, TenantID: tx.Scope().TenantID})
	if err != nil {
		return err
	}
	if shared {
		return errSharedAccount
	}
	if secrets {
		if r.isCaller(account.ID) {
			return errOwnAccount
		}
		if err := held.controlledBy(r); err != nil {
			return err
		}
	}
	var fields []string
	if in.Body.FullName != nil {
		account.FullName = *in.Body.FullName
		fields = append(fields, "full_name")
	}
	if in.Body.Email.Present {
		if account.Email, err = emailOf(in.Body.Email, "body.email"); err != nil {
			return err
		}
		fields = append(fields, "email")
	}
	var happened []events.Event
	if fields != nil {
		err := queries.UpdateAccount(ctx, iamdb.UpdateAccountParams{ID: account.ID, FullName: account.FullName, Email: account.Email, Now: tx.Now()})
		if err != nil {
			return err
		}
		happened = append(happened, iamapi.UserUpdated{UserID: account.ID, Fields: fields})
	}
	if in.Body.Password != nil {
		if err := checkPassword(account.Username, *in.Body.Password, "body.password"); err != nil {
			return err
		}
		if err := m.setPassword(ctx, tx, account.ID, in.passwordHash, uuid.Nil); err != nil {
			return err
		}
		happened = append(happened, iamapi.PasswordChanged{UserID: account.ID, ByAdministrator: true})
	}
	if in.Body.ResetOTP && account.OtpSecret != nil {
		if err := queries.RemoveOTP(ctx, iamdb.RemoveOTPParams{ID: account.ID, Now: tx.Now()}); err != nil {
			return err
		}
		happened = append(happened, iamapi.OTPChanged{UserID: account.ID, ByAdministrator: true})
	}
	for _, e := range happened {
		if err := m.bus.Publish(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// letIn opens or closes the tenant to a user. Other tenants are not touched; when none is left open, the user's
// sessions end for good.
func (m *Module) letIn(ctx context.Context, tx db.Tx, r reach, held places, userID uuid.UUID, open bool) error {
	if !open && r.isCaller(userID) {
		return errOwnAccount
	}
	queries := iamdb.New(tx)
	err := queries.SetTenantUserActive(ctx, iamdb.SetTenantUserActiveParams{TenantID: tx.Scope().TenantID, UserID: userID, IsActive: open, Now: tx.Now()})
	if err != nil {
		return err
	}
	m.invalidate(tx, change{userChange, userID})
	if open {
		return m.bus.Publish(ctx, tx, iamapi.UserEnabled{UserID: userID})
	}
	if err := keepAdmins(ctx, tx, held.administered()); err != nil {
		return err
	}
	if err := queries.EndSessionsOfClosed(ctx, iamdb.EndSessionsOfClosedParams{UserID: userID, Now: tx.Now()}); err != nil {
		return err
	}
	return m.bus.Publish(ctx, tx, iamapi.UserDisabled{UserID: userID})
}
