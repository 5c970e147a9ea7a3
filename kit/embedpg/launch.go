package embedpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// command runs a PostgreSQL program on a folder, as the server's user.
//
// PostgreSQL looks its folder up by path, which fails when it lies below a
// folder that only root may enter, as /root/hm/data does. It then gets the
// folder as an open file instead, under the name the kernel gives that.
func (f folder) command(program, pgdata string) (*exec.Cmd, error) {
	command := exec.Command(program)
	command.Dir = "/"
	command.Env = serverEnvironment()
	// A session of its own: Ctrl-C in the terminal must reach hm alone, which
	// closes its connections first.
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	name := pgdata
	if f.server.dropped {
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(f.server.uid), Gid: uint32(f.server.gid)}
		if f.blockedAt(pgdata) != "" {
			opened, err := os.Open(pgdata)
			if err != nil {
				return nil, err
			}
			command.ExtraFiles = []*os.File{opened}
			name = "/proc/self/fd/3"
		}
	}
	command.Args = append(command.Args, "-D", name)
	return command, nil
}

func closeExtra(command *exec.Cmd) {
	for _, file := range command.ExtraFiles {
		file.Close()
	}
}

// initialize makes a new cluster under another name and then renames it, so
// that an interrupted one is never mistaken for a whole one.
func (s *Server) initialize(ctx context.Context, bin string) error {
	f := s.folder
	f.removeHalves()
	if entries, err := os.ReadDir(f.pgdata()); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s holds files but no PostgreSQL database: move them away", f.pgdata())
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.explain(err)
	}
	making := filepath.Join(f.root, "postgres.making-"+strconv.Itoa(os.Getpid()))
	if err := f.ensureFolder(making, 0o700); err != nil {
		return f.explain(err)
	}
	defer os.RemoveAll(making) // gone by its new name when all went well
	s.log.Info("making a new PostgreSQL database", "folder", f.pgdata())
	if err := s.initdb(ctx, bin, making); err != nil {
		return err
	}
	if err := f.writeFile(filepath.Join(making, "pg_hba.conf"), []byte(accessFile)); err != nil {
		return f.explain(err)
	}
	configuration := filepath.Join(making, "postgresql.conf")
	text, err := os.ReadFile(configuration)
	if err != nil {
		return f.explain(err)
	}
	text = append(append(text, '\n'), include...)
	if err := f.writeFile(configuration, text); err != nil {
		return f.explain(err)
	}
	if err := os.Rename(making, f.pgdata()); err != nil {
		return f.explain(err)
	}
	return f.explain(syncFolder(f.root))
}

// removeHalves removes what killed attempts to make a cluster left. Their last
// processes may be about to write on for a moment.
func (f folder) removeHalves() {
	halves, _ := filepath.Glob(filepath.Join(f.root, "postgres.making-*"))
	for _, half := range halves {
		for range 100 {
			for _, pid := range serversOf(half) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			if os.RemoveAll(half) == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func (s *Server) initdb(ctx context.Context, bin, making string) error {
	command, err := s.folder.command(filepath.Join(bin, "initdb"), making)
	if err != nil {
		return s.folder.explain(err)
	}
	defer closeExtra(command)
	command.Args = append(command.Args, "--username="+superuser, "--auth=trust", "--encoding=UTF8",
		"--locale=C.UTF-8", "--data-checksums", "--no-instructions")
	if s.options.Ephemeral {
		command.Args = append(command.Args, "--no-sync")
	}
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	dieWithParent(command.SysProcAttr, syscall.SIGKILL)
	child, err := startChild(command)
	if err != nil {
		return fmt.Errorf("initdb cannot be run: %w", err)
	}
	select {
	case <-child.done:
	case <-ctx.Done():
		_ = syscall.Kill(-child.pid, syscall.SIGKILL)
		<-child.done
		return context.Cause(ctx)
	}
	if !command.ProcessState.Success() {
		return s.folder.explainLine("initdb failed", firstOf(meaningfulLine(said.String()), command.ProcessState.String()))
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// launch starts the postmaster, waits until it takes connections and makes
// HM's database.
func (s *Server) launch(ctx context.Context, bin, socket string, claim *fileLock) error {
	f := s.folder
	if err := f.rotateLog(); err != nil {
		return f.explain(err)
	}
	log, err := f.openFile(f.logFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return f.explain(err)
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return f.explain(err)
	}
	command, err := f.command(filepath.Join(bin, "postgres"), f.pgdata())
	if err != nil {
		return f.explain(err)
	}
	defer closeExtra(command)
	command.ExtraFiles = append(command.ExtraFiles, claim.file) // never closed by PostgreSQL, nor by its backends
	settings := maps.Clone(s.options.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, fixedSettings(socket, s.options.Ephemeral))
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		command.Args = append(command.Args, "-c", name+"="+settings[name])
	}
	command.Stdout, command.Stderr = log, log
	if s.options.Ephemeral && s.exclusive != nil {
		dieWithParent(command.SysProcAttr, syscall.SIGQUIT)
	}
	child, err := startChild(command)
	if err != nil {
		return fmt.Errorf("PostgreSQL cannot be run: %w", err)
	}
	claim.release()
	patience := time.AfterFunc(3*time.Second, func() {
		s.log.Info("PostgreSQL is replaying its log after an unclean stop, please wait")
	})
	defer patience.Stop()
	if _, err := child.waitReady(ctx, f.pgdata()); err != nil {
		_ = child.stop(ctx)
		return s.failure(readFrom(f.logFile(), info.Size()), err)
	}
	if err := s.createDatabase(ctx, urlOf(socket, "postgres")); err != nil {
		_ = child.stop(ctx)
		return err
	}
	s.changeTo(child, socket, true)
	return nil
}

func (s *Server) createDatabase(ctx context.Context, url string) error {
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("the private PostgreSQL cannot be reached: %w", err)
	}
	defer connection.Close(context.WithoutCancel(ctx))
	var exists bool
	if err := connection.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&exists); err != nil {
		return fmt.Errorf("looking for the database %s: %w", Database, err)
	}
	if exists {
		return nil
	}
	if _, err := connection.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{Database}.Sanitize()); err != nil {
		return s.folder.explainLine("the database could not be made", err.Error())
	}
	return nil
}

// clusterVersion is the major version that made the cluster.
func (f folder) clusterVersion() (int, error) {
	text, err := os.ReadFile(filepath.Join(f.pgdata(), "PG_VERSION"))
	if err != nil {
		return 0, f.explain(err)
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s does not tell a PostgreSQL version", filepath.Join(f.pgdata(), "PG_VERSION"))
	}
	return version, nil
}

// explainLine is explain for what PostgreSQL says.
func (f folder) explainLine(what, line string) error {
	for _, known := range []syscall.Errno{syscall.ENOSPC, syscall.EROFS, syscall.EDQUOT} {
		if strings.Contains(strings.ToLower(line), strings.ToLower(known.Error())) {
			return f.explain(quoted{line, known})
		}
	}
	return fmt.Errorf("%s: %s (see %s)", what, line, f.logFile())
}

// quoted is a line of PostgreSQL's that tells its cause itself.
type quoted struct {
	line  string
	cause error
}

func (q quoted) Error() string { return q.line }
func (q quoted) Unwrap() error { return q.cause }
