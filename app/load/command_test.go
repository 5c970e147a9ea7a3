package load_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hmsoftware.com/hm/app/load"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/testkit"
)

// seedLoad runs the real command against a database of its own.
func seedLoad(t *testing.T, d *testkit.Database, input string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	path, err := plant.Built()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, append([]string{"seed", "load"}, args...)...)
	command.Env = append(os.Environ(), "HM_DATABASE_URL="+d.OwnerURL, "HM_DATA_DIR="+t.TempDir(), "HM_SECRET_KEY="+strings.Repeat("0123456789abcdef", 4))
	var out, faults bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &out, &faults
	var exited *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return out.String(), faults.String(), command.ProcessState.ExitCode()
}

func TestTheCommandLoadsAndTellsWhat(t *testing.T) {
	t.Parallel()
	d, manifest := testkit.NewDatabase(t), filepath.Join(t.TempDir(), "manifest.json")
	small := []string{"--tenants", "2", "--patients", "60", "--events", "400", "--manifest", manifest, "--password-stdin"}
	nowhere := filepath.Join(t.TempDir(), "missing", "manifest.json")
	if _, says, code := seedLoad(t, d, "", "--tenants", "1", "--patients", "1", "--events", "1", "--manifest", nowhere); code != 1 || !strings.Contains(says, "manifest cannot be written") {
		t.Errorf("a manifest in no folder: exit %d: %s", code, says)
	}
	out, says, code := seedLoad(t, d, "another password of a load\n", small...)
	if code != 0 || !strings.Contains(out, "load.doctor.load001.main") || !strings.Contains(says, "100% of all") {
		t.Fatalf("exit %d: %s%s", code, out, says)
	}
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	var made load.Manifest
	if err := json.Unmarshal(text, &made); err != nil || len(made.Tenants) != 2 || made.Patients != 60 || made.Password != "another password of a load" {
		t.Errorf("the manifest says %s (%v)", text, err)
	}
	if n := one[int64](t, d, `SELECT count(*) FROM pg_stat_all_tables WHERE relid IN ('events.event'::regclass, 'patients.patient'::regclass)
		AND last_vacuum IS NOT NULL AND last_analyze IS NOT NULL`); n != 2 {
		t.Errorf("%d of 2 tables are vacuumed and analysed", n)
	}
	if _, says, code = seedLoad(t, d, "", small[:6]...); code != 1 || strings.Count(says, "\n") != 1 || !strings.Contains(says, "holds a load already") {
		t.Errorf("a second load: exit %d: %s", code, says)
	}
}

func TestTheCommandRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	_, says, code := seedLoad(t, &testkit.Database{}, "", "--tenants", "1", "--patients", "10", "--events", "9")
	if code != 2 || !strings.HasPrefix(says, "hm: seed load: --events 9 is fewer than --patients 10") {
		t.Errorf("exit %d: %s", code, says)
	}
}
