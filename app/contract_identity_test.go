package app_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractIdentity(t *testing.T) {
	t.Parallel()
	section{
		"signing in gives tokens and cookies":                   signingInGivesTokensAndCookies,
		"cookies are Secure but on plain loopback":              cookiesAreSecure,
		"a wrong password and an unknown user are alike":        aWrongPasswordAndAnUnknownUserAreAlike,
		"repeated failures are throttled":                       repeatedFailuresAreThrottled,
		"a refresh rotates":                                     aRefreshRotates,
		"a refresh token used twice ends the session":           aRefreshTokenUsedTwice,
		"a cookie refreshes and signs out":                      aCookieRefreshesAndSignsOut,
		"a code of the app is asked for once it is enrolled":    signingInWithACode,
		"me tells who and where":                                meTellsWhoAndWhere,
		"choosing a scope gives a token that acts there":        choosingAScope,
		"a new password ends the other sessions":                aNewPassword,
		"superusers found tenants":                              superusersFoundTenants,
		"facilities are opened and changed":                     facilitiesAreOpenedAndChanged,
		"users are taken on, changed and let in no more":        usersAreTakenOn,
		"users are found by name, place, role and being let in": usersAreFound,
		"roles are made and changed":                            rolesAreMade,
		"memberships are given, changed and ended":              membershipsAreGiven,
		"built-in roles and permissions":                        builtInRolesAndPermissions,
	}.hold(t, 1)
}

func signIn(t *testing.T, h *apptest.House, username, password string, headers ...string) apptest.Reply {
	t.Helper()
	return (&apptest.Client{House: h}).Post(t, "/api/auth/token", object{"username": username, "password": password}, headers...)
}

func signingInGivesTokensAndCookies(t *testing.T, d *day) {
	r := signIn(t, d.House, "doctor", apptest.Password).Want(t, 200)
	if r.Text("access") == "" || r.Text("refresh") == "" || r.Text("token_type") != "Bearer" || r.JSON["expires_in"] != 600.0 || len(r.JSON) != 4 {
		t.Errorf("tokens: %v", slices.Sorted(maps.Keys(r.JSON)))
	}
	cookies := map[string]*http.Cookie{}
	for _, c := range r.Cookies() {
		cookies[c.Name] = c
	}
	access, refresh := cookies["hm_access"], cookies["hm_refresh"]
	if len(cookies) != 2 || access == nil || refresh == nil {
		t.Fatalf("cookies: %v", r.Cookies())
	}
	if access.MaxAge != 600 || refresh.MaxAge != 14*24*60*60 || access.Value != r.Text("access") || refresh.Value != r.Text("refresh") || access.Path != "/" {
		t.Errorf("access %+v, refresh %+v", access, refresh)
	}
	signIn(t, d.House, "DOCTOR", apptest.Password).Want(t, 200)
	(&apptest.Client{House: d.House}).Post(t, "/api/auth/token", object{"username": "doctor"}).WantProblem(t, 422, "request.invalid")
}

