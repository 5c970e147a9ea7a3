package iam

import (
	"context"
	"strings"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
)

// Routes registers the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module = "iam"
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/auth/token", Module: module, Access: httpx.Public, Summary: "Sign in",
		Description: "Gives tokens, and the same as cookies. After several failures for a username or an address: 429 with Retry-After."}, m.signIn)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/auth/token/refresh", Module: module, Access: httpx.Public, Summary: "Exchange a refresh token for the next tokens",
		Description: "The token is taken from the body, else from the cookie. It works once; a second use ends the whole session. Lasts 14 days from each use, the session 30 days in all."}, m.refresh)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/auth/logout", Module: module, Access: httpx.Public, Status: 204, Summary: "Sign out",
		Description: "Ends the session of the access token, or of the refresh token when that one has expired."}, m.signOut)

	httpx.Read(api, httpx.Route{Path: "/api/me", Module: module, Access: httpx.SignedIn, Summary: "Who I am and where I may act"}, m.Me)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/me", Module: module, Access: httpx.SignedIn, Summary: "Change my own email address"}, m.UpdateMe)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/me/scope", Module: module, Access: httpx.SignedIn, Summary: "Choose the facility I act in"}, m.chooseScope)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/me/password", Module: module, Access: httpx.SignedIn, Status: 204, Summary: "Change my password; my other sessions end"}, m.changePassword)
	httpx.Read(api, httpx.Route{Path: "/api/me/totp", Module: module, Access: httpx.SignedIn, Summary: "Whether signing in asks for a code"}, m.OTPStatus)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/me/totp", Module: module, Access: httpx.SignedIn, Summary: "Start to enrol an authenticator app"}, m.startOTP)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/me/totp/confirm", Module: module, Access: httpx.SignedIn, Summary: "Confirm the app with a first code"}, m.ConfirmOTP)
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/me/totp/disable", Module: module, Access: httpx.SignedIn, Status: 204, Summary: "Take the authenticator app off"}, m.disableOTP)

	httpx.Read(api, httpx.Route{Path: "/api/users", Module: module, Permission: CanReadUsers, Summary: "List the people of one's facilities"}, m.ListUsers)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/users", Module: module, Permission: CanManageUsers, Status: 201, Summary: "Take a person on"}, m.CreateUser)
	httpx.Read(api, httpx.Route{Path: "/api/users/{id}", Module: module, Permission: CanReadUsers, Summary: "One person"}, m.GetUser)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/users/{id}", Module: module, Permission: CanManageUsers, Summary: "Change a person's account, or let them in or not",
		Description: "is_active concerns this tenant only. The other fields are the account's: 409 iam.shared_account when it is also used elsewhere."}, m.UpdateUser)

	httpx.Read(api, httpx.Route{Path: "/api/memberships", Module: module, Permission: CanReadUsers, Summary: "List who works where, as what"}, m.ListMemberships)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/memberships", Module: module, Permission: CanManageUsers, Status: 201, Summary: "Give a person a place in a facility"}, m.CreateMembership)
	httpx.Read(api, httpx.Route{Path: "/api/memberships/{id}", Module: module, Permission: CanReadUsers, Summary: "One membership"}, m.GetMembership)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/memberships/{id}", Module: module, Permission: CanManageUsers, Summary: "Change a person's roles in a facility, or end the membership"}, m.UpdateMembership)

	httpx.Read(api, httpx.Route{Path: "/api/roles", Module: module, Permission: CanReadRoles, Summary: "List roles"}, m.ListRoles)
	httpx.Write(api, httpx.Route{Method: "POST", Path: "/api/roles", Module: module, Permission: CanManageRoles, Status: 201, Summary: "Make a role of the tenant's own"}, m.CreateRole)
	httpx.Read(api, httpx.Route{Path: "/api/roles/{id}", Module: module, Permission: CanReadRoles, Summary: "One role"}, m.GetRole)
	httpx.Write(api, httpx.Route{Method: "PATCH", Path: "/api/roles/{id}", Module: module, Permission: CanManageRoles, Summary: "Change what a role of the tenant's own allows"}, m.UpdateRole)
	httpx.Read(api, httpx.Route{Path: "/api/permissions", Module: module, Permission: CanReadRoles, Summary: "List what roles may allow"}, m.ListPermissions)
}

