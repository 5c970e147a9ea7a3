package embedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const pidFileName = "postmaster.pid"

// pidFile is what PostgreSQL writes about itself into postmaster.pid.
type pidFile struct {
	pid          int
	socketFolder string
	ready        bool
}

func readPidFile(path string) (pidFile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return pidFile{}, err
	}
	file, ok := parsePidFile(string(text))
	if !ok {
		return pidFile{}, fmt.Errorf("%s is damaged", path)
	}
	return file, nil
}

// parsePidFile reads what is there so far: PostgreSQL writes the file in several steps. The number is that of one
// process; 0, 1 and negative numbers would stand for others, or many, when a signal is sent.
func parsePidFile(text string) (file pidFile, ok bool) {
	lines := strings.Split(text, "\n")
	pid, err := strconv.ParseInt(strings.TrimSpace(lines[0]), 10, 32)
	if err != nil || pid <= 1 {
		return pidFile{}, false
	}
	file.pid = int(pid)
	if len(lines) > 4 {
		file.socketFolder = lines[4]
	}
	if len(lines) > 7 {
		file.ready = strings.TrimSpace(lines[7]) == "ready"
	}
	return file, true
}

// process is a running postmaster, our own child or not.
type process struct {
	pid  int           // 0 for one that cannot be seen from here
	done chan struct{} // closed when it has ended
}

// startChild starts the command from a thread of its own that lives as long
// as the child: the kernel's parent-death signal follows the starting thread,
// not the process.
func startChild(command *exec.Cmd) (*process, error) {
	started := make(chan error, 1)
	child := &process{done: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := command.Start()
		if err == nil {
			child.pid = command.Process.Pid
		}
		started <- err
		if err == nil {
			_ = command.Wait()
			close(child.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return child, nil
}

// watch follows a process that another hm started.
func watch(pid int) *process {
	other := &process{pid: pid, done: make(chan struct{})}
	go func() {
		for alive(pid) {
			time.Sleep(50 * time.Millisecond)
		}
		close(other.done)
	}()
	return other
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// waitReady returns when the postmaster says that it takes connections. That
// may be long after a crash, while it replays what it had promised to keep.
func (p *process) waitReady(ctx context.Context, pgdata string) (pidFile, error) {
	for {
		file, err := readPidFile(filepath.Join(pgdata, pidFileName))
		if err == nil && file.pid == p.pid && file.ready {
			return file, nil
		}
		select {
		case <-p.done:
			return pidFile{}, errEnded
		case <-ctx.Done():
			return pidFile{}, context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

var errEnded = errors.New("PostgreSQL ended while starting")

// How long a polite stop may take before a ruder one. Nothing committed is
// lost by either, the rude one only makes the next start replay its log.
const (
	fastStop      = time.Minute
	immediateStop = 5 * time.Second
)

// stop ends the postmaster: fast (clients are cut off, data is checkpointed),
// then immediate, then by force. The context's end hastens it.
func (p *process) stop(ctx context.Context) error {
	if p.pid == 0 {
		return nil
	}
	for _, step := range []struct {
		signal  syscall.Signal
		patient context.Context
		limit   time.Duration
	}{
		{syscall.SIGINT, ctx, fastStop},
		{syscall.SIGQUIT, context.Background(), immediateStop},
		{syscall.SIGKILL, context.Background(), immediateStop},
	} {
		if p.ended() {
			return nil
		}
		if err := syscall.Kill(p.pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("PostgreSQL (process %d) cannot be stopped: %w", p.pid, err)
		}
		timer := time.NewTimer(step.limit)
		select {
		case <-p.done:
		case <-timer.C:
		case <-step.patient.Done():
		}
		timer.Stop()
	}
	if !p.ended() {
		return fmt.Errorf("PostgreSQL (process %d) does not end", p.pid)
	}
	return nil
}

// runningPostmaster returns the number of the postmaster that works in the
// folder, or 0.
func runningPostmaster(pgdata string) int {
	file, err := readPidFile(filepath.Join(pgdata, pidFileName))
	if err != nil || !slices.Contains(serversOf(pgdata), file.pid) {
		return 0
	}
	return file.pid
}
