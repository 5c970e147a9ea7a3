package tenants_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/tenants"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const password = "a long enough passphrase"

type object = map[string]any

// installation is a server with the three modules that found a tenant together, and a superuser signed in.
type installation struct {
	*testkit.Database
	tenants *tenants.Module
	handler http.Handler
	root    string
}

func newInstallation(t *testing.T) *installation {
	t.Helper()
	i := &installation{Database: testkit.NewDatabase(t)}
	bus := events.NewBus()
	places := facilities.New(facilities.Deps{Bus: bus})
	people := iam.New(iam.Deps{
		Bus: bus, Pool: i.Pool, Secret: testkit.Secret, Permissions: slices.Concat(iam.Permissions, facilities.Permissions),
		Tenants: tenants.Reader{}, Audit: audit.Recorder{},
	})
	i.tenants = tenants.New(tenants.Deps{Bus: bus, Facilities: places, People: people})
	people.Subscribe()
	api := httpx.New(httpx.Config{Version: "test", Secret: testkit.Secret, Pool: i.Pool, Auth: people})
	people.Routes(api)
	i.tenants.Routes(api)
	places.Routes(api)
	i.handler = api.Handler(telemetry.NewMetrics())
	if _, err := people.CreateSuperuser(t.Context(), iam.SuperuserInput{Username: "root", Password: password}); err != nil {
		t.Fatal(err)
	}
	i.root = i.signIn(t, "root")
	return i
}

