package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"hmsoftware.com/hm/bench/report"
)

// loadAverage of the last minute; 0 where it cannot be told.
func loadAverage() (average float64) {
	text, err := os.ReadFile("/proc/loadavg")
	if err == nil {
		_, _ = fmt.Sscan(string(text), &average)
	}
	return average
}

// describe tells what the bench runs on, as far as Linux does.
func describe(loadBefore float64, postgres string) report.Machine {
	m := report.Machine{Cores: runtime.NumCPU(), PostgreSQL: postgres, Go: runtime.Version(), LoadBefore: loadBefore, Processor: runtime.GOARCH}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				m.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kilobytes int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kilobytes); err == nil {
			m.Memory = kilobytes << 10
		}
	}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = "Linux " + strings.TrimSpace(string(text))
	}
	return m
}

// syncRate writes pages of PostgreSQL's size to a file in the folder and makes each durable before the next, as a
// commit does.
func syncRate(folder string, length time.Duration) (perSecond float64, err error) {
	file, err := os.CreateTemp(folder, "sync-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(filepath.Clean(file.Name()))
	defer file.Close()
	page := make([]byte, 8<<10)
	const pages = 128
	for range pages { // once without measuring: a log's file is there already when it is written to
		if _, err := file.Write(page); err != nil {
			return 0, err
		}
	}
	if err := file.Sync(); err != nil {
		return 0, err
	}
	began, done := time.Now(), 0
	for time.Since(began) < length {
		if _, err := file.WriteAt(page, int64(done%pages)*int64(len(page))); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(file.Fd())); err != nil {
			return 0, err
		}
		done++
	}
	return float64(done) / time.Since(began).Seconds(), nil
}
