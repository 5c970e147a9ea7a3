package embedpg

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestMain lets this test binary play another hm: one to be killed, to run as
// another user, or to compete.
func TestMain(m *testing.M) {
	if role := os.Getenv("EMBEDPG_ROLE"); role != "" {
		os.Exit(playRole(role))
	}
	os.Exit(runIn(m))
}

// runIn gives the tests a folder for temporary files of their own, in which
// the sockets of killed servers may lie.
func runIn(m *testing.M) int {
	temporary, err := os.MkdirTemp("/tmp", "embedpg")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(temporary)
	os.Chmod(temporary, 0o1777)
	os.Setenv("TMPDIR", temporary)
	return m.Run()
}

// beforeRole is replaced where a role may be played in a container.
var beforeRole = func() error { return nil }

func playRole(role string) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	options := Options{DataDir: os.Getenv("EMBEDPG_DATA"), BinDir: os.Getenv("EMBEDPG_BIN"), Log: slog.New(slog.DiscardHandler)}
	begin := Start
	if err := beforeRole(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	switch role {
	case "command":
		begin = AttachOrStart
	case "ephemeral":
		options.Ephemeral = true
	}
	server, err := begin(ctx, options)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready", server.Owned(), server.URL())
	<-ctx.Done()
	if err := server.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// hm is another process that plays a role on a data folder.
type hm struct {
	t       *testing.T
	command *exec.Cmd
	out     *bufio.Reader
	said    bytes.Buffer // standard error
}

// startHM begins the role as the account, or as this test's own user when
// account is "". It does not wait for it to be ready.
func startHM(t *testing.T, role, dataDir, account string) *hm {
	t.Helper()
	return startWith(t, role, dataDir, account, func(*syscall.SysProcAttr) {})
}

func startWith(t *testing.T, role, dataDir, account string, change func(*syscall.SysProcAttr), environment ...string) *hm {
	t.Helper()
	bin, _, err := Find("") // the other hm runs in another folder and would not find the npm copy
	if err != nil {
		t.Fatal(err)
	}
	other := &hm{t: t, command: exec.Command("/proc/self/exe")}
	other.command.Env = append(os.Environ(), "EMBEDPG_ROLE="+role, "EMBEDPG_DATA="+dataDir, "EMBEDPG_BIN="+bin,
		"HM_SECRET_KEY=never-to-be-passed-on", "PGPORT=1", "PGSSLMODE=require", "PGDATABASE=elsewhere")
	other.command.Env = append(other.command.Env, environment...)
	other.command.Dir = "/"
	other.command.Stderr = &other.said
	other.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if account != "" {
		uid, gid := idsOf(t, account)
		other.command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	change(other.command.SysProcAttr)
	pipe, err := other.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	other.out = bufio.NewReader(pipe)
	if err := other.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.kill)
	return other
}

// ready waits for the role's server and returns whether it started it and its URL.
func (h *hm) ready() (owned bool, url string) {
	h.t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil {
		_, _ = io.Copy(io.Discard, h.out)
		_ = h.command.Wait()
		h.t.Fatalf("the other hm did not get ready: %s", h.said.String())
	}
	words := strings.Fields(line)
	return words[1] == "true", words[2]
}

// refused waits for the role to fail and returns what it said.
func (h *hm) refused() string {
	h.t.Helper()
	if line, err := h.out.ReadString('\n'); err == nil {
		h.t.Fatalf("the other hm was not refused: %s", line)
	}
	if err := h.command.Wait(); err == nil {
		h.t.Fatal("the other hm exited with 0")
	}
	return h.said.String()
}

// kill is kill -9.
func (h *hm) kill() {
	_ = h.command.Process.Kill()
	_ = h.command.Wait()
}

// end asks for an orderly stop and waits for it.
func (h *hm) end() {
	h.t.Helper()
	_ = h.command.Process.Signal(syscall.SIGTERM)
	if err := h.command.Wait(); err != nil {
		h.t.Fatalf("the other hm: %v: %s", err, h.said.String())
	}
}

func idsOf(t *testing.T, account string) (uid, gid int) {
	t.Helper()
	found, err := user.Lookup(account)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ = strconv.Atoi(found.Uid)
	gid, _ = strconv.Atoi(found.Gid)
	return uid, gid
}

// unprivileged returns an account that is not root for the other hm, and a
// data folder of its own.
func unprivileged(t *testing.T) (account, dataDir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return "", filepath.Join(t.TempDir(), "data")
	}
	root := openToAll(t)
	uid, gid := idsOf(t, "nobody")
	if err := os.Chown(root, uid, gid); err != nil {
		t.Fatal(err)
	}
	return "nobody", filepath.Join(root, "data")
}

// openToAll is a temporary folder that every user may pass through, unlike
// t.TempDir.
func openToAll(t *testing.T) string {
	t.Helper()
	root, err := os.MkdirTemp("", "embedpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// start runs a server in this process and stops it when the test ends.
func start(t *testing.T, options Options) *Server {
	t.Helper()
	options.Log = slog.New(slog.DiscardHandler)
	server, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

var finished struct {
	once    sync.Once
	dataDir string
	err     error
}

// finishedDatabase is a data folder with a database in it, copied from one
// that was made before: most tests are not about making it.
func finishedDatabase(t *testing.T) (dataDir string) {
	t.Helper()
	finished.once.Do(func() {
		if finished.dataDir, finished.err = os.MkdirTemp("", "finished"); finished.err != nil {
			return
		}
		var server *Server
		server, finished.err = Start(context.Background(), Options{DataDir: finished.dataDir, Log: slog.New(slog.DiscardHandler)})
		if finished.err == nil {
			finished.err = server.Stop(context.Background())
		}
	})
	if finished.err != nil {
		t.Fatal(finished.err)
	}
	dataDir = t.TempDir()
	if out, err := exec.Command("cp", "-a", filepath.Join(finished.dataDir, "postgres"), dataDir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dataDir
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close(context.Background()) })
	return connection
}

func execute(t *testing.T, url, statement string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func query(t *testing.T, url, statement string) string {
	t.Helper()
	var value string
	if err := connect(t, url).QueryRow(t.Context(), statement).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func socketOf(server *Server) string {
	_, socket, _ := server.current()
	return socket
}

// postmaster is the number of the process that serves the folder now.
func postmaster(t *testing.T, dataDir string) int {
	t.Helper()
	pid := runningPostmaster(filepath.Join(dataDir, "postgres"))
	if pid == 0 {
		t.Fatal("no PostgreSQL runs on the data folder")
	}
	return pid
}

// eventually waits for what another process brings about.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("it never came about: " + what)
}
