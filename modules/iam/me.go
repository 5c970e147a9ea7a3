package iam

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errScopeForbidden = errs.Forbidden("scope.forbidden", "You are not a member of this facility.")
	errWrongPassword  = errs.Invalid("auth.wrong_password", "Your present password is not right.")
)

// Me is what the callers may know of themselves: who they are and where they may act.
type Me struct {
	User        MeUser         `json:"user"`
	Memberships []MeMembership `json:"memberships" nullable:"false"`
	Scope       *Scope         `json:"scope" doc:"Where requests without scope headers act; null when nowhere"`
}

// ETag changes with everything that is shown: no version of one row covers places, roles and scope.
func (me Me) ETag() string {
	// Texts, ids and booleans always marshal.
	text, _ := json.Marshal(me)
	hash := sha256.Sum256(text)
	return `"` + hex.EncodeToString(hash[:16]) + `"`
}

// TransformSchema says that scope may be null, which a reference alone cannot.
func (Me) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	scope := *s.Properties["scope"]
	s.Properties["scope"] = &huma.Schema{Description: scope.Description, AnyOf: []*huma.Schema{{Ref: scope.Ref}, {Type: "null"}}}
	return s
}

// MeUser is the caller's account.
type MeUser struct {
	ID          uuid.UUID `json:"id" format:"uuid"`
	Username    string    `json:"username"`
	FullName    string    `json:"full_name"`
	Email       *string   `json:"email"`
	IsSuperuser bool      `json:"is_superuser" doc:"Runs the installation: may found tenants"`
}

// MeMembership is one of the caller's places.
type MeMembership struct {
	TenantID     uuid.UUID `json:"tenant_id" format:"uuid"`
	TenantCode   string    `json:"tenant_code"`
	TenantName   string    `json:"tenant_name"`
	FacilityID   uuid.UUID `json:"facility_id" format:"uuid"`
	FacilityCode string    `json:"facility_code"`
	FacilityName string    `json:"facility_name"`
	Roles        []string  `json:"roles" nullable:"false"`
	Permissions  []string  `json:"permissions" nullable:"false"`
}

// Me describes the caller, in one statement.
func (m *Module) Me(ctx context.Context, q db.DBTX, _ struct{}) (Me, error) {
	identity := auth.From(ctx)
	row, err := iamdb.New(q).DescribeUser(ctx, identity.UserID)
	if err != nil {
		return Me{}, err
	}
	me := Me{User: MeUser{ID: identity.UserID, Username: row.Username, FullName: row.FullName, IsSuperuser: row.IsSuperuser}}
	if row.Email != "" {
		me.User.Email = &row.Email
	}
	if scope := acting(ctx); scope != (Scope{}) {
		me.Scope = &scope
	}
	return me, json.Unmarshal(row.Memberships, &me.Memberships)
}

// acting is where the caller's token acts; zero when nowhere.
func acting(ctx context.Context) Scope {
	if identity := auth.From(ctx); identity != nil && identity.Acting != nil {
		return Scope{identity.Acting.TenantID, identity.Acting.FacilityID}
	}
	return Scope{}
}

// UpdateMeInput is what people may change about their own account. Their name is not among it: it stands under
// clinical records, and the administrator answers for it.
type UpdateMeInput struct {
	httpx.IfMatch
	Body struct {
		Email httpx.Optional[string] `json:"email,omitzero" format:"email" maxLength:"254"`
	}
}

// UpdateMe changes the caller's own account.
func (m *Module) UpdateMe(ctx context.Context, tx db.Tx, in UpdateMeInput) (Me, error) {
	userID := auth.From(ctx).UserID
	if _, err := iamdb.New(tx).LockAccount(ctx, userID); err != nil {
		return Me{}, err
	}
	before, err := m.Me(ctx, tx, struct{}{})
	if err != nil {
		return Me{}, err
	}
	if err := in.IfMatch.Check(before); err != nil {
		return Me{}, err
	}
	if in.Body.Email.Present {
		email, err := emailOf(in.Body.Email, "body.email")
		if err != nil {
			return Me{}, err
		}
		if err := iamdb.New(tx).SetEmail(ctx, iamdb.SetEmailParams{ID: userID, Email: email, Now: tx.Now()}); err != nil {
			return Me{}, err
		}
		if err := m.tellOpen(ctx, tx, userID, acting(ctx), iamapi.UserUpdated{UserID: userID, Fields: []string{"email"}}); err != nil {
			return Me{}, err
		}
	}
	return m.Me(ctx, tx, struct{}{})
}