func (i *installation) call(method, path, token string, body any, headers ...string) (int, object) {
	text, _ := json.Marshal(body)
	request := httptest.NewRequest(method, "http://hm.example"+path, bytes.NewReader(text))
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for n := 0; n < len(headers); n += 2 {
		request.Header.Set(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	i.handler.ServeHTTP(w, request)
	var answer object
	_ = json.Unmarshal(w.Body.Bytes(), &answer)
	return w.Code, answer
}

func (i *installation) signIn(t *testing.T, username string) string {
	t.Helper()
	status, answer := i.call("POST", "/api/auth/token", "", object{"username": username, "password": password})
	if status != 200 {
		t.Fatalf("%s: %d %v", username, status, answer)
	}
	return answer["access"].(string)
}

func asha() object {
	return object{
		"code": "asha", "name": "Asha Hospital", "facilities": []object{{"code": "EAST", "name": "East"}, {"code": "WEST", "name": "West"}},
		"admin": object{"username": "admin.asha", "full_name": "Asha's administrator", "password": password},
	}
}

func TestFoundingATenant(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	status, made := i.call("POST", "/api/tenants", i.root, asha())
	if status != 201 || made["code"] != "asha" || made["id"] != made["tenant_id"] || len(made["facility_ids"].([]any)) != 2 || made["facility_id"] != made["facility_ids"].([]any)[0] {
		t.Fatalf("%d %v", status, made)
	}
	_, me := i.call("GET", "/api/me", i.signIn(t, "admin.asha"), nil)
	if me["user"].(object)["id"] != made["user_id"] || me["user"].(object)["full_name"] != "Asha's administrator" {
		t.Errorf("got %v", me)
	}
	var places []string
	for _, m := range me["memberships"].([]any) {
		places = append(places, fmt.Sprint(m.(object)["facility_code"], m.(object)["roles"]))
	}
	if !slices.Equal(places, []string{"EAST[admin]", "WEST[admin]"}) {
		t.Errorf("got %v", places)
	}
}

func TestFoundingWithoutFacilitiesOpensOne(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	body := asha()
	delete(body, "facilities")
	status, made := i.call("POST", "/api/tenants", i.root, body)
	if status != 201 || len(made["facility_ids"].([]any)) != 1 {
		t.Errorf("%d %v", status, made)
	}
}

// A failure at the last step, the administrator, leaves nothing behind.
// Somebody must be able to come in, and api.md asks for no more than a code and a name.
func TestWhoFoundsATenantAdministersItWhenNobodyIsNamed(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	status, made := i.call("POST", "/api/tenants", i.root, object{"code": "asha", "name": "Asha Hospital"})
	if status != 201 {
		t.Fatalf("%d %v", status, made)
	}
	_, me := i.call("GET", "/api/me", i.root, nil)
	if me["user"].(object)["id"] != made["user_id"] || len(me["memberships"].([]any)) != 1 {
		t.Errorf("got %v", me)
	}
	status, _ = i.call("POST", "/api/facilities", i.root, object{"code": "EAST", "name": "East"},
		"X-Tenant-ID", made["tenant_id"].(string), "X-Facility-ID", made["facility_id"].(string))
	if status != 201 {
		t.Errorf("the founder cannot open a facility: %d", status)
	}
}

func TestFoundingIsAllOrNothing(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	body := asha()
	body["admin"].(object)["username"] = "ROOT"
	if status, answer := i.call("POST", "/api/tenants", i.root, body); status != 409 || answer["code"] != "iam.username_taken" {
		t.Errorf("%d %v", status, answer)
	}
	conn, err := pgx.Connect(t.Context(), i.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var left int
	err = conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM tenants.tenant) + (SELECT count(*) FROM facilities.facility)
		+ (SELECT count(*) FROM iam.role) + (SELECT count(*) FROM iam.tenant_user) + (SELECT count(*) FROM events.event)`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}

func TestFoundingRefuses(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	if status, _ := i.call("POST", "/api/tenants", i.root, asha()); status != 201 {
		t.Fatal(status)
	}
	change := func(f func(body, admin object)) object {
		body := asha()
		body["code"], body["admin"].(object)["username"] = "birch", "admin.birch"
		f(body, body["admin"].(object))
		return body
	}
	for name, c := range map[string]struct {
		body   object
		status int
		code   string
	}{
		"a taken code":          {change(func(b, _ object) { b["code"] = "asha" }), 409, "tenants.code_taken"},
		"a code with a blank":   {change(func(b, _ object) { b["code"] = "a b" }), 422, "request.invalid"},
		"two alike facilities":  {change(func(b, _ object) { b["facilities"] = []object{{"code": "A", "name": "A"}, {"code": "A", "name": "B"}} }), 422, "tenants.invalid"},
		"a weak password":       {change(func(_, a object) { a["password"] = "short" }), 422, "iam.weak_password"},
		"no usable username":    {change(func(_, a object) { a["username"] = "a b" }), 422, "iam.invalid"},
		"no such account":       {change(func(_, a object) { delete(a, "password") }), 404, "iam.user_not_found"},
		"a facility named by x": {change(func(b, _ object) { b["facilities"] = []object{{"code": "A", "name": ""}} }), 422, "request.invalid"},
	} {
		if status, answer := i.call("POST", "/api/tenants", i.root, c.body); status != c.status || answer["code"] != c.code {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

func TestAnExistingAccountComesToWorkForASecondTenant(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	_, first := i.call("POST", "/api/tenants", i.root, asha())
	body := asha()
	body["code"], body["admin"] = "birch", object{"username": "Admin.Asha"}
	status, second := i.call("POST", "/api/tenants", i.root, body)
	if status != 201 || second["user_id"] != first["user_id"] {
		t.Fatalf("%d %v", status, second)
	}
	_, me := i.call("GET", "/api/me", i.signIn(t, "admin.asha"), nil)
	if len(me["memberships"].([]any)) != 4 {
		t.Errorf("got %v", me)
	}
}

// The command line validates nothing before the act.
func TestTheActChecksWhatTheFrameworkWouldHave(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	var in tenants.CreateInput
	in.Body.Code, in.Body.Administrator.Username, in.Body.Administrator.Password = "a b", "x", password
	if err := in.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx := db.WithScope(t.Context(), db.System())
	err := i.Pool.InTx(ctx, func(tx db.Tx) error { _, err := i.tenants.Create(ctx, tx, in); return err })
	var at []string
	for _, field := range errs.Of(err).Fields {
		at = append(at, field.Location)
	}
	if !slices.Equal(at, []string{"body.code", "body.name", "body.facilities[0].code", "body.facilities[0].name"}) {
		t.Errorf("got %v", err)
	}
}

func TestOnlySuperusersSeeTenants(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	_, made := i.call("POST", "/api/tenants", i.root, asha())
	admin := i.signIn(t, "admin.asha")
	for _, c := range []struct{ method, path string }{
		{"GET", "/api/tenants"}, {"POST", "/api/tenants"}, {"GET", "/api/tenants/" + made["id"].(string)}, {"PATCH", "/api/tenants/" + made["id"].(string)},
	} {
		if status, answer := i.call(c.method, c.path, admin, object{}); status != 403 || answer["code"] != "auth.superuser_only" {
			t.Errorf("%s %s: %d %v", c.method, c.path, status, answer)
		}
	}
	// And those who run the installation see no hospital from within.
	facility := made["facility_id"].(string)
	if status, answer := i.call("GET", "/api/users", i.root, nil, "X-Tenant-ID", made["id"].(string), "X-Facility-ID", facility); status != 403 {
		t.Errorf("%d %v", status, answer)
	}
}

func TestListingAndClosingTenants(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	_, made := i.call("POST", "/api/tenants", i.root, asha())
	other := asha()
	other["code"], other["admin"].(object)["username"] = "birch", "admin.birch"
	i.call("POST", "/api/tenants", i.root, other)
	_, first := i.call("GET", "/api/tenants?limit=1&count=true", i.root, nil)
	_, second := i.call("GET", "/api/tenants?limit=1&cursor="+first["next"].(string), i.root, nil)
	if first["count"] != 2.0 || first["results"].([]any)[0].(object)["code"] != "asha" || second["results"].([]any)[0].(object)["code"] != "birch" || second["next"] != nil {
		t.Errorf("got %v, %v", first, second)
	}
	path := "/api/tenants/" + made["id"].(string)
	status, closed := i.call("PATCH", path, i.root, object{"name": "Asha", "is_active": false}, "If-Match", `"1"`)
	if status != 200 || closed["name"] != "Asha" || closed["is_active"] != false {
		t.Errorf("%d %v", status, closed)
	}
	if status, _ := i.call("PATCH", path, i.root, object{"name": "Late"}, "If-Match", `"1"`); status != 412 {
		t.Errorf("a stale change: %d", status)
	}
	if status, answer := i.call("POST", "/api/auth/token", "", object{"username": "admin.asha", "password": password}); status != 401 || answer["code"] != "auth.invalid_credentials" {
		t.Errorf("a closed tenant lets in: %d %v", status, answer)
	}
	i.signIn(t, "admin.birch")
	if status, _ := i.call("GET", "/api/tenants/"+uuid.NewString(), i.root, nil); status != 404 {
		t.Error(status)
	}
}

func TestReader(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	_, made := i.call("POST", "/api/tenants", i.root, asha())
	ctx := db.WithScope(t.Context(), db.System())
	q := i.Pool.Read(ctx)
	if all, err := (tenants.Reader{}).All(ctx, q); err != nil || len(all) != 1 || all[0].String() != made["id"] {
		t.Errorf("got %v %v", all, err)
	}
	if tenantID, err := (tenants.Reader{}).ByCode(ctx, q, "asha"); err != nil || tenantID.String() != made["id"] {
		t.Errorf("got %v %v", tenantID, err)
	}
	if _, err := (tenants.Reader{}).ByCode(ctx, q, "nobody"); errs.Of(err) == nil || errs.Of(err).Kind != errs.KindNotFound {
		t.Errorf("got %v", err)
	}
}
