// Package apptest gives tests the whole server: every module wired as in production, on a database of its own,
// behind real HTTP, on one or several nodes. Every answer a Client receives is held against openapi.json.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
)

// Password of every user that the harness makes.
const Password = "correct horse battery"

// House is a running installation.
type House struct {
	DB       *testkit.Database
	Apps     []*app.App
	Servers  []*httptest.Server
	Contract *Contract
}

// New starts an installation of so many nodes on a database of its own.
func New(t testing.TB, nodes int) *House {
	t.Helper()
	clocks := make([]clock.Clock, nodes)
	for i := range clocks {
		clocks[i] = clock.System
	}
	return NewAt(t, clocks...)
}

// NewAt is New with one node by each clock.
func NewAt(t testing.TB, clocks ...clock.Clock) *House {
	t.Helper()
	h := &House{DB: testkit.NewDatabase(t)}
	for _, c := range clocks {
		h.addNode(t, c)
	}
	document, err := h.Apps[0].API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if h.Contract, err = NewContract(document); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *House) addNode(t testing.TB, c clock.Clock) {
	t.Helper()
	ctx := context.Background()
	login, err := db.EnsureLogin(ctx, h.DB.OwnerURL, testkit.Secret)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := db.Open(ctx, login, db.Options{Clock: c, MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(app.Config{Pool: pool, Secret: testkit.Secret, Version: "test", Role: config.RoleAll})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(ctx); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Handler())
	h.Apps, h.Servers = append(h.Apps, a), append(h.Servers, server)
	t.Cleanup(func() {
		a.StopStreams()
		server.Close()
		stop, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		a.Stop(stop)
		pool.Close()
	})
}

// Tenant of a house, with its facilities and an administrator of each.
type Tenant struct {
	House      *House
	ID         uuid.UUID
	Facilities []uuid.UUID
	Admin      *Client
}

// Tenant makes a tenant as the command line does.
func (h *House) Tenant(t testing.TB, code string, facilities ...string) *Tenant {
	t.Helper()
	ctx := context.Background()
	var list []app.NewFacility
	for _, f := range facilities {
		list = append(list, app.NewFacility{Code: f, Name: "Facility " + f})
	}
	made, err := h.Apps[0].CreateTenant(ctx, app.NewTenant{Code: code, Name: "Hospital " + code, Facilities: list, Admin: "admin." + code, Password: Password})
	if err != nil {
		t.Fatal(err)
	}
	tenant := &Tenant{House: h, ID: made.TenantID}
	admin := h.SignIn(t, "admin."+code, Password)
	for _, m := range admin.Get(t, "/api/me").Want(t, 200).List("memberships") {
		tenant.Facilities = append(tenant.Facilities, uuid.MustParse(m.(map[string]any)["facility_id"].(string)))
	}
	tenant.Admin = admin.In(tenant.ID, made.FacilityID)
	// The first facility named comes first.
	for i, f := range tenant.Facilities {
		if f == made.FacilityID {
			tenant.Facilities[0], tenant.Facilities[i] = tenant.Facilities[i], tenant.Facilities[0]
		}
	}
	return tenant
}

// User makes a user with roles in one facility and signs in as them.
func (tenant *Tenant) User(t testing.TB, username string, facility uuid.UUID, roles ...string) *Client {
	t.Helper()
	tenant.Admin.In(tenant.ID, facility).Post(t, "/api/users", map[string]any{
		"username": username, "full_name": "User " + username, "password": Password,
		"memberships": []any{map[string]any{"facility_id": facility, "roles": roles}},
	}).Want(t, 201)
	return tenant.House.SignIn(t, username, Password).In(tenant.ID, facility)
}

// Client is one signed-in user acting in one facility through one node.
type Client struct {
	House                *House
	Node                 int
	Access, Refresh      string
	TenantID, FacilityID uuid.UUID
	// Unchecked turns the comparison with openapi.json off, for requests that are meant to be nonsense.
	Unchecked bool
}

// SignIn gives a client of the user.
func (h *House) SignIn(t testing.TB, username, password string) *Client {
	t.Helper()
	c := &Client{House: h}
	r := c.Post(t, "/api/auth/token", map[string]any{"username": username, "password": password}).Want(t, 200)
	c.Access, c.Refresh = r.Text("access"), r.Text("refresh")
	return c
}

// In gives the same user acting in another facility.
func (c *Client) In(tenantID, facilityID uuid.UUID) *Client {
	copied := *c
	copied.TenantID, copied.FacilityID = tenantID, facilityID
	return &copied
}

// On gives the same user connected to another node.
func (c *Client) On(node int) *Client {
	copied := *c
	copied.Node = node
	return &copied
}

// Get reads.
func (c *Client) Get(t testing.TB, path string, headers ...string) Reply {
	t.Helper()
	return c.Do(t, http.MethodGet, path, nil, headers...)
}

// Post writes.
func (c *Client) Post(t testing.TB, path string, body any, headers ...string) Reply {
	t.Helper()
	return c.Do(t, http.MethodPost, path, body, headers...)
}

// Patch changes.
func (c *Client) Patch(t testing.TB, path string, body any, headers ...string) Reply {
	t.Helper()
	return c.Do(t, http.MethodPatch, path, body, headers...)
}

// Put replaces.
func (c *Client) Put(t testing.TB, path string, body any, headers ...string) Reply {
	t.Helper()
	return c.Do(t, http.MethodPut, path, body, headers...)
}

// Do sends a request; body may be nil, a string to send as it is, or a value to encode. Header pairs override.
func (c *Client) Do(t testing.TB, method, path string, body any, headers ...string) Reply {
	t.Helper()
	r, err := c.Try(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if !c.Unchecked && c.House.Contract != nil {
		plain, _, _ := strings.Cut(path, "?")
		if err := c.House.Contract.Check(method, strings.Replace(plain, "/api/v1/", "/api/", 1), r.Response, r.Body); err != nil {
			t.Error(err)
		}
	}
	return r
}

// Try is Do for goroutines of a race: it never fails the test.
func (c *Client) Try(ctx context.Context, method, path string, body any, headers ...string) (Reply, error) {
	var reader io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			return Reply{}, err
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.House.Servers[c.Node].URL+path, reader)
	if err != nil {
		return Reply{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Access != "" {
		request.Header.Set("Authorization", "Bearer "+c.Access)
	}
	if c.FacilityID != uuid.Nil {
		request.Header.Set("X-Tenant-ID", c.TenantID.String())
		request.Header.Set("X-Facility-ID", c.FacilityID.String())
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	r := Reply{Response: response}
	if r.Body, err = io.ReadAll(response.Body); err != nil {
		return Reply{}, err
	}
	_ = json.Unmarshal(r.Body, &r.JSON)
	return r, nil
}

// Reply of the server.
type Reply struct {
	*http.Response
	Body []byte
	JSON map[string]any
}

// Want stops the test unless the status is this one.
func (r Reply) Want(t testing.TB, status int) Reply {
	t.Helper()
	if r.StatusCode != status {
		t.Fatalf("%s %s: got %d, want %d: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, r.Body)
	}
	return r
}

// WantProblem stops the test unless the answer is a problem of this status and code.
func (r Reply) WantProblem(t testing.TB, status int, code string) Reply {
	t.Helper()
	if r.StatusCode != status || r.JSON["code"] != code {
		t.Fatalf("%s %s: got %d %v, want %d %s: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, r.JSON["code"], status, code, r.Body)
	}
	return r
}

// Text gives a member as text, "" when it is none.
func (r Reply) Text(name string) string {
	text, _ := r.JSON[name].(string)
	return text
}

// ID gives the member id.
func (r Reply) ID() string { return r.Text("id") }

// List gives a member that is an array.
func (r Reply) List(name string) []any {
	list, _ := r.JSON[name].([]any)
	return list
}

// Path walks members by name and arrays by number: "gate.blocking.0.code".
func (r Reply) Path(path string) any {
	var value any = r.JSON
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// SignInRefused checks that a user cannot sign in.
func (h *House) SignInRefused(t testing.TB, username, password string) {
	t.Helper()
	(&Client{House: h}).Post(t, "/api/auth/token", map[string]any{"username": username, "password": password}).WantProblem(t, 401, "auth.invalid_credentials")
}

// Unchecking gives the same user without the comparison with openapi.json.
func (c *Client) Unchecking() *Client {
	copied := *c
	copied.Unchecked = true
	return &copied
}
