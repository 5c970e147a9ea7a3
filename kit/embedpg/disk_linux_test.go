package embedpg

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	disk := mountDisk(t, "size=64m")
	if err := syscall.Mount("none", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: disk})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "is on a read-only disk")
}

func TestAFullDiskWhenTheDatabaseIsMade(t *testing.T) {
	t.Parallel()
	disk := mountDisk(t, "size=8m")
	_, err := Start(t.Context(), Options{DataDir: disk})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "the disk of the data folder "+disk+" is full")
	if strings.Count(strings.ToLower(err.Error()), "no space left") != 1 {
		t.Errorf("it should give the reason once: %v", err)
	}
	if halves, _ := filepath.Glob(filepath.Join(disk, "postgres*")); len(halves) != 0 {
		t.Errorf("%v were left on the full disk", halves)
	}
}

func TestAFullDiskWhenTheDatabaseStarts(t *testing.T) {
	t.Parallel()
	disk := mountDisk(t, "size=128m")
	stop(t, start(t, Options{DataDir: disk}))
	filler, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<16)
	for err == nil {
		_, err = filler.Write(block)
	}
	for err = nil; err == nil; {
		_, err = filler.Write(block[:1])
	}
	filler.Close()
	_, err = Start(t.Context(), Options{DataDir: disk})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "the disk of the data folder "+disk+" is full")
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, Options{DataDir: disk}).URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer when there is room again")
	}
}

// mountDisk is a small disk of its own, which only root can make, and not in
// every container.
func mountDisk(t *testing.T, size string) string {
	t.Helper()
	disk := filepath.Join(openToAll(t), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", disk, "tmpfs", 0, size+",mode=0755"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	return disk
}
