package app_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

func TestObstaclesAtTheStartAreOneClearLine(t *testing.T) {
	t.Parallel()
	p, second := apptest.Node(t), apptest.Node(t)
	if _, err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(second.DataDir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		says string
		code int
	}{
		"a taken port":            {[]string{"serve", "--data-dir", second.DataDir, "--addr", p.Address}, "taken", 1},
		"a taken data folder":     {[]string{"serve", "--data-dir", p.DataDir, "--addr", second.Address}, "", 1},
		"a file as data folder":   {[]string{"serve", "--data-dir", file, "--addr", second.Address}, "", 1},
		"a database that is away": {[]string{"serve", "--data-dir", second.DataDir, "--database-url", "postgres://u:secretword@127.0.0.1:1/x", "--addr", second.Address}, "database", 1},
		"a URL that is none":      {[]string{"serve", "--data-dir", second.DataDir, "--database-url", "mysql://u:secretword@x/y", "--addr", second.Address}, "database URL", 1},
		"an unknown role":         {[]string{"serve", "--role", "janitor"}, "janitor", 2},
		"an unknown command":      {[]string{"heal"}, "heal", 2},
		"a job that is none":      {[]string{"jobs", "retry", "99999999", "--data-dir", p.DataDir}, "there is no job 99999999", 1},
		"a limit of nothing":      {[]string{"jobs", "list", "--limit", "0"}, "hm jobs list --help", 2},
		"no password":             {[]string{"tenants", "create", "x", "X", "--facility", "MAIN=Main", "--admin", "x", "--password-stdin"}, "no password on standard input", 1},
		"a facility without name": {[]string{"tenants", "create", "x", "X", "--facility", "MAIN", "--admin", "x", "--password-stdin"}, "CODE=NAME", 2},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.Command(p.Binary, c.args...)
			var faults bytes.Buffer
			command.Stderr = &faults
			done := make(chan error, 1)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			go func() { done <- command.Wait() }()
			select {
			case <-done:
			case <-time.After(20 * time.Second):
				_ = command.Process.Kill()
				t.Fatalf("it did not end: %s", faults.String())
			}
			text := faults.String()
			if code := command.ProcessState.ExitCode(); code != c.code || !strings.Contains(text, c.says) || strings.Contains(text, "secretword") {
				t.Errorf("exit %d, want %d: %s", code, c.code, text)
			}
			if c.code == 1 && strings.Count(strings.TrimSpace(text), "\n") != 0 {
				t.Errorf("more than one line: %s", text)
			}
		})
	}
}
