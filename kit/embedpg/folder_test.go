package embedpg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestADataFolderBelowOneThatOnlyRootMayEnter(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(openToAll(t), "root")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	server := start(t, Options{DataDir: filepath.Join(closed, "hm", "data")})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
	execute(t, server.URL(), "CHECKPOINT")
}

func TestTheSocketStandsInTheDataFolderWhereItCan(t *testing.T) {
	t.Parallel()
	dataDir := filepath.Join(openToAll(t), "data")
	server := start(t, Options{DataDir: dataDir})
	if socketOf(server) != filepath.Join(dataDir, "run") {
		t.Errorf("the socket stands in %s", socketOf(server))
	}
}

func TestALongPathGetsItsSocketElsewhere(t *testing.T) {
	t.Parallel()
	dataDir := filepath.Join(openToAll(t), strings.Repeat("long/", 20), strings.Repeat("x", 60))
	server := start(t, Options{DataDir: dataDir})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
	command := startHM(t, "command", dataDir, "")
	if owned, url := command.ready(); owned || url != server.URL() {
		t.Errorf("a command finds %s, owned %v", url, owned)
	}
	command.end()
	stop(t, server)
	if _, err := os.Stat(socketOf(server)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was left", socketOf(server))
	}
}

func TestAPathWithSpacesAndSigns(t *testing.T) {
	t.Parallel()
	plain := start(t, Options{DataDir: filepath.Join(openToAll(t), "St Mary's + Töchter? 100% & 'more'")})
	if got := query(t, plain.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
	server := start(t, Options{DataDir: filepath.Join(openToAll(t), "St. Mary's, Söhne + Töchter? 100% 'data' & more")})
	if got := query(t, server.URL(), "SELECT 'here'"); got != "here" {
		t.Error("no answer")
	}
}

func TestASocketFolderLaidByAnotherUserIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("laying another user's folder takes root")
	}
	dataDir := filepath.Join(openToAll(t), strings.Repeat("y", 120))
	f, err := openFolder(dataDir)
	if err != nil {
		t.Fatal(err)
	}
	trap, err := f.socketFolder()
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(trap)
	uid, gid := idsOf(t, "daemon")
	if err := os.Chown(trap, uid, gid); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("the socket was put into another user's folder")
	}
	expectLine(t, err.Error(), "belongs to user daemon")
}

func TestWhatIsInTheWayIsNamed(t *testing.T) {
	t.Parallel()
	for name, lay := range map[string]func(dataDir string) error{
		"the data folder itself": func(dataDir string) error { return os.WriteFile(dataDir, nil, 0o600) },
		"its log folder": func(dataDir string) error {
			return errors.Join(os.Mkdir(dataDir, 0o755), os.WriteFile(filepath.Join(dataDir, "log"), nil, 0o600))
		},
		"its run folder": func(dataDir string) error {
			return errors.Join(os.Mkdir(dataDir, 0o755), os.Symlink("/etc", filepath.Join(dataDir, "run")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dataDir := filepath.Join(openToAll(t), "data")
			if err := lay(dataDir); err != nil {
				t.Fatal(err)
			}
			_, err := Start(t.Context(), Options{DataDir: dataDir})
			if err == nil {
				t.Fatal("it started")
			}
			expectLine(t, err.Error(), dataDir+" is not a folder")
		})
	}
}

func TestForeignFilesAreNotOverwritten(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	file := filepath.Join(dataDir, "postgres", "letters.txt")
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("dear"), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "holds files but no PostgreSQL database: move them away")
	if text, _ := os.ReadFile(file); string(text) != "dear" {
		t.Error("the file is gone")
	}
}

func TestAFolderThatMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	account, dataDir := unprivileged(t)
	if err := os.Mkdir(dataDir, 0o555); err != nil {
		t.Fatal(err)
	}
	expectLine(t, startHM(t, "serve", dataDir, account).refused(), "may not be written to by user")
}

func TestAFolderOfAnotherPostgreSQLVersion(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	pgdata := filepath.Join(dataDir, "postgres")
	if err := errors.Join(os.Mkdir(pgdata, 0o700), os.WriteFile(filepath.Join(pgdata, "PG_VERSION"), []byte("12\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{DataDir: dataDir})
	if err == nil {
		t.Fatal("it started")
	}
	expectLine(t, err.Error(), "was made by PostgreSQL 12 and cannot be opened by version")
}

// The server's user must not get at other files of root's through HM.
func TestRootIsNotLedElsewhereByALink(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"log/postgres.log", "run/serve.lock"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := openToAll(t)
			dataDir, precious := filepath.Join(root, "data"), filepath.Join(root, "precious")
			link := filepath.Join(dataDir, name)
			err := errors.Join(os.WriteFile(precious, []byte("kept"), 0o600), os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(precious, link))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Start(t.Context(), Options{DataDir: dataDir}); err == nil {
				t.Error("it followed the link")
			}
			if text, err := os.ReadFile(precious); err != nil || string(text) != "kept" {
				t.Errorf("the file holds %q: %v", text, err)
			}
			if info, err := os.Stat(precious); err != nil || ownerOf(info) != os.Geteuid() {
				t.Errorf("the file was given away: %v", err)
			}
		})
	}
}
