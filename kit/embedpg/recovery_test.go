package embedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestTheServerOfAKilledHMIsTakenOver(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	killed := startHM(t, "serve", dataDir, "")
	_, url := killed.ready()
	execute(t, url, "CREATE TABLE kept AS SELECT 'row' AS name")
	orphan := postmaster(t, dataDir)
	killed.kill()
	if !alive(orphan) {
		t.Fatal("the test needs a server that outlives its hm")
	}
	server := start(t, Options{DataDir: dataDir})
	if alive(orphan) {
		t.Errorf("the orphan %d runs on", orphan)
	}
	if name := query(t, server.URL(), "SELECT name FROM kept"); name != "row" {
		t.Errorf("the row is %q", name)
	}
}

func TestAKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	server := start(t, Options{DataDir: dataDir})
	execute(t, server.URL(), "CREATE TABLE kept AS SELECT 'row' AS name")
	killed := postmaster(t, dataDir)
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var name string
	eventually(t, "the row is read from a new server", func() bool {
		connection, err := pgx.Connect(t.Context(), server.URL())
		if err != nil {
			return false
		}
		defer connection.Close(context.Background())
		return connection.QueryRow(t.Context(), "SELECT name FROM kept").Scan(&name) == nil && name == "row"
	})
	if now := postmaster(t, dataDir); now == killed {
		t.Errorf("process %d was not killed", now)
	}
}

func TestAServerThatKeepsDyingIsGivenUp(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	server := start(t, Options{DataDir: dataDir})
	last := 0
	eventually(t, "it is given up", func() bool {
		if pid := runningPostmaster(filepath.Join(dataDir, "postgres")); pid != 0 && pid != last {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			last = pid
		}
		return server.Err() != nil
	})
	<-server.Done()
	if err := server.Err(); !strings.Contains(err.Error(), "PostgreSQL ended by itself") {
		t.Errorf("it says %v", err)
	}
}

func TestACommandLearnsOfItsServersEnd(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	server, err := AttachOrStart(t.Context(), Options{DataDir: dataDir})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, server)
	if err := syscall.Kill(postmaster(t, dataDir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-server.Done()
	if server.Err() == nil {
		t.Error("Err does not tell why")
	}
}

// A backend in the middle of a computation does not notice that its postmaster
// was killed, and blocks every new one.
func TestABusyBackendOfAKilledServerIsEnded(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	killed := startHM(t, "serve", dataDir, "")
	_, url := killed.ready()
	busy := connect(t, url)
	var backend int
	if err := busy.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		t.Fatal(err)
	}
	go busy.Exec(context.Background(), "SET client_connection_check_interval = 0; DO 'BEGIN LOOP END LOOP; END'")
	eventually(t, "the backend computes", func() bool {
		return query(t, url, fmt.Sprintf("SELECT count(*)::text FROM pg_stat_activity WHERE pid = %d AND state = 'active' AND query LIKE '%%LOOP%%'", backend)) == "1"
	})
	orphan := postmaster(t, dataDir)
	killed.kill()
	if err := syscall.Kill(orphan, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server is gone", func() bool { return !alive(orphan) })
	if !alive(backend) {
		t.Fatal("the test needs a backend that outlives its server")
	}
	server := start(t, Options{DataDir: dataDir})
	if alive(backend) {
		t.Errorf("the old backend %d runs on", backend)
	}
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
}

// After a power cut the number in postmaster.pid may belong to any process.
func TestAStalePidFileOfALivingProcessIsNoObstacle(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	first := start(t, Options{DataDir: dataDir})
	path := filepath.Join(dataDir, "postgres", pidFileName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	stop(t, first)
	// A process of the server's own user, the one case PostgreSQL is afraid of.
	account, otherDir := unprivileged(t)
	bystander := startHM(t, "serve", otherDir, account)
	bystander.ready()
	stale := fmt.Sprintf("%d\n%s", bystander.command.Process.Pid, rest)
	if err := os.WriteFile(path, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	server := start(t, Options{DataDir: dataDir})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
	bystander.end()
}

func TestAnInterruptedInitdbIsBegunAgain(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	interrupted := startHM(t, "serve", dataDir, "")
	eventually(t, "initdb has begun", func() bool {
		found, _ := filepath.Glob(filepath.Join(dataDir, "postgres.making-*", "base", "1"))
		return len(found) > 0
	})
	interrupted.kill()
	if _, err := os.Stat(filepath.Join(dataDir, "postgres")); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("the test came too late to interrupt initdb")
	}
	server := start(t, Options{DataDir: dataDir})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
	if halves, _ := filepath.Glob(filepath.Join(dataDir, "postgres.making-*")); len(halves) != 0 {
		t.Errorf("%v were left", halves)
	}
}

func TestAnEphemeralServerEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	other := startHM(t, "ephemeral", dataDir, "")
	_, url := other.ready()
	if got := query(t, url, "SHOW fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
	// The threads of a Go program come and go; the server must outlive them.
	time.Sleep(100 * time.Millisecond)
	child := postmaster(t, dataDir)
	other.kill()
	eventually(t, "the server has ended", func() bool { return !alive(child) })
}

// A killed hm may leave a server that has only just begun and is not yet to be
// found by any file.
func TestHMMayBeKilledAtAnyMomentOfAStart(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	for moment := range 25 {
		other := startHM(t, "serve", dataDir, "")
		time.Sleep(time.Duration(moment) * 8 * time.Millisecond)
		other.kill()
	}
	server := start(t, Options{DataDir: dataDir})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
}

func TestAServerThatWasStartedByHandIsLeftAlone(t *testing.T) {
	t.Parallel()
	dataDir := finishedDatabase(t)
	f, err := openFolder(dataDir)
	if err != nil {
		t.Fatal(err)
	}
	bin, _, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	command, err := f.command(filepath.Join(bin, "postgres"), f.pgdata())
	if err != nil {
		t.Fatal(err)
	}
	command.Args = append(command.Args, "-c", "listen_addresses=", "-c", "unix_socket_directories="+os.TempDir())
	byHand, err := startChild(command)
	if err != nil {
		t.Fatal(err)
	}
	closeExtra(command)
	defer byHand.stop(t.Context())
	if _, err := byHand.waitReady(t.Context(), f.pgdata()); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("a second server was started")
	}
	expectLine(t, err.Error(), fmt.Sprintf("a PostgreSQL that hm did not start (process %d) serves", byHand.pid))
	if byHand.ended() {
		t.Error("it was stopped")
	}
}
