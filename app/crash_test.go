package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binaryFolder holds the built hm until the tests end.
var binaryFolder string

func removeBinary() { _ = os.RemoveAll(binaryFolder) }

// binary builds hm once for the tests of the process itself.
var binary = sync.OnceValues(func() (path string, err error) {
	if binaryFolder, err = os.MkdirTemp("", "hm-bin-"); err != nil {
		return "", err
	}
	path = filepath.Join(binaryFolder, "hm")
	out, err := exec.Command("go", "build", "-o", path, "hmsoftware.com/hm/cmd/hm").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building hm: %w\n%s", err, out)
	}
	return path, nil
})

// process is a running hm serve on a data folder.
type process struct {
	t       *testing.T
	path    string
	folder  string
	address string
	command *exec.Cmd
	errors  *lockedBuffer
}

func newProcess(t *testing.T) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "hm-data-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // PostgreSQL runs as another user when this is root
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return &process{t: t, path: path, folder: folder, address: freeAddress(t)}
}

// freeAddress finds a port below those that the system lends to outgoing connections: one of the test's own clients
// could otherwise hold it while the server is down.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000)) //nolint:gosec // a port
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}

// start runs hm serve and returns once it says that it is ready.
func (p *process) start() {
	p.t.Helper()
	p.errors = &lockedBuffer{}
	p.command = exec.Command(p.path, "serve", "--data-dir", p.folder, "--addr", p.address)
	p.command.Stderr = p.errors
	output, err := p.command.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "is ready") {
				ready <- true
			}
		}
		ready <- false
		_, _ = io.Copy(io.Discard, output)
	}()
	select {
	case ok := <-ready:
		if !ok {
			_ = p.command.Wait()
			p.t.Fatalf("hm serve did not become ready: %s", p.errors.String())
		}
	case <-time.After(60 * time.Second):
		_ = p.command.Process.Kill()
		p.t.Fatalf("hm serve is not ready after a minute: %s", p.errors.String())
	}
}

func (p *process) kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

// stop asks hm to end and waits for it.
func (p *process) stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	return p.command.Wait()
}

// run runs another command on the same data folder.
func (p *process) run(input string, args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	command := exec.Command(p.path, append(args, "--data-dir", p.folder)...)
	var out, faults bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &faults
	err := command.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited { //nolint:errorlint // exec gives it unwrapped
		p.t.Fatal(err)
	}
	return out.String(), faults.String(), command.ProcessState.ExitCode()
}

// postmaster gives the process id of the private PostgreSQL.
func (p *process) postmaster() int {
	text, err := os.ReadFile(filepath.Join(p.folder, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(first))
	return pid
}

// call makes one JSON request; any failure of the connection is an error, as a client would see it.
func (p *process) call(ctx context.Context, token, path string, body any) (int, map[string]any, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+p.address+path, bytes.NewReader(encoded))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	var answer map[string]any
	err = json.NewDecoder(response.Body).Decode(&answer)
	return response.StatusCode, answer, err
}

const crashes = 20

