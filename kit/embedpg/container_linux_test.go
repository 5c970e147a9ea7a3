package embedpg

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// inAnotherContainer starts an hm that sees no other process: two containers
// may have one data folder.
func inAnotherContainer(t *testing.T, dataDir, role string) *hm {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can make a process namespace")
	}
	return startWith(t, role, dataDir, "", func(attributes *syscall.SysProcAttr) {
		attributes.Cloneflags = syscall.CLONE_NEWPID | syscall.CLONE_NEWNS
	}, "EMBEDPG_UNSEEN=yes")
}

func init() { beforeRole = hideOtherProcesses }

// hideOtherProcesses gives a process that has a process namespace of its own
// the /proc that goes with it.
func hideOtherProcesses() error {
	if os.Getenv("EMBEDPG_UNSEEN") == "" {
		return nil
	}
	if err := syscall.Mount("none", "/proc", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	return syscall.Mount("proc", "/proc", "proc", 0, "")
}

func TestACommandInAnotherContainerReachesTheRunningServer(t *testing.T) {
	t.Parallel()
	dataDir := filepath.Join(openToAll(t), "data")
	server := start(t, Options{DataDir: dataDir})
	command := inAnotherContainer(t, dataDir, "command")
	if owned, url := command.ready(); owned || url != server.URL() {
		t.Errorf("owned %v, URL %s, want %s", owned, url, server.URL())
	}
	command.end()
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("the command took the server along")
	}
}

func TestAServerLeftInAnotherContainerIsNotDoubled(t *testing.T) {
	t.Parallel()
	dataDir := filepath.Join(openToAll(t), "data")
	killed := startHM(t, "serve", dataDir, "")
	killed.ready()
	left := postmaster(t, dataDir)
	killed.kill()
	said := inAnotherContainer(t, dataDir, "serve").refused()
	expectLine(t, said, "perhaps in another container, serves "+dataDir+": stop it first")
	if !alive(left) {
		t.Error("the server is gone")
	}
	start(t, Options{DataDir: dataDir}) // here it is seen, and taken over
}
