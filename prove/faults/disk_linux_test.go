package faults_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"hmsoftware.com/hm/app/plant"
)

// TestAFullDisk fills the disk of the data folder under load, holds it so, and makes room again. HM runs as most will
// run it: with its private PostgreSQL, and nobody there to start anything again.
func TestAFullDisk(t *testing.T) {
	skipWhenHurried(t)
	t.Parallel()
	disk := mountDisk(t, "size=224m")
	s := newPrivateSite(t, disk)
	for range scale(1, 3) {
		s.during(t, "disk full", false, func(l *load) (from, to time.Time, more object) {
			filler, err := os.Create(filepath.Join(disk, "filler"))
			if err != nil {
				t.Fatal(err)
			}
			defer filler.Close()
			from = time.Now()
			held := scale(6*time.Second, 40*time.Second)
			block := make([]byte, 1<<20)
			for size := len(block); time.Since(from) < held; {
				// What PostgreSQL gives back meanwhile is taken too.
				if _, err := filler.Write(block[:size]); err == nil {
					continue
				}
				if size > 4096 {
					size /= 2
					continue
				}
				time.Sleep(5 * time.Millisecond)
			}
			done, pid := l.between(from.Add(time.Second), time.Now()), s.node.Postmaster()
			if err := os.Truncate(filler.Name(), 0); err != nil {
				t.Fatal(err)
			}
			to = time.Now()
			if l.refused() == 0 {
				t.Error("nothing was refused: the disk was not full")
			}
			return from, to, object{"held_s": held.Seconds(), "answered_meanwhile": done, "postgres_up_meanwhile": pid != 0}
		})
	}
	if err := s.node.Stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	s.verifyAudit(t)
}

// mountDisk is a small disk of its own, which only root can make, and not in every container.
func mountDisk(t *testing.T, options string) string {
	t.Helper()
	folder, err := plant.Folder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(folder) })
	if err := syscall.Mount("none", folder, "tmpfs", 0, options+",mode=0755"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmounting %s: %v", folder, err)
		}
	})
	return folder
}