// TestNoAcknowledgedWriteIsLost kills the server, or its PostgreSQL, with signal 9 under load, again and again. Each
// start must recover by itself; at the end every write that was acknowledged is there and the audit trail verifies.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	p := newProcess(t)
	out, faults, code := p.run("correct horse battery\n", "tenants", "create", "asha", "Asha Hospital", "--facility", "MAIN=Main", "--admin", "admin", "--password-stdin")
	if code != 0 {
		t.Fatalf("tenants create: %d %s %s", code, out, faults)
	}
	p.start()
	ctx := t.Context()
	_, signedIn, err := p.call(ctx, "", "/api/auth/token", object{"username": "admin", "password": "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	token, _ := signedIn["access"].(string)

	var mu sync.Mutex
	acknowledged := map[string]string{} // id -> name
	unexpected := map[string]int{}
	loadCtx, stopLoad := context.WithCancel(ctx)
	var load sync.WaitGroup
	for worker := range 8 {
		load.Go(func() {
			for n := 0; loadCtx.Err() == nil; n++ {
				name := fmt.Sprintf("Worker %d Patient %d", worker, n)
				status, answer, err := p.call(loadCtx, token, "/api/patients", object{"full_name": name, "gender": "other", "age_years": 40})
				mu.Lock()
				switch {
				case err != nil: // cut off: nothing was promised
				case status == http.StatusCreated:
					acknowledged[answer["id"].(string)] = name
				case status != http.StatusServiceUnavailable:
					unexpected[fmt.Sprint(status, answer["code"])]++
				}
				mu.Unlock()
				if err != nil {
					time.Sleep(20 * time.Millisecond)
				}
			}
		})
	}
	for crash := range crashes {
		time.Sleep(time.Duration(150+crash*37%300) * time.Millisecond)
		if crash%2 == 0 {
			p.kill()
			p.start()
			continue
		}
		killed := p.postmaster()
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatalf("killing PostgreSQL %d: %v", killed, err)
		}
		answersAgain(t, p, token, killed)
	}
	stopLoad()
	load.Wait()
	if len(unexpected) > 0 {
		t.Errorf("unexpected answers under load: %v", unexpected)
	}
	for id, name := range acknowledged {
		status, patient, err := p.call(ctx, token, "/api/patients/"+id, nil)
		if err != nil || status != http.StatusOK || patient["full_name"] != name {
			t.Errorf("acknowledged %s %s is not there: %d %v %v", id, name, status, patient, err)
		}
	}
	t.Logf("%d crashes, %d acknowledged writes, all there", crashes, len(acknowledged))
	if len(acknowledged) < crashes {
		t.Errorf("only %d writes were acknowledged", len(acknowledged))
	}
	if err := p.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if out, faults, code := p.run("", "audit", "verify", "--tenant", "asha"); code != 0 {
		t.Errorf("audit verify: %d %s %s", code, out, faults)
	}
}

// answersAgain waits until the server has its database back, without any hand. The killed server's children answer
// for a moment longer, so it must be another server that does.
func answersAgain(t *testing.T, p *process, token string, killed int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if pid := p.postmaster(); pid == 0 || pid == killed {
			continue
		}
		if status, _, err := p.call(t.Context(), token, "/api/patients?limit=1", nil); err == nil && status == http.StatusOK {
			return
		}
	}
	t.Fatalf("the server did not get its database back: %s", p.errors.String())
}

func TestEverySignalThatEndsItStopsBoth(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		p := newProcess(t)
		p.start()
		postmaster := p.postmaster()
		if err := p.command.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := p.command.Wait(); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
		if err := syscall.Kill(postmaster, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("after %v PostgreSQL goes on: %v", signal, err)
		}
		if p.postmaster() != 0 {
			t.Errorf("after %v postmaster.pid is left", signal)
		}
	}
}

func TestObstaclesAtTheStartAreOneClearLine(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	defer p.kill()
	second := newProcess(t)
	file := filepath.Join(second.folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		says string
		code int
	}{
		"a taken port":            {[]string{"serve", "--data-dir", second.folder, "--addr", p.address}, "taken", 1},
		"a taken data folder":     {[]string{"serve", "--data-dir", p.folder, "--addr", second.address}, "", 1},
		"a file as data folder":   {[]string{"serve", "--data-dir", file, "--addr", second.address}, "", 1},
		"a database that is away": {[]string{"serve", "--data-dir", second.folder, "--database-url", "postgres://u:secretword@127.0.0.1:1/x", "--addr", second.address}, "database", 1},
		"a URL that is none":      {[]string{"serve", "--data-dir", second.folder, "--database-url", "mysql://u:secretword@x/y", "--addr", second.address}, "database URL", 1},
		"an unknown role":         {[]string{"serve", "--role", "janitor"}, "janitor", 2},
		"an unknown command":      {[]string{"heal"}, "heal", 2},
		"a job that is none":      {[]string{"jobs", "retry", "99999999", "--data-dir", p.folder}, "there is no job 99999999", 1},
		"a limit of nothing":      {[]string{"jobs", "list", "--limit", "0"}, "hm jobs list --help", 2},
		"no password":             {[]string{"tenants", "create", "x", "X", "--facility", "MAIN=Main", "--admin", "x", "--password-stdin"}, "no password on standard input", 1},
		"a facility without name": {[]string{"tenants", "create", "x", "X", "--facility", "MAIN", "--admin", "x", "--password-stdin"}, "CODE=NAME", 2},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.Command(p.path, c.args...)
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
