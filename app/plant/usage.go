package plant

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of CPU times in /proc: USER_HZ, 100 a second on every Linux that Go runs on.
const clockTick = time.Second / 100

// Usage is what a process, or a family of them, has taken from the machine.
type Usage struct {
	CPU      time.Duration // user and system, of threads and of children that have ended
	Resident int64         // bytes in memory now
	Peak     int64         // most bytes in memory so far (VmHWM)
	Threads  int
}

// ProcessUsage reads /proc of one process.
func ProcessUsage(pid int) (Usage, error) {
	u, _, err := readProcess(pid)
	return u, err
}

// FamilyUsage adds up a process and its direct children, such as PostgreSQL's backends. Shared memory is counted once
// for each, so Resident and Peak of a family say little.
func FamilyUsage(pid int) (Usage, error) {
	total, _, err := readProcess(pid)
	if err != nil {
		return Usage{}, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return Usage{}, err
	}
	for _, entry := range entries {
		child, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		u, parent, err := readProcess(child)
		if err != nil || parent != pid {
			continue // ended meanwhile, or somebody else's
		}
		total.CPU += u.CPU
		total.Resident += u.Resident
		total.Peak += u.Peak
		total.Threads += u.Threads
	}
	return total, nil
}

// readProcess follows proc(5): the fields of stat after the command's name, which may hold spaces and brackets.
func readProcess(pid int) (u Usage, parent int, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Usage{}, 0, err
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 18 {
		return Usage{}, 0, fmt.Errorf("plant: /proc/%d/stat has %d fields", pid, len(fields))
	}
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(string(fields[i-3]), 10, 64) // i as proc(5) counts them; the first here is 3
		return n
	}
	u.CPU = time.Duration(number(14)+number(15)+number(16)+number(17)) * clockTick
	u.Threads = int(number(20))
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Usage{}, 0, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch name {
		case "VmRSS":
			u.Resident = kilobytes << 10
		case "VmHWM":
			u.Peak = kilobytes << 10
		}
	}
	return u, int(number(4)), nil
}