// ChosenScope is the answer to a choice of scope: a token that acts there.
type ChosenScope struct {
	Scope     Scope  `json:"scope"`
	Access    string `json:"access" doc:"For the Authorization header"`
	TokenType string `json:"token_type" enum:"Bearer"`
	ExpiresIn int    `json:"expires_in" doc:"Seconds until the access token expires" example:"600"`
}

// ChooseScope makes a facility the one in which the session acts, now and after its next refreshes.
func (m *Module) ChooseScope(ctx context.Context, scope Scope) (ChosenScope, error) {
	identity := auth.From(ctx)
	if identity.Membership(scope.TenantID, scope.FacilityID) == nil {
		return ChosenScope{}, errScopeForbidden
	}
	err := m.pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		tenantID, facilityID := id.Ptr(scope.TenantID), id.Ptr(scope.FacilityID)
		chosen, err := queries.ChooseScope(ctx, iamdb.ChooseScopeParams{ID: identity.SessionID, TenantID: tenantID, FacilityID: facilityID})
		if err != nil {
			return err
		}
		if chosen == 0 {
			return errSessionOver
		}
		return queries.RememberScope(ctx, iamdb.RememberScopeParams{ID: identity.UserID, TenantID: tenantID, FacilityID: facilityID})
	})
	if err != nil {
		return ChosenScope{}, err
	}
	access, err := m.tokens.Sign(auth.Claims{
		UserID: identity.UserID, SessionID: identity.SessionID, TenantID: scope.TenantID, FacilityID: scope.FacilityID,
	})
	return ChosenScope{Scope: scope, Access: access, TokenType: "Bearer", ExpiresIn: int(auth.AccessTokenLife.Seconds())}, err
}

// NewPassword is a change of one's own password.
type NewPassword struct {
	CurrentPassword string `json:"current_password" minLength:"1" maxLength:"1000"`
	NewPassword     string `json:"new_password" minLength:"1" maxLength:"1000" doc:"At least 10 characters, and none that is guessed first"`
}

// ChangePassword changes the caller's password; every other session of theirs ends.
func (m *Module) ChangePassword(ctx context.Context, change NewPassword) error {
	user, taken, err := m.reauthenticate(ctx, change.CurrentPassword, "body.current_password")
	if err != nil {
		return err
	}
	if err := checkPassword(user.Username, change.NewPassword, "body.new_password"); err != nil {
		return m.noFailure(ctx, taken, err)
	}
	hash, err := auth.HashPassword(ctx, change.NewPassword)
	if err != nil {
		return err
	}
	sessionID := auth.From(ctx).SessionID
	return m.pool.InTx(ctx, func(tx db.Tx) error {
		now, err := iamdb.New(tx).LockAccount(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != user.PasswordHash {
			return errWrongPassword.At("body.current_password", "It was changed a moment ago.")
		}
		if err := m.forget(ctx, tx, taken); err != nil {
			return err
		}
		if err := m.setPassword(ctx, tx, user.ID, hash, sessionID); err != nil {
			return err
		}
		return m.tellOpen(ctx, tx, user.ID, acting(ctx), iamapi.PasswordChanged{UserID: user.ID})
	})
}

// setPassword stores a password's hash and ends the user's sessions but one.
func (m *Module) setPassword(ctx context.Context, tx db.Tx, userID uuid.UUID, hash string, spared uuid.UUID) error {
	queries := iamdb.New(tx)
	if err := queries.SetPassword(ctx, iamdb.SetPasswordParams{ID: userID, PasswordHash: hash, Now: tx.Now()}); err != nil {
		return err
	}
	m.invalidate(tx, change{userChange, userID})
	return queries.EndSessions(ctx, iamdb.EndSessionsParams{UserID: userID, Spared: spared, Now: tx.Now(), Reason: "password_changed"})
}

// reauthenticate checks the caller's password once more, before what a stolen session must not do. Failures count as
// failures to sign in; when it was right the caller forgets the attempt in the transaction of what follows, or takes it
// back when nothing does.
func (m *Module) reauthenticate(ctx context.Context, password, at string) (iamdb.IamUserAccount, attempt, error) {
	var user iamdb.IamUserAccount
	var taken attempt
	err := m.pool.InTx(ctx, func(tx db.Tx) (err error) {
		if user, err = iamdb.New(tx).GetAccount(ctx, auth.From(ctx).UserID); err != nil {
			return err
		}
		taken, err = m.takeAttempt(ctx, tx, user.Username, networkOf(httpx.RemoteAddress(ctx)))
		return err
	})
	if err != nil {
		return user, taken, err
	}
	matches, err := auth.CheckPassword(ctx, user.PasswordHash, password)
	if err == nil && !matches {
		err = errWrongPassword.At(at, "This is not your present password.")
	}
	return user, taken, err
}
