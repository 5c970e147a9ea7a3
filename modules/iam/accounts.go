package iam

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// errToken answers every access token that is not accepted; why is nobody's business.
var errToken = errs.Unauthenticated("auth.invalid_token", "This access token is not accepted. Sign in again.")

// Authenticate gives the account behind an access token. It asks the database only for a session this node does not
// know or may no longer trust; when the database does not answer then, neither does this.
func (m *Module) Authenticate(ctx context.Context, accessToken string) (*auth.Account, auth.Claims, error) {
	claims, err := m.tokens.Verify(accessToken)
	if err != nil {
		return nil, auth.Claims{}, errToken
	}
	account, err := m.account(ctx, claims.SessionID)
	if err != nil {
		return nil, auth.Claims{}, err
	}
	if account.UserID != claims.UserID {
		return nil, auth.Claims{}, errToken
	}
	return account, claims, nil
}

func (m *Module) account(ctx context.Context, sessionID uuid.UUID) (*auth.Account, error) {
	now := m.clock.Now()
	if account := m.accounts.find(sessionID, now); account != nil {
		return account, nil
	}
	generation := m.accounts.begin()
	row, err := iamdb.New(m.pool.Read(db.WithScope(ctx, db.System()))).LoadAccount(ctx, iamdb.LoadAccountParams{SessionID: sessionID, Now: now})
	if db.IsNoRows(err) {
		return nil, errToken
	}
	if err != nil {
		return nil, err
	}
	account, err := accountOf(sessionID, row)
	if err != nil {
		return nil, err
	}
	m.accounts.keep(account, row.ExpiresAt, generation)
	return account, nil
}

func accountOf(sessionID uuid.UUID, row iamdb.LoadAccountRow) (*auth.Account, error) {
	var held []struct {
		TenantID    uuid.UUID `json:"tenant_id"`
		FacilityID  uuid.UUID `json:"facility_id"`
		Roles       []string  `json:"roles"`
		Permissions []string  `json:"permissions"`
	}
	if err := json.Unmarshal(row.Memberships, &held); err != nil {
		return nil, err
	}
	account := &auth.Account{UserID: row.UserID, SessionID: sessionID, IsSuperuser: row.IsSuperuser, Memberships: make([]auth.Membership, len(held))}
	for i, h := range held {
		permissions := make(map[string]bool, len(h.Permissions))
		for _, code := range h.Permissions {
			permissions[code] = true
		}
		account.Memberships[i] = auth.Membership{TenantID: h.TenantID, FacilityID: h.FacilityID, Roles: h.Roles, Permissions: permissions}
	}
	return account, nil
}

// mostAccounts bounds what a node remembers: about 4 KiB each.
const mostAccounts = 20_000

// accounts are the sessions a node knows. What it knows is trusted only while it hears, several times a second, whose
// accounts changed (Watch): a node that is cut off from the database asks it every time, and so refuses.
type accounts struct {
	mu        sync.RWMutex
	bySession map[uuid.UUID]knownAccount
	// generation grows with every drop. An account that was read in an older generation may be older than the
	// change that dropped it, and is not kept.
	generation uint64
	// heardAt is when the last successful poll began, on this machine's own clock.
	heardAt time.Time
}

type knownAccount struct {
	account   *auth.Account
	expiresAt time.Time
}

func newAccounts() *accounts {
	return &accounts{bySession: map[uuid.UUID]knownAccount{}}
}

// find gives a session's account when it is known and trusted.
func (a *accounts) find(sessionID uuid.UUID, now time.Time) *auth.Account {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.heardAt.IsZero() || sinceHeard(a.heardAt) > trustedFor {
		return nil
	}
	known, ok := a.bySession[sessionID]
	if !ok || !known.expiresAt.After(now) {
		return nil
	}
	return known.account
}

// begin is called before an account is read, and gives what keep must be told.
func (a *accounts) begin() (generation uint64) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.generation
}

// keep remembers an account, unless something was dropped since begin.
func (a *accounts) keep(account *auth.Account, expiresAt time.Time, generation uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.generation != generation {
		return
	}
	if len(a.bySession) >= mostAccounts {
		// Any one will do: it costs its session one read.
		for sessionID := range a.bySession {
			delete(a.bySession, sessionID)
			break
		}
	}
	a.bySession[account.SessionID] = knownAccount{account, expiresAt}
}

// drop forgets the accounts that a change concerns.
func (a *accounts) drop(changes ...change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.generation++
	for _, c := range changes {
		if c.kind == sessionChange {
			delete(a.bySession, c.subjectID)
			continue
		}
		for sessionID, known := range a.bySession {
			if c.concerns(known.account) {
				delete(a.bySession, sessionID)
			}
		}
	}
}

// dropAll forgets every account.
func (a *accounts) dropAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.generation++
	clear(a.bySession)
}

// heard says that a poll which began at this time told everything there was.
func (a *accounts) heard(at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heardAt = at
}
