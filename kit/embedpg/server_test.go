package embedpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestAServerKeepsItsRowsOverARestart(t *testing.T) {
	t.Parallel()
	options := Options{DataDir: t.TempDir()}
	first := start(t, options)
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 'row' AS name")
	stop(t, first)
	if pid := runningPostmaster(filepath.Join(options.DataDir, "postgres")); pid != 0 {
		t.Fatalf("process %d runs on after Stop", pid)
	}
	if name := query(t, start(t, options).URL(), "SELECT name FROM kept"); name != "row" {
		t.Fatalf("after a restart the row is %q", name)
	}
}

func TestItIsDurableAndPrivate(t *testing.T) {
	t.Parallel()
	server := start(t, Options{DataDir: finishedDatabase(t), Settings: map[string]string{"listen_addresses": "127.0.0.1", "work_mem": "3MB"}})
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"listen_addresses": "", "unix_socket_permissions": "0700",
		"server_encoding": "UTF8", "TimeZone": "UTC", "jit": "off", "max_connections": "120",
		"work_mem": "3MB", // asked for by the caller
	} {
		if got := query(t, server.URL(), "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := query(t, server.URL(), "SELECT datcollate || current_database() FROM pg_database WHERE datname = current_database()"); got != "C.UTF-8hm" {
		t.Errorf("collation and database are %q", got)
	}
	info, err := os.Stat(socketOf(server))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder is not private: %v, %v", info.Mode(), err)
	}
}

func TestAnOperatorsSettingsWinOverTheTuning(t *testing.T) {
	t.Parallel()
	options := Options{DataDir: finishedDatabase(t)}
	server := start(t, options)
	execute(t, server.URL(), "ALTER SYSTEM SET max_connections = 77")
	stop(t, server)
	if got := query(t, start(t, options).URL(), "SHOW max_connections"); got != "77" {
		t.Fatalf("max_connections is %s", got)
	}
}

func TestRootsServerHasAnUnprivilegedUserAndNoneOfHMsEnvironment(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	other := startHM(t, "serve", dataDir, "")
	other.ready()
	process := filepath.Join("/proc", strconv.Itoa(postmaster(t, dataDir)))
	info, err := os.Stat(process)
	if err != nil {
		t.Fatal(err)
	}
	if ownerOf(info) == 0 {
		t.Error("PostgreSQL runs as root")
	}
	environment, err := os.ReadFile(filepath.Join(process, "environ"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(environment), "LC_ALL=C.UTF-8") || strings.Contains(string(environment), "HM_SECRET_KEY") {
		t.Errorf("its environment is %q", environment)
	}
	other.end()
}

func TestCtrlCReachesOnlyHM(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	other := startHM(t, "serve", dataDir, "")
	other.ready()
	group, err := syscall.Getpgid(postmaster(t, dataDir))
	if err != nil {
		t.Fatal(err)
	}
	if group == other.command.Process.Pid {
		t.Error("PostgreSQL is in hm's process group")
	}
	other.end()
}

func TestAnUnprivilegedUserRunsItToo(t *testing.T) {
	t.Parallel()
	account, dataDir := unprivileged(t)
	first := startHM(t, "serve", dataDir, account)
	_, url := first.ready()
	execute(t, url, "CREATE TABLE kept AS SELECT 'row' AS name")
	first.kill()
	second := startHM(t, "serve", dataDir, account)
	_, url = second.ready()
	if name := query(t, url, "SELECT name FROM kept"); name != "row" {
		t.Errorf("after a kill the row is %q", name)
	}
	second.end()
}

func TestRootGoesOnWithAnotherUsersFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can take over another user's folder")
	}
	account, dataDir := unprivileged(t)
	for _, who := range []string{account, "", account} {
		other := startHM(t, "serve", dataDir, who)
		other.ready()
		other.end()
	}
}

func TestAnotherUsersFolderIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("making another user's folder takes root")
	}
	account, dataDir := unprivileged(t)
	start(t, Options{DataDir: dataDir}) // as postgres or nobody, below a folder of root
	uid, gid := idsOf(t, "daemon")
	for _, name := range []string{"run", "postgres", "log"} {
		if err := os.Chown(filepath.Join(dataDir, name), uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	expectLine(t, startHM(t, "serve", dataDir, account).refused(), "belongs to user daemon: run hm as that user or as root")
}

func TestABackupCopiedBackByRootIsNamed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root leaves root's files")
	}
	dataDir := finishedDatabase(t)
	cluster := filepath.Join(dataDir, "postgres")
	if err := os.Chown(cluster, 0, 0); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "belongs to root, and PostgreSQL refuses to run as root: chown -R ")
}

func TestASecondServeIsRefused(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	start(t, Options{DataDir: dataDir})
	_, err := Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("two hm serve share a data folder")
	}
	expectLine(t, err.Error(), "is in use by another hm serve (process "+strconv.Itoa(os.Getpid())+")")
	expectLine(t, startHM(t, "serve", dataDir, "").refused(), "is in use by another hm serve")
}

func TestACommandReachesTheRunningServer(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	server := start(t, Options{DataDir: dataDir})
	command := startHM(t, "command", dataDir, "")
	owned, url := command.ready()
	if owned || url != server.URL() {
		t.Errorf("owned %v, URL %s, want that of the running server %s", owned, url, server.URL())
	}
	command.end()
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("the command took the server along")
	}
}

func TestTheLastToLeaveStopsTheServer(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	command := startHM(t, "command", dataDir, "")
	if owned, _ := command.ready(); !owned {
		t.Fatal("the first command did not start the server")
	}
	serve := startHM(t, "serve", dataDir, "")
	owned, url := serve.ready()
	if owned {
		t.Fatal("hm serve did not join the command's server")
	}
	command.end()
	if got := query(t, url, "SELECT 'here'"); got != "here" {
		t.Error("the command took hm serve's server along")
	}
	serve.end()
	if pid := runningPostmaster(filepath.Join(dataDir, "postgres")); pid != 0 {
		t.Errorf("process %d runs on when all have left", pid)
	}
}

func TestCommandsThatStartTogetherShareOneServer(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	commands := make([]*hm, 6)
	for i := range commands {
		commands[i] = startHM(t, "command", dataDir, "")
	}
	owners := 0
	for _, command := range commands {
		if owned, url := command.ready(); owned {
			owners++
		} else if got := query(t, url, "SELECT 'here'"); got != "here" {
			t.Error("no answer")
		}
	}
	if owners != 1 {
		t.Errorf("%d of them started the server", owners)
	}
	var leaving sync.WaitGroup
	for _, command := range commands {
		leaving.Go(command.end)
	}
	leaving.Wait()
	if pid := runningPostmaster(filepath.Join(dataDir, "postgres")); pid != 0 {
		t.Errorf("process %d runs on when all have left", pid)
	}
}

func TestAnEndedContextStopsTheStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("Ctrl-C")
	cancel(why)
	dataDir := t.TempDir()
	if _, err := Start(ctx, Options{DataDir: dataDir}); !errors.Is(err, why) {
		t.Fatalf("Start answered %v", err)
	}
	if pids := serversOf(filepath.Join(dataDir, "postgres")); len(pids) != 0 {
		t.Fatalf("processes %v were left", pids)
	}
}

// expectLine holds an error to one line that contains the words.
func expectLine(t *testing.T, said, words string) {
	t.Helper()
	said = strings.TrimSpace(said)
	if !strings.Contains(said, words) || strings.Contains(said, "\n") {
		t.Errorf("it said %q, want one line with %q", said, words)
	}
}
