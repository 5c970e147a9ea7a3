package iam

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errCredentials = errs.Unauthenticated("auth.invalid_credentials", "The username or the password is not right.")
	errOTPRequired = errs.Unauthenticated("auth.otp_required", "This account also needs the code of its authenticator app: send it as otp.")
	errOTP         = errs.Unauthenticated("auth.invalid_otp", "This code is not right, or it was used already.")
)

// Credentials are what a person signs in with.
type Credentials struct {
	Username string `json:"username" minLength:"1" maxLength:"255"`
	Password string `json:"password" minLength:"1" maxLength:"1000"`
	OTP      string `json:"otp,omitempty" maxLength:"12" doc:"The code of the authenticator app, when one is enrolled"`
}

// Why a sign-in was refused, for the audit trail; the caller is told less.
const (
	refusedCredentials = "credentials"
	refusedOTP         = "otp"
	refusedClosed      = "closed"
)

// SignIn begins a session. An unknown name, a wrong password and a closed account take the same steps and answer
// alike; the password is checked outside of any transaction.
func (m *Module) SignIn(ctx context.Context, c Credentials) (Tokens, error) {
	ctx = db.WithScope(ctx, db.System())
	address := networkOf(httpx.RemoteAddress(ctx))
	var user iamdb.IamUserAccount
	var standing iamdb.StandingRow
	var taken attempt
	err := m.pool.InTx(ctx, func(tx db.Tx) (err error) {
		if taken, err = m.takeAttempt(ctx, tx, c.Username, address); err != nil {
			return err
		}
		queries := iamdb.New(tx)
		if user, err = queries.FindAccount(ctx, c.Username); err != nil && !db.IsNoRows(err) {
			return err
		}
		standing, err = queries.Standing(ctx, user.ID)
		return err
	})
	if err != nil {
		return Tokens{}, err
	}
	matches, err := auth.CheckPassword(ctx, user.PasswordHash, c.Password)
	if err != nil {
		return Tokens{}, err
	}
	switch {
	case !matches:
		return Tokens{}, m.refuse(ctx, user.ID, refusedCredentials, address, errCredentials)
	case !standing.IsOpen:
		return Tokens{}, m.refuse(ctx, user.ID, refusedClosed, address, errCredentials)
	}
	var step int64
	if user.OtpConfirmedAt != nil {
		if c.OTP == "" {
			return Tokens{}, m.noFailure(ctx, taken, errOTPRequired)
		}
		var ok bool
		if step, ok, err = m.matchOTP(user, c.OTP); err != nil {
			return Tokens{}, err
		}
		if !ok {
			return Tokens{}, m.refuse(ctx, user.ID, refusedOTP, address, errOTP)
		}
	}
	tokens, err := m.beginSession(ctx, user, standing.OpenTenants, step, taken, address)
	switch {
	case errs.Of(err) == errOTP:
		return Tokens{}, m.refuse(ctx, user.ID, refusedOTP, address, errOTP)
	case errs.Of(err) == errCredentials:
		return Tokens{}, m.refuse(ctx, user.ID, refusedCredentials, address, errCredentials)
	}
	return tokens, err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// refuse counts the failure and notes it for the audit trail, in a transaction of its own since the answer is an
// error. For every reason it takes the same statements.
func (m *Module) refuse(ctx context.Context, userID uuid.UUID, reason, address string, answer error) error {
	err := m.pool.InTx(ctx, func(tx db.Tx) error {
		if err := m.countAddress(ctx, tx, address); err != nil {
			return err
		}
		return iamdb.New(tx).InsertRefusedSignIn(ctx, iamdb.InsertRefusedSignInParams{
			ID: id.New(), UserID: id.Ptr(userID), Reason: reason, Address: address, Now: tx.Now(),
		})
	})
	return orElse(err, answer)
}

// beginSession makes the session of a user whose password was right. The account is read again under a lock: had the
// password changed in the meantime, this session would outlive the change.
func (m *Module) beginSession(ctx context.Context, user iamdb.IamUserAccount, openTenants []uuid.UUID, otpStep int64, taken attempt, address string) (Tokens, error) {
	var tokens Tokens
	err := m.pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		now, err := queries.LockAccount(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != user.PasswordHash || (now.OtpConfirmedAt == nil) != (user.OtpConfirmedAt == nil) {
			return errCredentials
		}
		if now.OtpConfirmedAt != nil {
			accepted, err := queries.AcceptOTP(ctx, iamdb.AcceptOTPParams{ID: user.ID, Step: otpStep})
			if err != nil {
				return err
			}
			if accepted == 0 {
				return errOTP
			}
		}
		if err := m.forget(ctx, tx, taken); err != nil {
			return err
		}
		places, err := queries.MembershipsOf(ctx, user.ID)
		if err != nil {
			return err
		}
		scope := firstScope(places, now)
		session := iamdb.InsertSessionParams{
			ID: id.New(), UserID: user.ID, ActiveTenantID: id.Ptr(scope.TenantID), ActiveFacilityID: id.Ptr(scope.FacilityID),
			Address: address, Now: tx.Now(), ExpiresAt: tx.Now().Add(refreshLife),
		}
		if err := queries.InsertSession(ctx, session); err != nil {
			return err
		}
		if tokens, err = m.issue(ctx, tx, user.ID, session.ID, scope); err != nil {
			return err
		}
		return m.tell(ctx, tx, openTenants, user.ID, scope, iamapi.SignedIn{UserID: user.ID, SessionID: session.ID, Address: address})
	})
	return tokens, err
}

// Scope is a facility of a tenant.
type Scope struct {
	TenantID   uuid.UUID `json:"tenant_id" format:"uuid"`
	FacilityID uuid.UUID `json:"facility_id" format:"uuid"`
}

// firstScope is where a new session acts: the user's only facility, else the last one, else none.
func firstScope(places []iamdb.MembershipsOfRow, user iamdb.IamUserAccount) Scope {
	if len(places) == 1 {
		return Scope(places[0])
	}
	if user.LastTenantID == nil || user.LastFacilityID == nil {
		return Scope{}
	}
	last := iamdb.MembershipsOfRow{TenantID: *user.LastTenantID, FacilityID: *user.LastFacilityID}
	if slices.Contains(places, last) {
		return Scope(last)
	}
	return Scope{}
}

// tell publishes an event to each of the tenants, in its own scope; to that of the active scope in its facility.
func (m *Module) tell(ctx context.Context, tx db.Tx, tenantIDs []uuid.UUID, actor uuid.UUID, active Scope, e events.Event) error {
	for _, tenantID := range tenantIDs {
		scope := db.Scope{TenantID: tenantID, UserID: actor, TenantWide: true}
		if tenantID == active.TenantID {
			scope.FacilityID = active.FacilityID
		}
		if err := tx.Nested(ctx, scope, func(tx db.Tx) error {
			return m.bus.Publish(db.WithScope(ctx, scope), tx, e)
		}); err != nil {
			return err
		}
	}
	return nil
}
