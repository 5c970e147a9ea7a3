package httpx

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

// The cookies of a browser's session.
const (
	AccessCookie  = "hm_access"
	RefreshCookie = "hm_refresh"
)

var (
	errNoToken        = errs.Unauthenticated("auth.missing", "Sign in first.")
	errCrossSite      = errs.Forbidden("auth.cross_site", "A page of another site may not use this browser's session.")
	errScopeMissing   = errs.Malformed("scope.missing", "Choose a facility: send X-Tenant-ID and X-Facility-ID, or a token with an active scope.")
	errScopeInvalid   = errs.Malformed("scope.invalid", "X-Tenant-ID and X-Facility-ID must be UUIDs.")
	errScopeForbidden = errs.Forbidden("scope.forbidden", "You are not a member of this facility.")
	errPermission     = errs.Forbidden("auth.permission_denied", "Your role does not allow this.")
	errSuperuser      = errs.Forbidden("auth.superuser_only", "Only those who run the installation may do this.")
)

// crossSite refuses writes that another site's page makes with this browser's cookies.
var crossSite = http.NewCrossOriginProtection()

func unwrap(hc huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(hc) }

// admit finds out who calls, where they act and whether they may. The identity and scope are returned as far as
// they were found even with an error, for the audit of the refusal.
func (a *API) admit(ctx context.Context, hc huma.Context, r Route) (*auth.Identity, db.Scope, error) {
	request, _ := unwrap(hc)
	token, byCookie := tokenOf(request)
	if byCookie || r.Access == Public {
		if err := crossSite.Check(request); err != nil {
			return nil, db.System(), errCrossSite
		}
	}
	if r.Access == Public {
		return nil, db.System(), nil
	}
	if token == "" {
		return nil, db.System(), errNoToken
	}
	account, claims, err := a.auth.Authenticate(ctx, token)
	if err != nil {
		return nil, db.System(), err
	}
	identity := &auth.Identity{Account: account}
	if r.Access == SignedIn || r.Access == Superuser {
		// Without a scope of its own, such a route acts where the token does; it sees no tenant's rows otherwise.
		scope := db.Scope{UserID: account.UserID}
		if identity.Acting = account.Membership(claims.TenantID, claims.FacilityID); identity.Acting != nil {
			scope.TenantID, scope.FacilityID = claims.TenantID, claims.FacilityID
		}
		if r.Access == Superuser && !account.IsSuperuser {
			return identity, scope, errSuperuser
		}
		return identity, scope, nil
	}
	scope, err := scopeOf(request, claims)
	scope.UserID = account.UserID
	if err != nil {
		return identity, db.Scope{UserID: account.UserID}, err
	}
	identity.Acting = account.Membership(scope.TenantID, scope.FacilityID)
	if identity.Acting == nil {
		// The refusal belongs to the caller's own tenant, never to one that was only named.
		return identity, db.Scope{TenantID: claims.TenantID, FacilityID: claims.FacilityID, UserID: account.UserID}, errScopeForbidden
	}
	if r.Permission != "" && !identity.Can(r.Permission) {
		return identity, scope, errPermission
	}
	return identity, scope, nil
}

// tokenOf prefers the Authorization header: a program that sends one means it.
func tokenOf(r *http.Request) (token string, byCookie bool) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(token), false
		}
		return "", false
	}
	if cookie, err := r.Cookie(AccessCookie); err == nil {
		return cookie.Value, true
	}
	return "", false
}

// scopeOf takes the headers, and the token's active scope for what they leave out.
func scopeOf(r *http.Request, claims auth.Claims) (db.Scope, error) {
	scope := db.Scope{TenantID: claims.TenantID, FacilityID: claims.FacilityID}
	for name, into := range map[string]*uuid.UUID{"X-Tenant-ID": &scope.TenantID, "X-Facility-ID": &scope.FacilityID} {
		text := r.Header.Get(name)
		if text == "" {
			continue
		}
		value, ok := parseID(text)
		if !ok {
			return db.Scope{}, errScopeInvalid
		}
		*into = value
	}
	if scope.TenantID == uuid.Nil || scope.FacilityID == uuid.Nil {
		return db.Scope{}, errScopeMissing
	}
	return scope, nil
}
