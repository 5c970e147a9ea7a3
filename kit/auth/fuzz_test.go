package auth_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
)

// Only what was signed is accepted, and it says what was signed.
func FuzzAccessToken(f *testing.F) {
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	secret := []byte("a secret for tests, long enough to be one")
	tokens := auth.NewTokens(secret, clock.NewManual(now))
	// The same in every process: the fuzzer's workers are given the seeds of the first.
	claims := auth.Claims{UserID: uuid.UUID{1}, SessionID: uuid.UUID{2}, TenantID: uuid.UUID{3}, FacilityID: uuid.UUID{4}}
	genuine, err := tokens.Sign(claims)
	if err != nil {
		f.Fatal(err)
	}
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"use": "access"}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	other, _ := auth.NewTokens([]byte("another secret, which is as long as the first"), clock.NewManual(now)).Sign(claims)
	parts := strings.Split(genuine, ".")
	for _, seed := range []string{
		genuine, none, other, "", ".", "..", "...", genuine + ".", genuine[:len(genuine)-1], " " + genuine, parts[0] + "." + parts[1] + ".", parts[0] + "..AAAA",
		strings.Repeat(".", 10_000), strings.Repeat("A", 10_000), "e30.e30.e30", "eyJhbGciOiJIUzI1NiJ9.e30.", "\x00\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		read, err := tokens.Verify(token)
		if err != nil {
			if token == genuine {
				t.Fatal(err)
			}
			return
		}
		if read.ExpiresAt = (time.Time{}); read != claims {
			t.Fatalf("%q is accepted as %+v", token, read)
		}
	})
}

// A damaged hash lets nobody in and stops nothing.
func FuzzPasswordHash(f *testing.F) {
	genuine, err := auth.HashPassword(context.Background(), "a long enough passphrase")
	if err != nil {
		f.Fatal(err)
	}
	parts := strings.Split(genuine, "$")
	for _, seed := range []string{
		genuine, "", "$", "$$$$$", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=1,t=1,p=1$" + parts[4] + "$" + parts[5],
		strings.TrimSuffix(genuine, parts[5]), "$argon2id$v=19$m=19456,t=2,p=1$" + strings.Repeat("A", 4000) + "$AA", "$2b$10$abcdefghijklmnopqrstuv", genuine + "$",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		for _, guess := range []string{"", "another passphrase"} {
			if matches, err := auth.CheckPassword(context.Background(), hash, guess); matches {
				t.Fatalf("%q opens %q, %v", guess, hash, err)
			}
			if hash == "" {
				return
			}
		}
	})
}
