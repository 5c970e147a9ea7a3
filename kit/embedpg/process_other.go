//go:build !linux

package embedpg

import (
	"path/filepath"
	"syscall"
)

func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// serversOf trusts postmaster.pid where there is no /proc to ask.
func serversOf(folder string) []int {
	file, err := readPidFile(filepath.Join(folder, pidFileName))
	if err != nil || !alive(file.pid) {
		return nil
	}
	return []int{file.pid}
}