type tokensOutput struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      Tokens
}

type cookiesOutput struct {
	SetCookie []string `header:"Set-Cookie"`
}

// SignInInput is a person at the door.
type SignInInput struct {
	Connection
	Body Credentials
}

func (m *Module) signIn(ctx context.Context, in *SignInInput) (*tokensOutput, error) {
	tokens, err := m.SignIn(ctx, in.Body)
	return &tokensOutput{SetCookie: in.cookies(tokens), Body: tokens}, err
}

// RefreshInput carries a refresh token in its body or as a cookie.
type RefreshInput struct {
	Connection
	Cookie string `cookie:"hm_refresh" hidden:"true"`
	Body   *RefreshBody
}

// RefreshBody is for programs; browsers have the cookie.
type RefreshBody struct {
	Refresh string `json:"refresh,omitempty" maxLength:"200" doc:"The cookie's when absent"`
}

func (in *RefreshInput) token() string {
	if in.Body != nil && in.Body.Refresh != "" {
		return in.Body.Refresh
	}
	return in.Cookie
}

func (m *Module) refresh(ctx context.Context, in *RefreshInput) (*tokensOutput, error) {
	tokens, err := m.Refresh(ctx, in.token())
	return &tokensOutput{SetCookie: in.cookies(tokens), Body: tokens}, err
}

// SignOutInput carries whatever tokens the caller has.
type SignOutInput struct {
	RefreshInput
	Authorization string `header:"Authorization" hidden:"true"`
	AccessCookie  string `cookie:"hm_access" hidden:"true"`
}

func (m *Module) signOut(ctx context.Context, in *SignOutInput) (*cookiesOutput, error) {
	access, byCookie := in.AccessCookie, true
	if in.Authorization != "" {
		scheme, token, _ := strings.Cut(in.Authorization, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return nil, errToken
		}
		access, byCookie = strings.TrimSpace(token), false
	}
	err := m.SignOut(ctx, access, in.token())
	// A browser whose session ended elsewhere still gets rid of its cookies.
	if e := errs.Of(err); e != nil && e.Kind == errs.KindUnauthenticated && byCookie && in.AccessCookie+in.Cookie != "" {
		err = nil
	}
	return &cookiesOutput{SetCookie: in.noCookies()}, err
}

// ChooseScopeInput names a facility to act in.
type ChooseScopeInput struct {
	Connection
	Body Scope
}

type chosenScopeOutput struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      ChosenScope
}

func (m *Module) chooseScope(ctx context.Context, in *ChooseScopeInput) (*chosenScopeOutput, error) {
	chosen, err := m.ChooseScope(ctx, in.Body)
	return &chosenScopeOutput{SetCookie: []string{in.accessCookie(chosen.Access)}, Body: chosen}, err
}

// ChangePasswordInput is a change of one's own password.
type ChangePasswordInput struct{ Body NewPassword }

func (m *Module) changePassword(ctx context.Context, in *ChangePasswordInput) (*struct{}, error) {
	return nil, m.ChangePassword(ctx, in.Body)
}

// StartOTPInput proves once more who asks.
type StartOTPInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"1000"`
	}
}

type otpEnrolmentOutput struct{ Body OTPEnrolment }

func (m *Module) startOTP(ctx context.Context, in *StartOTPInput) (*otpEnrolmentOutput, error) {
	enrolment, err := m.StartOTP(ctx, in.Body.Password)
	return &otpEnrolmentOutput{enrolment}, err
}

// DisableOTPInput proves once more who asks, by both factors.
type DisableOTPInput struct {
	Body struct {
		Password string `json:"password" minLength:"1" maxLength:"1000"`
		OTP      string `json:"otp" minLength:"6" maxLength:"6"`
	}
}

func (m *Module) disableOTP(ctx context.Context, in *DisableOTPInput) (*struct{}, error) {
	return nil, m.DisableOTP(ctx, in.Body.Password, in.Body.OTP)
}

var _ httpx.Authenticator = (*Module)(nil)
