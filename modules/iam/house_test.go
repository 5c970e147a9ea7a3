package iam_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit/auditapi"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/tenants"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const password = "a long enough passphrase"

// clinical stands for what other modules let roles do.
var clinical = []auth.Permission{
	{Code: "ward.can_read", Description: "See the ward", Roles: auth.EveryoneAndAuditor},
	{Code: "ward.can_treat", Description: "Treat", Roles: []auth.Role{auth.Doctor}},
}

// node is one server of an installation.
type node struct {
	bus     *events.Bus
	iam     *iam.Module
	tenants *tenants.Module
	handler http.Handler
}

// house is an installation on a database of its own.
type house struct {
	*testkit.Database
	node
	mu      sync.Mutex
	entries []recorded
}

// recorded is an entry of the audit trail and the tenant it was told to.
type recorded struct {
	TenantID uuid.UUID
	auditapi.Entry
}

// Record keeps what iam tells the audit trail.
func (h *house) Record(_ context.Context, tx db.Tx, e auditapi.Entry) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, recorded{tx.Scope().TenantID, e})
	return nil
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{Database: testkit.NewDatabase(t)}
	h.node = *h.addNode(t, clinical...)
	return h
}

// addNode makes a further server on the same database, whose modules declare these permissions beside iam's.
func (h *house) addNode(t *testing.T, permissions ...auth.Permission) *node {
	t.Helper()
	n := &node{bus: events.NewBus()}
	places := facilities.New(facilities.Deps{Bus: n.bus})
	permissions = slices.Concat(permissions, iam.Permissions, facilities.Permissions)
	n.iam = iam.New(iam.Deps{Bus: n.bus, Pool: h.Pool, Secret: testkit.Secret, Permissions: permissions, Tenants: tenants.Reader{}, Audit: h})
	n.tenants = tenants.New(tenants.Deps{Bus: n.bus, Facilities: places, People: n.iam})
	n.iam.Subscribe()
	if err := n.bus.CheckComplete(); err != nil {
		t.Fatal(err)
	}
	api := httpx.New(httpx.Config{Version: "test", Secret: testkit.Secret, Pool: h.Pool, Auth: n.iam})
	n.iam.Routes(api)
	n.tenants.Routes(api)
	places.Routes(api)
	n.handler = api.Handler(telemetry.NewMetrics())
	return n
}

// watch lets the node hear of changes until the test ends.
func (n *node) watch(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.iam.Watch(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	time.Sleep(100 * time.Millisecond) // the first poll
}

// found makes a tenant whose administrator is "admin.<code>".
func (h *house) found(t *testing.T, code string, facilityCodes ...string) tenants.Founded {
	t.Helper()
	ctx := db.WithScope(t.Context(), db.System())
	var in tenants.CreateInput
	in.Body.Code, in.Body.Name = code, "Hospital "+code
	in.Body.Administrator.Username, in.Body.Administrator.Password = "admin."+code, password
	for _, f := range facilityCodes {
		in.Body.Facilities = append(in.Body.Facilities, tenants.NewFacility{Code: f, Name: "House " + f})
	}
	if err := in.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	var founded tenants.Founded
	err := h.Pool.InTx(ctx, func(tx db.Tx) (err error) {
		founded, err = h.tenants.Create(ctx, tx, in)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return founded
}

// hire makes a user with roles in one facility of a tenant.
func (h *house) hire(t *testing.T, tenantID, facilityID uuid.UUID, username string, roles ...string) uuid.UUID {
	t.Helper()
	ctx := db.WithScope(t.Context(), db.Scope{TenantID: tenantID, FacilityID: facilityID})
	var in iam.CreateUserInput
	in.Body.Username, in.Body.FullName, in.Body.Password = username, "User "+username, password
	in.Body.Memberships = []iam.Grant{{FacilityID: facilityID, Roles: roles}}
	if err := in.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	var user iam.User
	err := h.Pool.InTx(ctx, func(tx db.Tx) (err error) {
		user, err = h.iam.CreateUser(ctx, tx, in)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return user.ID
}

type object = map[string]any

// reply of a node.
type reply struct {
	*http.Response
	text string
	json object
}

func (r reply) code() string { code, _ := r.json["code"].(string); return code }

func (r reply) str(name string) string { s, _ := r.json[name].(string); return s }

func (r reply) want(t *testing.T, status int, code ...string) reply {
	t.Helper()
	if r.StatusCode != status || len(code) > 0 && r.code() != code[0] {
		t.Fatalf("want %d %v, got %d %s", status, code, r.StatusCode, r.text)
	}
	return r
}

// call sends a request; headers come in pairs. The address is one of the documentation network's.
func (n *node) call(method, path, token string, body any, headers ...string) reply {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	request := httptest.NewRequest(method, "http://hm.example"+path, bytes.NewReader(text))
	request.RemoteAddr = "192.0.2.10:4711"
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		switch headers[i] {
		case "From":
			request.RemoteAddr = headers[i+1]
		case "Host":
			request.Host = headers[i+1]
		default:
			request.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, request)
	r := reply{Response: w.Result(), text: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &r.json)
	return r
}

// signIn gives a session's tokens.
func (n *node) signIn(t *testing.T, username string) (access, refresh string) {
	t.Helper()
	r := n.call("POST", "/api/auth/token", "", object{"username": username, "password": password}).want(t, 200)
	return r.str("access"), r.str("refresh")
}

// in gives the scope headers of a facility.
func in(tenantID, facilityID uuid.UUID) []string {
	return []string{"X-Tenant-ID", tenantID.String(), "X-Facility-ID", facilityID.String()}
}

// eventNames lists what happened in a tenant, in order.
func (h *house) eventNames(t *testing.T, tenantID uuid.UUID) []string {
	t.Helper()
	rows, err := h.Pool.Read(db.WithScope(t.Context(), db.Tenant(tenantID))).Query(t.Context(),
		`SELECT name FROM events.event WHERE tenant_id = $1 ORDER BY occurred_at, id`, tenantID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, strings.TrimSuffix(name, ".v1"))
	}
	return names
}

// value reads one value as the database's superuser.
func value[T any](t *testing.T, h *house, sql string, args ...any) (v T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), h.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
