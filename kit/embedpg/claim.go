package embedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// How long the remains of a killed server are waited for: politely, by force,
// and until they are called another container's.
const (
	untilForce  = 3 * time.Second
	untilUnseen = 5 * time.Second
	untilGiveUp = 20 * time.Second
)

// claim takes the lock that every process of a server holds, from its first
// moment on, because it inherits the open file: two servers on one folder would
// destroy it, and PostgreSQL's own guard, a process number in a file, is blind
// to one that is only just starting, that runs in another container, or that
// left a busy backend behind.
//
// It joins a running server that another hm uses. One that nobody uses was left
// behind by a killed hm, perhaps in the middle of a statement and holding
// locks, and is ended.
func (s *Server) claim(ctx context.Context, claim *fileLock, alone bool) (joined bool, err error) {
	pgdata := s.folder.pgdata()
	began := time.Now()
	for {
		if got, err := claim.try(syscall.LOCK_EX); err != nil {
			return false, err
		} else if got {
			return false, s.refuseStranger()
		}
		if pid := runningPostmaster(pgdata); pid != 0 {
			found := watch(pid)
			if !alone {
				return true, s.attach(ctx, found)
			}
			s.log.Warn("restarting the PostgreSQL that a killed hm left running", "pid", pid)
			if err := found.stop(ctx); err != nil {
				return false, err
			}
			continue
		}
		waited := time.Since(began)
		remains := serversOf(pgdata)
		switch {
		case len(remains) == 0 && (s.folder.answeringSocket() != "" || waited > untilUnseen):
			return s.joinUnseen(alone)
		case waited > untilGiveUp:
			return false, fmt.Errorf("processes of an earlier PostgreSQL do not end: %v", remains)
		}
		signal := syscall.SIGQUIT
		if waited > untilForce {
			signal = syscall.SIGKILL
		}
		for _, pid := range remains {
			_ = syscall.Kill(pid, signal)
		}
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) attach(ctx context.Context, found *process) error {
	file, err := found.waitReady(ctx, s.folder.pgdata())
	if err != nil {
		return fmt.Errorf("the running PostgreSQL of %s does not answer: %w", s.folder.root, err)
	}
	s.changeTo(found, file.socketFolder, false)
	return nil
}

// joinUnseen deals with a server whose processes cannot be seen from here, as
// when another container has the same data folder.
func (s *Server) joinUnseen(alone bool) (joined bool, err error) {
	socket := s.folder.answeringSocket()
	if socket == "" || alone {
		return false, fmt.Errorf("a PostgreSQL that cannot be seen from here, perhaps in another container, serves %s: stop it first", s.folder.root)
	}
	s.changeTo(&process{done: make(chan struct{})}, socket, false)
	return true, nil
}

// refuseStranger leaves a server alone that someone started without hm.
func (s *Server) refuseStranger() error {
	if pid := runningPostmaster(s.folder.pgdata()); pid != 0 {
		return fmt.Errorf("a PostgreSQL that hm did not start (process %d) serves %s: stop it first", pid, s.folder.pgdata())
	}
	if s.folder.answeringSocket() != "" {
		return fmt.Errorf("a PostgreSQL that hm did not start, perhaps in another container, serves %s: stop it first", s.folder.pgdata())
	}
	return nil
}

// answeringSocket names the folder in which a server listens for this data
// folder, or "". Another container may know the data folder by another name.
func (f folder) answeringSocket() string {
	folders := []string{f.run()}
	if file, err := readPidFile(filepath.Join(f.pgdata(), pidFileName)); err == nil && file.socketFolder != "" {
		folders = append(folders, file.socketFolder)
	}
	for _, folder := range folders {
		if connection, err := net.Dial("unix", filepath.Join(folder, socketName)); err == nil {
			connection.Close()
			return folder
		}
	}
	return ""
}

// removeStaleLocks removes the lock files of a dead server, whose numbers may
// belong to other processes by now: PostgreSQL would believe them.
func (f folder) removeStaleLocks(socket string) error {
	for _, path := range []string{filepath.Join(f.pgdata(), pidFileName), filepath.Join(socket, socketName+".lock")} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
	}
	return nil
}
