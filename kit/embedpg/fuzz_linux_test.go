package embedpg

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// Whatever stands in postmaster.pid, a signal never goes to a group of processes, to init or to nobody.
func FuzzPidFile(f *testing.F) {
	f.Add("4711\n/data/postgres\n1763769600\n5432\n/data/run\n\n  5432001    196612\nready   \n")
	for _, seed := range []string{"", "-1\n", "0", "1", "4711", " 4711 \n\n\n\n/tmp\n", "99999999999999999999", "4711\n\n\n\n/a\x00b\n", "+7", "0x10", "4711\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, ok := parsePidFile(text)
		if !ok {
			return
		}
		if file.pid <= 1 || file.pid > 1<<31-1 || strings.Contains(file.socketFolder, "\n") {
			t.Fatalf("%q gives %+v", text, file)
		}
		again, ok := parsePidFile(fmt.Sprintf("%d\n\n\n\n%s\n", file.pid, file.socketFolder))
		if !ok || again.pid != file.pid || again.socketFolder != file.socketFolder {
			t.Fatalf("%+v is read again as %+v", file, again)
		}
	})
}

// A process's name, which it chooses itself, does not say whether it is dead.
func FuzzProcessState(f *testing.F) {
	f.Add("postgres", "S")
	f.Add("a) Z (", "R")
	f.Add("", "Z")
	f.Fuzz(func(t *testing.T, name, state string) {
		if strings.Contains(state, ")") {
			t.Skip()
		}
		stat := "7 (" + name + ") " + state + " 1 7 7"
		if isZombie(stat) != strings.HasPrefix(state, "Z") {
			t.Fatalf("%q", stat)
		}
		if isZombie(name) && !strings.Contains(name, ")") {
			t.Fatalf("%q", name)
		}
	})
}

// The line that tells why a server gave up is one of its log, whatever that holds.
func FuzzLogLine(f *testing.F) {
	for _, seed := range []string{"", "LOG:  a\nFATAL:  b\nLOG:  c", "initdb: error: x", "\xff\x00\n\r", "FATAL:", strings.Repeat("\n", 1000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := meaningfulLine(text)
		if strings.Contains(line, "\n") || !strings.Contains(text, line) || strings.TrimSpace(line) != line {
			t.Fatalf("%q gives %q", text, line)
		}
	})
}

// What postgres --version prints becomes a version or nothing.
func FuzzVersion(f *testing.F) {
	f.Add("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n")
	f.Add("postgres (PostgreSQL) 99999999999999999999")
	f.Fuzz(func(t *testing.T, printed string) {
		if match := versionLine.FindStringSubmatch(printed); match != nil {
			if version, err := strconv.Atoi(match[1]); err == nil && version < 0 {
				t.Fatalf("%q", printed)
			}
		}
	})
}
