package embedpg

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The log outlives every access rule of HM and is sent to strangers when
// something is wrong, so no value and no statement may be in it.
func TestNothingAPatientSaidIsLogged(t *testing.T) {
	t.Parallel()
	const name = "Marked Patient"
	dataDir := finishedDatabase(t)
	server := start(t, Options{DataDir: dataDir})
	connection := connect(t, server.URL())
	execute(t, server.URL(), "CREATE TABLE patients (name text PRIMARY KEY, born date CHECK (born < '2100-01-01'))")
	for _, fault := range []struct {
		statement string
		arguments []any
	}{
		{"INSERT INTO patients VALUES ($1, NULL), ($1, NULL)", []any{name}},    // DETAIL names the key
		{"INSERT INTO patients VALUES ($1, '2222-01-01')", []any{name}},        // DETAIL holds the whole row
		{"SELECT '" + name + "'::date", nil},                                   // the message itself
		{"SELECT '" + name + "' FROM nowhere", nil},                            // the statement
		{"DO $$ BEGIN RAISE WARNING 'warned of " + name + "'; END $$", nil},    // a function's own words
		{"SELECT pg_terminate_backend(pg_backend_pid()), '" + name + "'", nil}, // FATAL, mid-statement
	} {
		if connection.IsClosed() {
			connection = connect(t, server.URL())
		}
		_, _ = connection.Exec(t.Context(), fault.statement, fault.arguments...)
	}
	// A crash is logged together with the statement that ran, unless forbidden.
	busy := connect(t, server.URL())
	backend := busy.PgConn().PID()
	go busy.Exec(context.Background(), "SELECT pg_sleep(60), '"+name+"'", pgx.QueryExecModeSimpleProtocol)
	eventually(t, "the statement runs", func() bool {
		return query(t, server.URL(), fmt.Sprintf("SELECT count(*)::text FROM pg_stat_activity WHERE pid = %d AND query LIKE '%%sleep%%'", backend)) == "1"
	})
	if err := syscall.Kill(int(backend), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dataDir, "log", "postgres.log")
	var log []byte
	eventually(t, "the crash is logged", func() bool {
		log, _ = os.ReadFile(path)
		return bytes.Contains(log, []byte("was terminated by signal 9"))
	})
	if bytes.Contains(log, []byte("Marked")) || bytes.Contains(log, []byte("2222")) {
		t.Errorf("the log names the patient:\n%s", log)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the log: %v", err)
	}
}

func TestAnOvergrownLogIsMovedAside(t *testing.T) {
	f, err := openFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path := f.logFile()
	writer, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) // as the server holds it
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	old := append(bytes.Repeat([]byte("x"), logLimit), "the end\n"...)
	for _, step := range []func() error{
		func() error { _, err := writer.Write(old); return err },
		f.rotateLog,
		func() error { _, err := writer.WriteString("new\n"); return err },
		f.rotateLog, // small again: nothing to do
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	now, _ := os.ReadFile(path)
	aside, _ := os.ReadFile(path + ".1")
	if string(now) != "new\n" || !bytes.Equal(aside, old) {
		t.Errorf("the log holds %d bytes, the one aside %d", len(now), len(aside))
	}
}

func TestTheMeaningfulLine(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-22 UTC [7] LOG:  starting\n2026-11-22 UTC [7] FATAL:  could not create lock file \"x\": No space left on device\n2026-11-22 UTC [7] LOG:  shut down\n": `could not create lock file "x": No space left on device`,
		"initializing ...\ninitdb: error: directory \"x\" exists but is not empty\n":                                                                                    `directory "x" exists but is not empty`,
		"postgres: error while loading shared libraries: libicu.so\n\n":                                                                                                 "postgres: error while loading shared libraries: libicu.so",
		"": "",
	} {
		if got := meaningfulLine(text); got != want {
			t.Errorf("of %q it is %q", text, got)
		}
	}
}
