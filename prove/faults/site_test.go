package faults_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/prove/faults/proxy"
)

// site is one hospital, served by the real binary.
type site struct {
	node  *plant.Node
	proxy *proxy.Proxy // nil where PostgreSQL is the node's private one
	// dataDir is where PostgreSQL lives, url leads a superuser to it past the proxy.
	dataDir, url string
	staff        *apptest.Client
}

// newSite starts a PostgreSQL of its own, a proxy before it, and HM behind that.
func newSite(t *testing.T) *site {
	t.Helper()
	database, err := proxy.StartDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Stop(); err != nil {
			t.Errorf("stopping PostgreSQL: %v", err)
		}
	})
	s := &site{node: apptest.Node(t), proxy: database.Proxy, dataDir: database.DataDir, url: database.Direct}
	s.node.Flags = []string{"--database-url", database.URL}
	s.found(t)
	return s
}

// newPrivateSite starts HM on its private PostgreSQL, in a folder that is there already; "" makes one.
func newPrivateSite(t *testing.T, folder string) *site {
	t.Helper()
	s := &site{node: apptest.Node(t)}
	if folder != "" {
		_ = os.RemoveAll(s.node.DataDir)
		s.node.DataDir = folder
	}
	s.dataDir = s.node.DataDir
	s.url = "postgres://postgres@/hm?host=" + url.QueryEscape(filepath.Join(s.dataDir, "run")) + "&port=5432&sslmode=disable"
	s.found(t)
	return s
}

// found starts the node, makes a hospital with an administrator and one user who does everything, and signs both in.
func (s *site) found(t *testing.T) {
	t.Helper()
	s.start(t)
	out := s.command(t, apptest.Password+"\n", "tenants", "create", "asha", "Asha Hospital", "--facility", "MAIN=Main", "--admin", "admin.asha", "--password-stdin")
	tenant := apptest.Outside(s.node.Address).Founded(t, out, "admin.asha")
	s.staff = tenant.User(t, "staff", tenant.Facilities[0], "receptionist", "nurse", "doctor")
}

func (s *site) start(t *testing.T) time.Duration {
	t.Helper()
	took, err := s.node.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return took
}

// command runs one of hm's commands on the site's database, past the proxy, and stops the test unless it ends well.
func (s *site) command(t *testing.T, input string, args ...string) (output string) {
	t.Helper()
	if s.proxy != nil {
		args = append(args, "--database-url", s.url)
	}
	out, faults, code, err := s.node.Run(t.Context(), input, args...)
	if err != nil || code != 0 {
		t.Fatalf("hm %v: exit %d %v: %s%s", args, code, err, out, faults)
	}
	return out
}

// query reads one value as a superuser.
func query[T any](t *testing.T, s *site, sql string, args ...any) (value T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}
