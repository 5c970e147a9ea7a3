package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
)

// AccessTokenLife is how long an access token is accepted, unless its session ends before.
const AccessTokenLife = 10 * time.Minute

const (
	issuer   = "hm"
	audience = "hm-api"
)

// ErrToken says no more than that a token is not acceptable: why is nobody's business.
var ErrToken = errors.New("auth: token not acceptable")

// Claims of an access token: who, in which session, acting where.
type Claims struct {
	UserID, SessionID    uuid.UUID
	TenantID, FacilityID uuid.UUID // zero: no active scope
	ExpiresAt            time.Time
}

// Tokens signs and verifies access tokens: JWT, HS256 and nothing else. Every node that shares the secret accepts
// the others' tokens.
type Tokens struct {
	key      []byte
	clock    clock.Clock
	verified verifiedTokens
}

// NewTokens derives the signing key from the installation's secret.
func NewTokens(secret []byte, c clock.Clock) *Tokens {
	return &Tokens{key: DeriveKey(secret, "access token"), clock: c}
}

// DeriveKey makes a 32-byte key for one purpose, so that no key serves two.
func DeriveKey(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("hm/" + purpose))
	return mac.Sum(nil)
}

type jwtClaims struct {
	Session  string `json:"sid"`
	Tenant   string `json:"tid,omitempty"`
	Facility string `json:"fid,omitempty"`
	Use      string `json:"use"`
	jwt.RegisteredClaims
}

// Sign makes an access token that lasts AccessTokenLife.
func (t *Tokens) Sign(c Claims) (string, error) {
	now := t.clock.Now()
	claims := jwtClaims{
		Session: c.SessionID.String(),
		Use:     "access",
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: c.UserID.String(), Issuer: issuer, Audience: jwt.ClaimStrings{audience}, ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessTokenLife)),
		},
	}
	if c.FacilityID != uuid.Nil {
		claims.Tenant, claims.Facility = c.TenantID.String(), c.FacilityID.String()
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.key)
}

// Verify gives the claims of a token that is ours, meant for this API and not over; otherwise ErrToken. What is in a
// token never changes, so one that was read is known by its hash until it is over: whether its session still stands
// is not its business.
func (t *Tokens) Verify(token string) (Claims, error) {
	if len(token) > longestToken {
		return Claims{}, ErrToken
	}
	hash := sha256.Sum256([]byte(token))
	now := t.clock.Now()
	if c, ok := t.verified.find(hash); ok {
		if !now.Before(c.ExpiresAt) {
			return Claims{}, ErrToken
		}
		return c, nil
	}
	c, err := t.read(token)
	if err == nil {
		t.verified.keep(hash, c, now)
	}
	return c, err
}

// read checks a token's signature and claims.
func (t *Tokens) read(token string) (Claims, error) {
	var claims jwtClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithIssuer(issuer),
		jwt.WithAudience(audience), jwt.WithTimeFunc(t.clock.Now))
	if err != nil || claims.Use != "access" {
		return Claims{}, ErrToken
	}
	c := Claims{ExpiresAt: claims.ExpiresAt.Time}
	for _, part := range []struct {
		text string
		into *uuid.UUID
	}{{claims.Subject, &c.UserID}, {claims.Session, &c.SessionID}, {claims.Tenant, &c.TenantID}, {claims.Facility, &c.FacilityID}} {
		if part.text == "" {
			continue
		}
		if *part.into, err = uuid.Parse(part.text); err != nil {
			return Claims{}, ErrToken
		}
	}
	if c.UserID == uuid.Nil || c.SessionID == uuid.Nil {
		return Claims{}, ErrToken
	}
	return c, nil
}
