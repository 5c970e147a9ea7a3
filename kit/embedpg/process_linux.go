package embedpg

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent makes the kernel send the signal to the child when the thread
// that started it ends; see startChild for the thread.
func dieWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}

// alive reports whether the process runs. A zombie, which nobody may have
// reaped in a container without an init, does not.
func alive(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil && err != syscall.EPERM {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return true
	}
	return !isZombie(string(stat))
}

// isZombie reads a process's stat: number, name in parentheses, state. The name may hold parentheses itself.
func isZombie(stat string) bool {
	end := strings.LastIndexByte(stat, ')')
	return end >= 0 && strings.HasPrefix(stat[end+1:], " Z")
}

// serversOf lists the PostgreSQL processes that work in the folder: the
// postmaster and its children, also those whose postmaster was killed. A
// process number alone proves nothing after a reboot.
func serversOf(folder string) []int {
	home, err := os.Stat(folder)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		name, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "comm"))
		if err != nil || strings.TrimSpace(string(name)) != "postgres" {
			continue
		}
		working, err := os.Stat(filepath.Join("/proc", entry.Name(), "cwd"))
		if err == nil && os.SameFile(home, working) && alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}
