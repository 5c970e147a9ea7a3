package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hmsoftware.com/hm/app"
)

// golden compares text with a committed file; HM_UPDATE_GOLDEN, as make generate sets it, writes the file instead.
func golden(t *testing.T, file, text string) {
	t.Helper()
	path := "testdata/" + file
	if os.Getenv("HM_UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // a committed file
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s is not as committed; if that is meant, run make generate and read the difference:\n%s", path, diff)
	}
}

func describedApp(t *testing.T) *app.App {
	t.Helper()
	a, err := app.New(app.Config{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestGoldenRoutes(t *testing.T) {
	t.Parallel()
	a := describedApp(t)
	known := map[string]bool{}
	for _, p := range app.Permissions() {
		known[p.Code] = true
	}
	var lines strings.Builder
	used := map[string]bool{}
	for _, r := range a.API.Routes() {
		who := r.Permission
		switch {
		case who == "":
			who = "(" + r.Access.String() + ")"
		case !known[who]:
			t.Errorf("%s %s asks for %s, which no module declares", r.Method, r.Path, who)
		}
		used[r.Permission] = true
		fmt.Fprintf(&lines, "%-6s %-55s %-36s %s\n", r.Method, r.Path, who, r.Module)
	}
	for _, p := range app.Permissions() {
		fmt.Fprintf(&lines, "%s: %v\n", p.Code, p.Roles)
	}
	golden(t, "routes.golden", lines.String())
}

func TestGoldenEvents(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for _, d := range describedApp(t).Bus.Describe() {
		listeners := "nobody listens"
		if len(d.Within)+len(d.After) > 0 {
			listeners = fmt.Sprintf("within %v after %v", d.Within, d.After)
		}
		fmt.Fprintf(&lines, "%-42s %-13s %-22s %s\n", d.Name, d.Module, d.Timeline, listeners)
	}
	golden(t, "events.golden", lines.String())
}
