package auth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
)

var secret = []byte("a secret of tests, long enough")

// A token is checked once and then known; what is known must still end, and must not let anything else in.
func TestARememberedTokenEnds(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC))
	tokens := auth.NewTokens(secret, now)
	claims := auth.Claims{UserID: uuid.New(), SessionID: uuid.New(), TenantID: uuid.New(), FacilityID: uuid.New()}
	token, err := tokens.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	claims.ExpiresAt = now.Now().Add(auth.AccessTokenLife)
	for range 3 {
		got, err := tokens.Verify(token)
		if err != nil || got.UserID != claims.UserID || got.SessionID != claims.SessionID || got.TenantID != claims.TenantID ||
			got.FacilityID != claims.FacilityID || !got.ExpiresAt.Equal(claims.ExpiresAt) {
			t.Fatalf("got %+v, %v", got, err)
		}
	}
	now.Advance(auth.AccessTokenLife - time.Second)
	if _, err := tokens.Verify(token); err != nil {
		t.Errorf("refused in its last second: %v", err)
	}
	now.Advance(time.Second)
	for _, each := range []*auth.Tokens{tokens, auth.NewTokens(secret, now)} {
		if _, err := each.Verify(token); !errors.Is(err, auth.ErrToken) {
			t.Errorf("accepted when over: %v", err)
		}
	}
}

func TestARefusedTokenIsRefusedAgain(t *testing.T) {
	t.Parallel()
	tokens := auth.NewTokens(secret, clock.System)
	good, err := tokens.Sign(auth.Claims{UserID: uuid.New(), SessionID: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := auth.NewTokens([]byte("another secret of another house"), clock.System).Sign(auth.Claims{UserID: uuid.New(), SessionID: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tokens.Verify(good); err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"of another house": foreign, "empty": "", "without its signature": good[:strings.LastIndex(good, ".")+1],
		"with something behind": good + "A", "endless": good + strings.Repeat("A", 5000),
	} {
		for range 2 {
			if _, err := tokens.Verify(token); !errors.Is(err, auth.ErrToken) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

// Many short visits must not fill the memory.
func TestManyTokensAreAllAccepted(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC))
	tokens := auth.NewTokens(secret, now)
	for range 700 {
		token, err := tokens.Sign(auth.Claims{UserID: uuid.New(), SessionID: uuid.New()})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := tokens.Verify(token); err != nil {
				t.Fatal(err)
			}
		}
		now.Advance(5 * time.Second)
	}
}
