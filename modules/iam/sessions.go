package iam

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

const (
	// refreshLife is how long a refresh token is accepted; each use gives another one.
	refreshLife = 14 * 24 * time.Hour
	// sessionLife is the longest a session lasts, however often it is refreshed: then the password is asked again.
	sessionLife = 30 * 24 * time.Hour
)

var (
	errRefreshToken = errs.Unauthenticated("auth.invalid_token", "This refresh token is not accepted. Sign in again.")
	errTokenReused  = errs.Unauthenticated("auth.token_reused", "This refresh token was used before. Its session has been ended; sign in again.")
	errSessionOver  = errs.Unauthenticated("auth.session_ended", "This session is over. Sign in again.")
	errNoToken      = errs.Unauthenticated("auth.missing", "Sign in first.")
)

// Tokens are what signing in and refreshing give.
type Tokens struct {
	Access    string `json:"access" doc:"For the Authorization header"`
	Refresh   string `json:"refresh" doc:"Works once; the answer holds the next one"`
	TokenType string `json:"token_type" enum:"Bearer"`
	ExpiresIn int    `json:"expires_in" doc:"Seconds until the access token expires" example:"600"`
}

func hashToken(token string) []byte {
	hash := sha256.Sum256([]byte(token))
	return hash[:]
}

// issue makes the next pair of tokens of a session. A refresh token is 256 random bits; only its hash is kept.
func (m *Module) issue(ctx context.Context, tx db.Tx, userID, sessionID uuid.UUID, scope Scope) (Tokens, error) {
	random := make([]byte, 32)
	rand.Read(random)
	refresh := base64.RawURLEncoding.EncodeToString(random)
	err := iamdb.New(tx).InsertRefreshToken(ctx, iamdb.InsertRefreshTokenParams{Hash: hashToken(refresh), SessionID: sessionID, Now: tx.Now()})
	if err != nil {
		return Tokens{}, err
	}
	access, err := m.tokens.Sign(auth.Claims{UserID: userID, SessionID: sessionID, TenantID: scope.TenantID, FacilityID: scope.FacilityID})
	return Tokens{Access: access, Refresh: refresh, TokenType: "Bearer", ExpiresIn: int(auth.AccessTokenLife.Seconds())}, err
}

// Refresh exchanges a refresh token for the next pair. Of parallel uses exactly one is the first; any other is a
// second use, which ends the session, since one of the two who used it had stolen it. Nothing is more lenient to a
// browser with two tabs: the client refreshes once for all of them.
func (m *Module) Refresh(ctx context.Context, refresh string) (Tokens, error) {
	ctx = db.WithScope(ctx, db.System())
	if refresh == "" {
		return Tokens{}, errNoToken
	}
	var tokens Tokens
	// What the caller is told. Not the transaction's error: ending a session must be committed.
	var refusal error
	err := m.pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		session, err := queries.LockSessionOfRefreshToken(ctx, hashToken(refresh))
		if db.IsNoRows(err) {
			refusal = errRefreshToken
			return nil
		}
		if err != nil {
			return err
		}
		first, err := queries.UseRefreshToken(ctx, iamdb.UseRefreshTokenParams{Hash: hashToken(refresh), Now: tx.Now()})
		if err != nil {
			return err
		}
		if first == 0 {
			refusal = errTokenReused
			return m.endStolen(ctx, tx, session)
		}
		row, err := queries.LoadAccount(ctx, iamdb.LoadAccountParams{SessionID: session.ID, Now: tx.Now()})
		if db.IsNoRows(err) {
			// Rolled back: a token that a closed tenant refused is not used up when it opens again.
			return errSessionOver
		}
		if err != nil {
			return err
		}
		account, err := accountOf(session.ID, row)
		if err != nil {
			return err
		}
		scope := scopeOf(session)
		if account.Membership(scope.TenantID, scope.FacilityID) == nil {
			scope = Scope{}
		}
		expires := tx.Now().Add(refreshLife)
		if last := session.CreatedAt.Add(sessionLife); last.Before(expires) {
			expires = last
		}
		err = queries.ProlongSession(ctx, iamdb.ProlongSessionParams{
			ID: session.ID, Now: tx.Now(), ExpiresAt: expires, ActiveTenantID: id.Ptr(scope.TenantID), ActiveFacilityID: id.Ptr(scope.FacilityID),
		})
		if err != nil {
			return err
		}
		tokens, err = m.issue(ctx, tx, session.UserID, session.ID, scope)
		return err
	})
	if err == nil {
		err = refusal
	}
	return tokens, err
}

func scopeOf(session iamdb.IamSession) Scope {
	if session.ActiveTenantID == nil || session.ActiveFacilityID == nil {
		return Scope{}
	}
	return Scope{*session.ActiveTenantID, *session.ActiveFacilityID}
}

// endStolen ends the session of a refresh token that was used twice.
func (m *Module) endStolen(ctx context.Context, tx db.Tx, session iamdb.IamSession) error {
	if session.EndedAt != nil {
		return nil
	}
	const reason = "token_reused"
	if err := m.endSession(ctx, tx, session.ID, reason); err != nil {
		return err
	}
	return m.tellOpen(ctx, tx, session.UserID, scopeOf(session), iamapi.SessionEnded{UserID: session.UserID, SessionID: session.ID, Reason: reason})
}

func (m *Module) endSession(ctx context.Context, tx db.Tx, sessionID uuid.UUID, reason string) error {
	m.invalidate(tx, change{sessionChange, sessionID})
	return iamdb.New(tx).EndSession(ctx, iamdb.EndSessionParams{ID: sessionID, Now: tx.Now(), Reason: reason})
}

// tellOpen publishes an event to every tenant that lets the user in.
func (m *Module) tellOpen(ctx context.Context, tx db.Tx, userID uuid.UUID, active Scope, e events.Event) error {
	standing, err := iamdb.New(tx).Standing(ctx, userID)
	if err != nil {
		return err
	}
	return m.tell(ctx, tx, standing.OpenTenants, userID, active, e)
}

// SignOut ends the session that an access or a refresh token belongs to; both kinds are dead when it returns.
func (m *Module) SignOut(ctx context.Context, access, refresh string) error {
	ctx = db.WithScope(ctx, db.System())
	if access == "" && refresh == "" {
		return errNoToken
	}
	return m.pool.InTx(ctx, func(tx db.Tx) error {
		session, err := m.sessionOf(ctx, tx, access, refresh)
		if err != nil {
			return err
		}
		if session.EndedAt != nil || !session.ExpiresAt.After(tx.Now()) {
			return errSessionOver
		}
		if err := m.endSession(ctx, tx, session.ID, "signed_out"); err != nil {
			return err
		}
		return m.tellOpen(ctx, tx, session.UserID, scopeOf(session), iamapi.SignedOut{UserID: session.UserID, SessionID: session.ID})
	})
}

// sessionOf finds and locks the session of an access token, or, when that is over already, of a refresh token.
func (m *Module) sessionOf(ctx context.Context, tx db.Tx, access, refresh string) (session iamdb.IamSession, err error) {
	queries := iamdb.New(tx)
	if claims, invalid := m.tokens.Verify(access); invalid == nil {
		session, err = queries.LockSession(ctx, claims.SessionID)
		if err == nil && session.UserID != claims.UserID {
			return session, errToken
		}
	} else if refresh != "" {
		session, err = queries.LockSessionOfRefreshToken(ctx, hashToken(refresh))
	} else {
		return session, errToken
	}
	if db.IsNoRows(err) {
		return session, errToken
	}
	return session, err
}
