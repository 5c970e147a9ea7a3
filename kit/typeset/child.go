package typeset

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

//go:embed typesetter.cjs
var script string

// What one frame may hold, and how long the child may take to get ready: it reads 60 MB of program and fonts.
const (
	maxHeader  = 8 << 20
	maxBody    = 64 << 20
	startLimit = 30 * time.Second
	// heapLimit is what node's own memory may grow to, in MiB; Typst's is beside it.
	heapLimit = 256
)

type request struct {
	Template string        `json:"template"`
	Files    []requestFile `json:"files"`
	At       int64         `json:"at"`
}

type requestFile struct {
	Name string `json:"name"`
	Size int    `json:"size"`
}

type reply struct {
	Ready  bool   `json:"ready"`
	Fault  string `json:"fault"`
	Pages  int    `json:"pages"`
	Memory int64  `json:"memory"`
}

// child is one process of the typesetter. It is used by one goroutine at a time.
type child struct {
	process *os.Process
	in      io.WriteCloser
	out     io.ReadCloser
	said    *tail
	done    chan struct{}
}

func startChild(folder string) (*child, error) {
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	command := exec.Command(node, fmt.Sprintf("--max-old-space-size=%d", heapLimit), "-e", script, folder) //nolint:gosec // node of the PATH or of HM_NODE, and our own script
	command.Dir, command.SysProcAttr = "/", apart()
	// Nothing of the server's environment, which holds its secret.
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	c := &child{said: &tail{}, done: make(chan struct{})}
	command.Stderr = c.said
	if c.in, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	if c.out, err = command.StdoutPipe(); err != nil {
		return nil, err
	}
	started := make(chan error, 1)
	go func() {
		// The kernel's parent-death signal follows the starting thread, so that one lives as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			_, _ = command.Process.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%w: node cannot be run: %w", ErrMissing, err)
	}
	c.process = command.Process
	limit := time.AfterFunc(startLimit, c.kill)
	defer limit.Stop()
	if first, _, err := c.read(); err != nil || !first.Ready {
		c.kill()
		<-c.done
		return nil, fmt.Errorf("%w: the typesetter in %s does not start: %s", ErrMissing, folder, c.said)
	}
	return c, nil
}

func (c *child) kill() { _ = c.process.Kill() }

// end lets the child leave by itself, and helps where it does not.
func (c *child) end(patience time.Duration) {
	_ = c.in.Close()
	limit := time.AfterFunc(patience, c.kill)
	defer limit.Stop()
	<-c.done
	_ = c.out.Close()
}

// exchange sends one frame and reads the answer.
func (c *child) exchange(header request, files [][]byte) (reply, []byte, error) {
	text, err := json.Marshal(header)
	if err != nil {
		return reply{}, nil, err
	}
	size := 0
	for _, file := range files {
		size += len(file)
	}
	if len(text) > maxHeader || size > maxBody {
		return reply{}, nil, ErrTooLarge
	}
	frame := bytes.NewBuffer(make([]byte, 0, 8+len(text)+size))
	frame.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(len(text))), uint32(size))) //nolint:gosec // both are bounded above
	frame.Write(text)
	for _, file := range files {
		frame.Write(file)
	}
	if _, err := c.in.Write(frame.Bytes()); err != nil {
		return reply{}, nil, errors.Join(errGone, err)
	}
	return c.read()
}

func (c *child) read() (reply, []byte, error) {
	var lengths [8]byte
	if _, err := io.ReadFull(c.out, lengths[:]); err != nil {
		return reply{}, nil, errors.Join(errGone, err)
	}
	header, body := binary.BigEndian.Uint32(lengths[:4]), binary.BigEndian.Uint32(lengths[4:])
	if header > maxHeader || body > maxBody {
		return reply{}, nil, errGone
	}
	frame := make([]byte, header+body)
	if _, err := io.ReadFull(c.out, frame); err != nil {
		return reply{}, nil, errors.Join(errGone, err)
	}
	var r reply
	if err := json.Unmarshal(frame[:header], &r); err != nil {
		return reply{}, nil, errors.Join(errGone, err)
	}
	return r, frame[header:], nil
}

// tail keeps the last of what the child says of its own troubles.
type tail struct {
	guard sync.Mutex
	text  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.guard.Lock()
	defer t.guard.Unlock()
	t.text = append(t.text, p...)
	if len(t.text) > 2000 {
		t.text = t.text[len(t.text)-2000:]
	}
	return len(p), nil
}

// String is the last line.
func (t *tail) String() string {
	t.guard.Lock()
	defer t.guard.Unlock()
	text := strings.TrimSpace(string(t.text))
	return text[strings.LastIndexByte(text, '\n')+1:]
}
