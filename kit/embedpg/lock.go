package embedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// fileLock is an advisory lock on a whole file. The kernel drops it when its
// process ends in whatever way, so a killed hm never leaves one behind.
type fileLock struct{ file *os.File }

func (f folder) openLock(name string) (*fileLock, error) {
	file, err := f.openFile(filepath.Join(f.run(), name), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	return &fileLock{file}, nil
}

// try takes the lock at once or reports that another process holds it.
func (l *fileLock) try(how int) (bool, error) {
	for {
		err := syscall.Flock(int(l.file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		}
		return false, fmt.Errorf("locking %s: %w", l.file.Name(), err)
	}
}

// wait takes the lock as soon as it is free.
func (l *fileLock) wait(ctx context.Context, how int) error {
	for {
		if got, err := l.try(how); got || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for another hm that starts or stops the database (%s): %w", l.file.Name(), context.Cause(ctx))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// sign writes this process's number into the file, for the message to whom
// finds it locked.
func (l *fileLock) sign() {
	_ = l.file.Truncate(0)
	_, _ = l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
}

// holder is the process number that sign wrote, or "" when unknown.
func (l *fileLock) holder() string {
	buffer := make([]byte, 32)
	n, _ := l.file.ReadAt(buffer, 0)
	text := strings.TrimSpace(string(buffer[:n]))
	if _, err := strconv.Atoi(text); err != nil {
		return ""
	}
	return text
}

func (l *fileLock) release() {
	if l != nil {
		_ = l.file.Close()
	}
}
