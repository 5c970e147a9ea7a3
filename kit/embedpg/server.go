package embedpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
)

// Database is the name of HM's database in the private server.
const Database = "hm"

// superuser may do all in the private server; hm connects as it only to
// migrate.
const superuser = "postgres"

// Options say which PostgreSQL to run where.
type Options struct {
	DataDir string       // the data folder; made when missing
	BinDir  string       // --postgres-bin; "" searches, see Find
	Log     *slog.Logger // nil is slog.Default()

	// Settings are further PostgreSQL settings for this run (name to value).
	// HM's promises about privacy and the network win over them.
	Settings map[string]string

	// Ephemeral is for tests: nothing is synced to disk, and a server made by
	// Start ends with this process however that ends.
	Ephemeral bool
}

// Server is a running private PostgreSQL.
type Server struct {
	options Options
	folder  folder
	log     *slog.Logger

	mu      sync.Mutex // a restart changes these three
	socket  string
	owned   bool
	running *process

	exclusive *fileLock // held by the one `hm serve`; nil for other commands
	users     *fileLock // shared by everyone who uses the server
	starting  *fileLock // held while the server is being started or stopped

	done     chan struct{} // closed when supervise has ended
	err      error         // why, when not by Stop
	abandon  context.CancelFunc
	stopOnce sync.Once
	stopErr  error
}

// Start runs the private PostgreSQL for the one `hm serve` of a data folder and
// returns when it takes connections. A second one is refused, even when it is
// started at the same moment. The context bounds the start only.
func Start(ctx context.Context, options Options) (*Server, error) {
	return open(ctx, options, true)
}

// AttachOrStart gives any other command the data folder's database: the
// running one, or one started for it. Stop leaves a server alone that someone
// else still uses.
func AttachOrStart(ctx context.Context, options Options) (*Server, error) {
	return open(ctx, options, false)
}