func cookiesAreSecure(t *testing.T, d *day) {
	for name, c := range map[string]struct {
		headers []string
		secure  bool
	}{
		"plain loopback":          {nil, false},
		"localhost":               {[]string{"Host", "localhost:8080"}, false},
		"a name of the house":     {[]string{"Host", "hm.example"}, true},
		"a proxy that speaks TLS": {[]string{"X-Forwarded-Proto", "https"}, true},
	} {
		request, err := http.NewRequestWithContext(t.Context(), "POST", d.House.Servers[0].URL+"/api/auth/token", strings.NewReader(`{"username":"doctor","password":"`+apptest.Password+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		if c.headers != nil && c.headers[0] == "Host" {
			request.Host = c.headers[1]
		} else if c.headers != nil {
			request.Header.Set(c.headers[0], c.headers[1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != 200 || len(response.Cookies()) != 2 {
			t.Fatalf("%s: %d %v", name, response.StatusCode, response.Cookies())
		}
		for _, cookie := range response.Cookies() {
			if cookie.Secure != c.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: %+v", name, cookie)
			}
		}
	}
}

func aWrongPasswordAndAnUnknownUserAreAlike(t *testing.T, d *day) {
	d.User(t, "guessed", d.Facilities[0], "nurse")
	closed := d.User(t, "closed", d.Facilities[0], "nurse")
	d.Admin.Patch(t, "/api/users/"+userID(t, closed), object{"is_active": false}).Want(t, 200)
	wrong := signIn(t, d.House, "guessed", "not the password").WantProblem(t, 401, "auth.invalid_credentials")
	for name, other := range map[string]apptest.Reply{
		"an unknown user": signIn(t, d.House, "nobody.at.all", "not the password"), "somebody not let in": signIn(t, d.House, "closed", apptest.Password),
	} {
		if withoutRequest(other) != withoutRequest(wrong) || other.StatusCode != 401 || len(other.Cookies()) != 0 {
			t.Errorf("%s: %s, a wrong password: %s", name, other.Body, wrong.Body)
		}
	}
}

func repeatedFailuresAreThrottled(t *testing.T, d *day) {
	d.User(t, "throttled", d.Facilities[0], "nurse")
	for _, username := range []string{"throttled", "not.there.either"} {
		tries := 0
		for ; tries < 20; tries++ {
			if r := signIn(t, d.House, username, "not the password"); r.StatusCode == 429 {
				wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
				if r.Text("code") != "auth.throttled" || err != nil || wait < 1 {
					t.Errorf("%s: Retry-After %q %s", username, r.Header.Get("Retry-After"), r.Body)
				}
				break
			}
		}
		if tries < 3 || tries == 20 {
			t.Errorf("%s: refused after %d failures", username, tries)
		}
	}
	// The right password does not help until the wait is over; others are not concerned.
	signIn(t, d.House, "throttled", apptest.Password).WantProblem(t, 429, "auth.throttled")
	signIn(t, d.House, "nurse", apptest.Password).Want(t, 200)
}

func aRefreshRotates(t *testing.T, d *day) {
	user, nobody := d.House.SignIn(t, "doctor", apptest.Password), &apptest.Client{House: d.House}
	first := nobody.Post(t, "/api/auth/token/refresh", object{"refresh": user.Refresh}).Want(t, 200)
	if first.Text("refresh") == user.Refresh || first.Text("access") == "" || first.Text("token_type") != "Bearer" || first.JSON["expires_in"] != 600.0 || len(first.Cookies()) != 2 {
		t.Errorf("refreshed: %v %v", slices.Sorted(maps.Keys(first.JSON)), first.Cookies())
	}
	renewed := *user
	renewed.Access = first.Text("access")
	renewed.Get(t, "/api/me").Want(t, 200)
	nobody.Post(t, "/api/auth/token/refresh", object{"refresh": first.Text("refresh")}).Want(t, 200)
	nobody.Post(t, "/api/auth/token/refresh", object{"refresh": "made up"}).WantProblem(t, 401, "auth.invalid_token")
	nobody.Post(t, "/api/auth/token/refresh", nil).WantProblem(t, 401, "auth.missing")
}

func aRefreshTokenUsedTwice(t *testing.T, d *day) {
	user, nobody := d.House.SignIn(t, "doctor", apptest.Password), &apptest.Client{House: d.House}
	next := nobody.Post(t, "/api/auth/token/refresh", object{"refresh": user.Refresh}).Want(t, 200)
	nobody.Post(t, "/api/auth/token/refresh", object{"refresh": user.Refresh}).WantProblem(t, 401, "auth.token_reused")
	user.Get(t, "/api/me").Want(t, 401)
	nobody.Post(t, "/api/auth/token/refresh", object{"refresh": next.Text("refresh")}).Want(t, 401)
	d.Doctor.Get(t, "/api/me").Want(t, 200) // another session of the same user
}

func aCookieRefreshesAndSignsOut(t *testing.T, d *day) {
	nobody := &apptest.Client{House: d.House}
	signedIn := signIn(t, d.House, "doctor", apptest.Password).Want(t, 200)
	refreshed := nobody.Post(t, "/api/auth/token/refresh", nil, "Cookie", "hm_refresh="+signedIn.Text("refresh")).Want(t, 200)
	if refreshed.Text("refresh") == signedIn.Text("refresh") {
		t.Error("not rotated")
	}
	cookies := "hm_access=" + refreshed.Text("access") + "; hm_refresh=" + refreshed.Text("refresh")
	nobody.Get(t, "/api/me", "Cookie", cookies).Want(t, 200)
	nobody.Post(t, "/api/auth/token/refresh", nil, "Cookie", cookies, "Sec-Fetch-Site", "cross-site").WantProblem(t, 403, "auth.cross_site")
	out := nobody.Post(t, "/api/auth/logout", nil, "Cookie", cookies).Want(t, 204)
	if len(out.Cookies()) != 2 || out.Cookies()[0].MaxAge >= 0 || out.Cookies()[1].MaxAge >= 0 {
		t.Errorf("the cookies stay: %v", out.Cookies())
	}
	nobody.Get(t, "/api/me", "Cookie", cookies).Want(t, 401)
	nobody.Post(t, "/api/auth/token/refresh", nil, "Cookie", cookies).Want(t, 401)
	// By body, when the access token is gone.
	again := signIn(t, d.House, "doctor", apptest.Password).Want(t, 200)
	nobody.Post(t, "/api/auth/logout", object{"refresh": again.Text("refresh")}).Want(t, 204)
	nobody.Post(t, "/api/auth/token/refresh", object{"refresh": again.Text("refresh")}).Want(t, 401)
}

func signingInWithACode(t *testing.T, d *day) {
	user := d.User(t, "coded", d.Facilities[0], "nurse")
	user.Post(t, "/api/me/totp", object{"password": "not the password"}).WantProblem(t, 422, "auth.wrong_password")
	secret := user.Post(t, "/api/me/totp", object{"password": apptest.Password}).Want(t, 200).Text("secret")
	// Steps in order, because each is accepted once: the one before, the present and the next.
	code := func(step int) string {
		made, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(step)*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	signIn(t, d.House, "coded", apptest.Password).Want(t, 200) // not asked for before it is confirmed
	confirmed := code(-1)
	if r := user.Post(t, "/api/me/totp/confirm", object{"otp": confirmed}).Want(t, 200); r.JSON["enrolled"] != true {
		t.Errorf("confirmed: %s", r.Body)
	}
	nobody := &apptest.Client{House: d.House}
	credentials := object{"username": "coded", "password": apptest.Password}
	nobody.Post(t, "/api/auth/token", credentials).WantProblem(t, 401, "auth.otp_required")
	credentials["otp"] = confirmed
	nobody.Post(t, "/api/auth/token", credentials).WantProblem(t, 401, "auth.invalid_otp")
	credentials["otp"] = code(0)
	nobody.Post(t, "/api/auth/token", credentials).Want(t, 200)
	nobody.Post(t, "/api/auth/token", credentials).WantProblem(t, 401, "auth.invalid_otp")
	credentials["password"] = "not the password"
	nobody.Post(t, "/api/auth/token", credentials).WantProblem(t, 401, "auth.invalid_credentials")
	user.Post(t, "/api/me/totp/disable", object{"password": apptest.Password, "otp": code(1)}).Want(t, 204)
	if r := user.Get(t, "/api/me/totp").Want(t, 200); r.JSON["enrolled"] != false {
		t.Errorf("disabled: %s", r.Body)
	}
	signIn(t, d.House, "coded", apptest.Password).Want(t, 200)
}

func meTellsWhoAndWhere(t *testing.T, d *day) {
	me := d.House.SignIn(t, "doctor", apptest.Password).Get(t, "/api/me").Want(t, 200)
	user, _ := me.JSON["user"].(object)
	if got := slices.Sorted(maps.Keys(user)); !slices.Equal(got, []string{"email", "full_name", "id", "is_superuser", "username"}) || user["username"] != "doctor" || user["is_superuser"] != false {
		t.Errorf("user: %v", user)
	}
	place, _ := me.List("memberships")[0].(object)
	want := object{"tenant_id": d.ID.String(), "tenant_code": "asha", "tenant_name": "Hospital asha", "facility_id": d.Facilities[0].String(), "facility_code": "MAIN", "facility_name": "Facility MAIN"}
	for name, value := range want {
		if place[name] != value {
			t.Errorf("%s: %v", name, place[name])
		}
	}
	if permissions := texts(place["permissions"].([]any)); !slices.Equal(texts(place["roles"].([]any)), []string{"doctor"}) || !slices.Contains(permissions, "encounters.can_close") || slices.Contains(permissions, "iam.can_manage_users") {
		t.Errorf("place: %v", place)
	}
	if me.Path("scope.tenant_id") != d.ID.String() || me.Path("scope.facility_id") != d.Facilities[0].String() {
		t.Errorf("scope: %v", me.JSON["scope"])
	}
	// Without a scope of one's own there is none, and me needs none.
	root := superuser(t, d.House, "root.me").Get(t, "/api/me").Want(t, 200)
	if scope, present := root.JSON["scope"]; !present || scope != nil || len(root.List("memberships")) != 0 || root.Path("user.is_superuser") != true {
		t.Errorf("root: %s", root.Body)
	}
	if r := d.Nurse.Patch(t, "/api/me", object{"email": "nurse@example.org"}).Want(t, 200); r.Path("user.email") != "nurse@example.org" {
		t.Errorf("email: %s", r.Body)
	}
	d.Nurse.Patch(t, "/api/me", object{"full_name": "Someone Else"}).Want(t, 422)
	d.Nurse.Patch(t, "/api/me", object{"email": nil}).Want(t, 200)
}

func choosingAScope(t *testing.T, d *day) {
	d.Admin.Post(t, "/api/users", object{"username": "chooser", "full_name": "Chooser", "password": apptest.Password, "memberships": []object{
		{"facility_id": d.Facilities[0], "roles": []string{"nurse"}}, {"facility_id": d.Facilities[1], "roles": []string{"nurse"}}}}).Want(t, 201)
	user := d.House.SignIn(t, "chooser", apptest.Password)
	user.Get(t, "/api/patients").WantProblem(t, 400, "scope.missing")
	chosen := user.Post(t, "/api/me/scope", object{"tenant_id": d.ID, "facility_id": d.Facilities[1]}).Want(t, 200)
	if chosen.Path("scope.facility_id") != d.Facilities[1].String() || chosen.Path("scope.tenant_id") != d.ID.String() || chosen.Text("token_type") != "Bearer" || chosen.JSON["expires_in"] != 600.0 {
		t.Errorf("chosen: %v", slices.Sorted(maps.Keys(chosen.JSON)))
	}
	if len(chosen.Cookies()) != 1 || chosen.Cookies()[0].Name != "hm_access" || chosen.Cookies()[0].Value != chosen.Text("access") {
		t.Errorf("cookies: %v", chosen.Cookies())
	}
	there := *user
	there.Access = chosen.Text("access")
	d.Admin.In(d.ID, d.Facilities[1]).Post(t, "/api/patients", object{"full_name": "Chosen There", "gender": "male", "mrn": "CHOSEN-1"}).Want(t, 201)
	if found := there.Get(t, "/api/patients?mrn=CHOSEN-1").Want(t, 200).List("results"); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	// It stays chosen with the next refresh, and with the next sign-in.
	refreshed := user.Post(t, "/api/auth/token/refresh", object{"refresh": user.Refresh}).Want(t, 200)
	there.Access = refreshed.Text("access")
	if r := there.Get(t, "/api/me").Want(t, 200); r.Path("scope.facility_id") != d.Facilities[1].String() {
		t.Errorf("after a refresh: %v", r.JSON["scope"])
	}
	d.Nurse.Post(t, "/api/me/scope", object{"tenant_id": d.ID, "facility_id": d.Facilities[1]}).WantProblem(t, 403, "scope.forbidden")
	d.Nurse.Post(t, "/api/me/scope", object{"tenant_id": uuid.New(), "facility_id": d.Facilities[0]}).WantProblem(t, 403, "scope.forbidden")
	d.Nurse.Post(t, "/api/me/scope", object{"tenant_id": d.ID}).WantProblem(t, 422, "request.invalid")
}

func aNewPassword(t *testing.T, d *day) {
	user := d.User(t, "changer", d.Facilities[0], "nurse")
	other := d.House.SignIn(t, "changer", apptest.Password)
	const better = "another battery staple"
	user.Post(t, "/api/me/password", object{"current_password": "not the password", "new_password": better}).WantProblem(t, 422, "auth.wrong_password")
	for _, weak := range []string{"short", "changer", "password123"} {
		user.Post(t, "/api/me/password", object{"current_password": apptest.Password, "new_password": weak}).WantProblem(t, 422, "iam.weak_password")
	}
	user.Post(t, "/api/me/password", object{"current_password": apptest.Password, "new_password": better}).Want(t, 204)
	user.Get(t, "/api/me").Want(t, 200)
	within(t, time.Second, "the other session ends", func() bool { return other.Get(t, "/api/me").StatusCode == 401 })
	other.Post(t, "/api/auth/token/refresh", object{"refresh": other.Refresh}).Want(t, 401)
	signIn(t, d.House, "changer", apptest.Password).WantProblem(t, 401, "auth.invalid_credentials")
	signIn(t, d.House, "changer", better).Want(t, 200)
}

func superusersFoundTenants(t *testing.T, d *day) {
	root := superuser(t, d.House, "root.tenants")
	made := root.Post(t, "/api/tenants", object{
		"code": "cedar", "name": "Cedar Hospital", "facilities": []object{{"code": "ONE", "name": "One"}, {"code": "TWO", "name": "Two"}},
		"admin": object{"username": "admin.cedar", "password": apptest.Password},
	}).Want(t, 201)
	if made.Text("tenant_id") != made.ID() || made.Text("facility_id") == "" || made.Text("user_id") == "" {
		t.Errorf("made: %s", made.Body)
	}
	admin := d.House.SignIn(t, "admin.cedar", apptest.Password).In(uuid.MustParse(made.ID()), uuid.MustParse(made.Text("facility_id")))
	if roles := codes(admin.Get(t, "/api/roles").Want(t, 200).List("results"), "code"); !slices.Equal(roles, builtInRoles()) {
		t.Errorf("roles of a new tenant: %v", roles)
	}
	if listed := codes(root.Get(t, "/api/tenants?limit=200").Want(t, 200).List("results"), "code"); !slices.Contains(listed, "cedar") || !slices.Contains(listed, "asha") {
		t.Errorf("listed: %v", listed)
	}
	root.Post(t, "/api/tenants", object{"code": "cedar", "name": "Again", "admin": object{"username": "admin.again", "password": apptest.Password}}).WantProblem(t, 409, "tenants.code_taken")
	root.Get(t, "/api/tenants/"+uuid.NewString()).WantProblem(t, 404, "tenants.not_found")
	if r := root.Patch(t, "/api/tenants/"+made.ID(), object{"name": "Cedar House", "is_active": false}).Want(t, 200); r.Text("name") != "Cedar House" || r.JSON["is_active"] != false {
		t.Errorf("closed: %s", r.Body)
	}
	within(t, time.Second, "a closed tenant lets nobody in", func() bool { return admin.Get(t, "/api/roles").StatusCode >= 400 })
	root.Patch(t, "/api/tenants/"+made.ID(), object{"is_active": true}).Want(t, 200)
	d.House.SignIn(t, "admin.cedar", apptest.Password)
	// Those who run the installation see no patient; those of a hospital no tenant.
	root.In(d.ID, d.Facilities[0]).Get(t, "/api/patients").WantProblem(t, 403, "scope.forbidden")
	d.Admin.Get(t, "/api/tenants").WantProblem(t, 403, "auth.superuser_only")
	d.Admin.Post(t, "/api/tenants", object{}).WantProblem(t, 403, "auth.superuser_only")
}

func facilitiesAreOpenedAndChanged(t *testing.T, d *day) {
	made := d.Admin.Post(t, "/api/facilities", object{"code": "WEST", "name": "West", "mrn_pattern": "W{yyyy}/{number:3}", "time_zone": "Europe/Berlin"}).Want(t, 201)
	if made.Text("code") != "WEST" || made.Text("tenant_id") != d.ID.String() || made.JSON["several_active_encounters"] != false || made.Path("packs.0") != "base" {
		t.Errorf("made: %s", made.Body)
	}
	d.Admin.Post(t, "/api/facilities", object{"code": "WEST", "name": "Again"}).WantProblem(t, 409, "facilities.code_taken")
	west := d.Admin.In(d.ID, uuid.MustParse(made.ID()))
	within(t, time.Second, "its opener administers it", func() bool { return west.Get(t, "/api/patients").StatusCode == 200 })
	mrn := west.Post(t, "/api/patients", object{"full_name": "Western", "gender": "male"}).Want(t, 201).Text("mrn")
	if !regexp.MustCompile(`^W20\d\d/001$`).MatchString(mrn) {
		t.Errorf("MRN %q", mrn)
	}
	if r := d.Admin.Patch(t, "/api/facilities/"+made.ID(), object{"name": "Far West", "mrn_pattern": "{number}", "several_active_encounters": true}).Want(t, 200); r.Text("name") != "Far West" || r.JSON["several_active_encounters"] != true || r.Text("time_zone") != "Europe/Berlin" {
		t.Errorf("changed: %s", r.Body)
	}
	patient := west.Post(t, "/api/patients", object{"full_name": "Numbered", "gender": "male"}).Want(t, 201)
	if patient.Text("mrn") != "1" {
		t.Errorf("MRN %q", patient.Text("mrn"))
	}
	west.Post(t, "/api/encounters", object{"patient_id": patient.ID()}).Want(t, 201)
	west.Post(t, "/api/encounters", object{"patient_id": patient.ID()}).Want(t, 201)
	d.Admin.Patch(t, "/api/facilities/"+made.ID(), object{"mrn_pattern": "without"}).WantProblem(t, 422, "facilities.invalid")
	d.Admin.Patch(t, "/api/facilities/"+made.ID(), object{"time_zone": "Mars/Base"}).WantProblem(t, 422, "facilities.invalid")
	d.Nurse.Get(t, "/api/facilities/"+made.ID()).WantProblem(t, 404, "facilities.not_found")
	if seen := codes(d.Nurse.Get(t, "/api/facilities").Want(t, 200).List("results"), "code"); !slices.Equal(seen, []string{"MAIN"}) {
		t.Errorf("a nurse of MAIN sees %v", seen)
	}
	d.Nurse.Post(t, "/api/facilities", object{"code": "MINE", "name": "Mine"}).WantProblem(t, 403, "auth.permission_denied")
}
