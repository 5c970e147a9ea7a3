// Package plant runs the real hm binary as an operator does: as a process, on a data folder of its own, with its
// private PostgreSQL or one that is given. Tests, the bench and the proofs drive it from outside, over HTTP.
package plant

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startTime is how long a node may take to say that it is ready, on a slow and busy machine.
const startTime = 90 * time.Second

// Build makes the binary in folder, for those who were not given one, and gives its path.
func Build(ctx context.Context, folder string) (string, error) {
	path := filepath.Join(folder, "hm")
	out, err := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", path, "hmsoftware.com/hm/cmd/hm").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building hm: %w\n%s", err, out)
	}
	return path, nil
}

// Folder makes an empty data folder, which PostgreSQL may enter as another user when this is root.
func Folder() (string, error) {
	folder, err := os.MkdirTemp("", "hm-data-")
	if err != nil {
		return "", err
	}
	return folder, os.Chmod(folder, 0o755) //nolint:gosec // PostgreSQL runs as another user when this is root
}

// FreeAddress finds a port on loopback below those that the system lends to outgoing connections: a client could
// otherwise hold it while the server is down.
func FreeAddress() (string, error) {
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(10000)) //nolint:gosec // a port
		if listener, err := net.Listen("tcp", address); err == nil {
			return address, listener.Close()
		}
	}
	return "", errors.New("plant: no free port")
}

// Node is one `hm serve`. Set the exported fields before Start.
type Node struct {
	Binary  string
	DataDir string
	Address string
	// Flags of hm serve besides --data-dir and --addr; Environment is added to this process's.
	Flags, Environment []string

	command *exec.Cmd
	log     *lines
	ended   chan struct{} // closed when the process has ended
	err     error         // how it ended
}

// Start runs hm serve and returns how long it took to say that it is ready.
func (n *Node) Start(ctx context.Context) (time.Duration, error) {
	n.log = &lines{}
	n.command = exec.Command(n.Binary, append([]string{"serve", "--data-dir", n.DataDir, "--addr", n.Address}, n.Flags...)...) //nolint:gosec // the binary under test
	n.command.Env = append(os.Environ(), n.Environment...)
	n.command.Stderr = n.log
	output, err := n.command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := n.command.Start(); err != nil {
		return 0, err
	}
	ready := make(chan time.Duration, 1)
	n.ended = make(chan struct{})
	go func() {
		text := bufio.NewScanner(output)
		for text.Scan() {
			if strings.Contains(text.Text(), "is ready") {
				ready <- time.Since(began)
			}
		}
		_, _ = io.Copy(io.Discard, output)
		n.err = n.command.Wait()
		close(n.ended)
	}()
	select {
	case took := <-ready:
		return took, nil
	case <-n.ended:
		return 0, fmt.Errorf("hm serve ended before it was ready: %s", n.Log())
	case <-ctx.Done():
		n.Kill()
		return 0, ctx.Err()
	case <-time.After(startTime):
		n.Kill()
		return 0, fmt.Errorf("hm serve is not ready after %v: %s", startTime, n.Log())
	}
}

// Log is what the node wrote to standard error, at most the last few hundred kilobytes of it.
func (n *Node) Log() string {
	if n.log == nil {
		return ""
	}
	return n.log.String()
}

// PID of the running process.
func (n *Node) PID() int { return n.command.Process.Pid }

// Signal sends a signal.
func (n *Node) Signal(signal syscall.Signal) error { return n.command.Process.Signal(signal) }

// Ended is closed once the process has ended.
func (n *Node) Ended() <-chan struct{} { return n.ended }

// Wait waits for the end and tells how it ended: nil for exit 0.
func (n *Node) Wait() error {
	<-n.ended
	return n.err
}

// Kill ends the process with signal 9 and waits for its end. Nothing happens when it has ended or never began.
func (n *Node) Kill() {
	if n.command == nil || n.command.Process == nil || n.ended == nil {
		return
	}
	_ = n.command.Process.Kill()
	<-n.ended
}

// Stop asks hm to end and waits for it.
func (n *Node) Stop() error {
	_ = n.Signal(syscall.SIGTERM)
	return n.Wait()
}

// Run runs another command on the node's data folder, input on its standard input.
func (n *Node) Run(ctx context.Context, input string, args ...string) (stdout, stderr string, code int, err error) {
	command := exec.CommandContext(ctx, n.Binary, append(args, "--data-dir", n.DataDir)...) //nolint:gosec // the binary under test
	var out, faults bytes.Buffer
	command.Env = append(os.Environ(), n.Environment...)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &faults
	var exited *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exited) {
		return "", "", 0, err
	}
	return out.String(), faults.String(), command.ProcessState.ExitCode(), nil
}

// Postmaster gives the process id of the node's private PostgreSQL, 0 when none runs.
func (n *Node) Postmaster() int { return Postmaster(n.DataDir) }

// Postmaster gives the process id of a data folder's PostgreSQL, 0 when none runs. After a crash it may be one that has
// ended.
func Postmaster(dataDir string) int {
	text, err := os.ReadFile(filepath.Join(dataDir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(first))
	return pid
}

// quit ends a data folder's PostgreSQL, where it still runs, without a checkpoint, and waits a moment for it.
func quit(dataDir string) {
	postmaster := Postmaster(dataDir)
	// Another process may have taken the number of one that crashed.
	if works, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", postmaster)); err != nil || !strings.HasPrefix(works, dataDir) {
		return
	}
	_ = syscall.Kill(postmaster, syscall.SIGCONT) // it may be standing still
	_ = syscall.Kill(postmaster, syscall.SIGQUIT)
	for range 100 {
		if syscall.Kill(postmaster, 0) != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = syscall.Kill(postmaster, syscall.SIGKILL)
}

// lines keeps the end of what is written to it.
type lines struct {
	mu   sync.Mutex
	text []byte
}

const keptLog = 256 << 10

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if len(l.text) > 2*keptLog {
		l.text = append([]byte(nil), l.text[len(l.text)-keptLog:]...)
	}
	return len(p), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