func open(ctx context.Context, options Options, exclusive bool) (server *Server, err error) {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	folder, err := openFolder(options.DataDir)
	if err != nil {
		return nil, err
	}
	s := &Server{options: options, folder: folder, log: options.Log}
	defer func() {
		if err != nil {
			s.releaseLocks()
		}
	}()
	if err := s.openLocks(exclusive); err != nil {
		return nil, err
	}
	if err := s.starting.wait(ctx, syscall.LOCK_EX); err != nil {
		return nil, err
	}
	defer func() { _, _ = s.starting.try(syscall.LOCK_UN) }()

	alone, err := s.users.try(syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	if err := s.join(ctx, alone); err != nil {
		return nil, err
	}
	// Nobody else looks at this lock while `starting` is held.
	if err := s.users.wait(ctx, syscall.LOCK_SH); err != nil {
		return nil, err
	}
	s.done = make(chan struct{})
	supervision, abandon := context.WithCancel(context.WithoutCancel(ctx))
	s.abandon = abandon
	go s.supervise(supervision)
	return s, nil
}

func (s *Server) openLocks(exclusive bool) (err error) {
	for name, lock := range map[string]**fileLock{"serve.lock": &s.exclusive, "users.lock": &s.users, "starting.lock": &s.starting} {
		if *lock, err = s.folder.openLock(name); err != nil {
			return s.folder.explain(err)
		}
	}
	if !exclusive {
		s.exclusive.release()
		s.exclusive = nil
		return nil
	}
	got, err := s.exclusive.try(syscall.LOCK_EX)
	if err != nil {
		return err
	}
	if !got {
		holder := firstOf(s.exclusive.holder(), "unknown")
		return fmt.Errorf("the data folder %s is in use by another hm serve (process %s)", s.folder.root, holder)
	}
	s.exclusive.sign()
	return nil
}

func (s *Server) releaseLocks() {
	s.users.release()
	s.exclusive.release()
	s.starting.release()
}

// join finds the folder's server running or runs one. alone says that no other
// hm uses it.
func (s *Server) join(ctx context.Context, alone bool) error {
	claim, err := s.folder.openLock("server.lock")
	if err != nil {
		return s.folder.explain(err)
	}
	defer claim.release() // from launch on, the server itself holds it
	if joined, err := s.claim(ctx, claim, alone); joined || err != nil {
		return err
	}
	socket, err := s.folder.socketFolder()
	if err != nil {
		return err
	}
	if err := s.folder.removeStaleLocks(socket); err != nil {
		return s.folder.explain(err)
	}
	bin, err := s.prepare(ctx)
	if err != nil {
		return err
	}
	return s.launch(ctx, bin, socket, claim)
}

func (s *Server) changeTo(running *process, socket string, owned bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.socket, s.owned = running, socket, owned
}

func (s *Server) current() (running *process, socket string, owned bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running, s.socket, s.owned
}

// prepare makes the folder ready to be served and returns the programs for it.
func (s *Server) prepare(ctx context.Context) (bin string, err error) {
	made := 0
	if s.folder.exists() {
		if made, err = s.folder.clusterVersion(); err != nil {
			return "", err
		}
	}
	bin, version, err := find(s.options.BinDir, made)
	if err != nil {
		return "", err
	}
	if made != 0 && made != version {
		return "", fmt.Errorf("the data folder %s was made by PostgreSQL %d and cannot be opened by version %d (%s): install PostgreSQL %d or upgrade the data with pg_upgrade",
			s.folder.root, made, version, bin, made)
	}
	if blocked := s.folder.blockedAt(bin); blocked != "" {
		return "", fmt.Errorf("user %s, who runs PostgreSQL for root, may not enter %s on the way to %s: allow it (chmod o+x %s) or name another folder with --postgres-bin",
			s.folder.server.name, blocked, bin, blocked)
	}
	if made != 0 {
		err = s.folder.refuseRoots()
	} else if err = s.initialize(ctx, bin); err == nil {
		s.folder.removeHalves() // a killed attempt may have written on meanwhile
	}
	if err != nil {
		return "", err
	}
	return bin, s.folder.explain(s.folder.writeTuning())
}

// URL is the superuser's connection string, over the unix socket, to the
// database hm.
func (s *Server) URL() string {
	_, socket, _ := s.current()
	return urlOf(socket, Database)
}

func urlOf(socket, database string) string {
	// PostgreSQL's clients read a plus sign as itself, not as a space.
	host := strings.ReplaceAll(url.QueryEscape(socket), "+", "%20")
	// All is said, so that nothing is taken from PGPORT and its like.
	return "postgres://" + superuser + "@/" + database + "?host=" + host + "&port=5432&sslmode=disable"
}

// Owned reports whether this process started the server, rather than having
// found it running.
func (s *Server) Owned() bool {
	_, _, owned := s.current()
	return owned
}

// Done is closed when the server cannot be used any more: after Stop, or when
// it ended by itself and Err tells why. For `hm serve` a server that ends by
// itself is started again, so that Done means more than that happened.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err tells why the server ended by itself, once Done is closed.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop leaves the server and, when nobody else uses it, stops it in good order;
// the end of the context hastens that and loses nothing that was committed.
// Close all connections first. Stopping twice is stopping once.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() { s.stopErr = s.leave(ctx) })
	return s.stopErr
}

func (s *Server) leave(ctx context.Context) error {
	defer s.releaseLocks()
	s.abandon()
	<-s.done
	// Even with the context at its end the last one out stops the server.
	if err := s.starting.wait(context.WithoutCancel(ctx), syscall.LOCK_EX); err != nil {
		return err
	}
	last, err := s.users.try(syscall.LOCK_EX)
	if err != nil || !last {
		return err
	}
	running, socket, _ := s.current()
	if err := running.stop(ctx); err != nil {
		return err
	}
	if socket != s.folder.run() {
		_ = os.Remove(socket) // a folder for temporary files need not remember us
	}
	return nil
}

// failure says why PostgreSQL would not start, from what it logged.
func (s *Server) failure(logged string, err error) error {
	if !errors.Is(err, errEnded) {
		return fmt.Errorf("waiting for PostgreSQL to start was given up: %w", err)
	}
	line := firstOf(meaningfulLine(logged), "it gave no reason")
	return s.folder.explainLine("PostgreSQL did not start", line)
}

func serverEnvironment() []string {
	// Nothing of hm's own environment, which holds HM_SECRET_KEY.
	environment := []string{"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/local/bin:/usr/bin:/bin"}
	if path := os.Getenv("LD_LIBRARY_PATH"); path != "" {
		environment = append(environment, "LD_LIBRARY_PATH="+path)
	}
	return environment
}
