package app_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

// written puts a pack into a folder.
func written(t *testing.T, p apptest.Pack) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, content := range p {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func checkingPacks(t *testing.T, o *operator) {
	good := written(t, apptest.Clinic("siddha", "1.0.0", "Siddha"))
	if out := o.does(t, "", "packs", "check", good); out != "siddha 1.0.0 is in order: forms 1, workflows 1, rules 1, examples 0.\n" {
		t.Errorf("a good pack: %q", out)
	}
	for _, builtIn := range []string{"base", "ayurveda", "allopathy", "homeopathy", "eye", "cardiac"} {
		o.does(t, "", "packs", "check", filepath.Join("..", "packs", builtIn))
	}
	faulty := written(t, apptest.Clinic("siddha", "1.0.0", "Siddha").With(apptest.Pack{
		"labels/en.yaml": "Diagnosis: x\ndiagnosis: x\nA word: y\n",
	}))
	out, faults, code := o.command(t, "", "packs", "check", faulty)
	if code != 1 || faults != "hm: the pack has 2 faults\n" {
		t.Errorf("a faulty pack: exit %d, %q", code, faults)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], faulty+"/labels/en.yaml:1: ") || !strings.HasPrefix(lines[1], faulty+"/labels/en.yaml:3: ") {
		t.Errorf("its faults: %q", out)
	}
	o.fails(t, "", "no pack.yaml", "packs", "check", t.TempDir())
	if _, _, code := o.command(t, "", "packs", "check", filepath.Join(good, "nowhere")); code != 2 {
		t.Errorf("a folder that is not there: exit %d", code)
	}
	if _, _, code := o.command(t, "", "packs", "check"); code != 2 {
		t.Errorf("no folder: exit %d", code)
	}
}

func installingPacks(t *testing.T, o *operator) {
	address, _ := o.serve(t)
	house := &apptest.House{Servers: []*httptest.Server{{URL: "http://" + address}}}
	doctor := house.SignIn(t, "doctor@birch", "hm-demo-2026")
	doctor.Get(t, "/api/packs/siddha").WantProblem(t, 404, "packs.unknown_pack")
	folder := written(t, apptest.Clinic("siddha", "1.0.0", "Siddha"))
	if out := o.does(t, "", "packs", "install", folder, "--tenant", "birch"); out != "siddha 1.0.0 is installed for birch.\n" {
		t.Errorf("installed: %q", out)
	}
	o.does(t, "", "packs", "install", folder, "--tenant", "birch") // again changes nothing
	within(t, 2*time.Second, "the server that runs has the pack", func() bool { return doctor.Get(t, "/api/packs/siddha").StatusCode == 200 })
	if versions := doctor.Get(t, "/api/packs/siddha").Want(t, 200).List("versions"); !slices.Equal(codes(versions, "version"), []string{"1.0.0"}) {
		t.Errorf("the versions are %v", versions)
	}
	other := written(t, apptest.Clinic("siddha", "1.0.0", "Other"))
	o.fails(t, "", "installed already, with other content", "packs", "install", other, "--tenant", "birch")
	faulty := written(t, apptest.Clinic("siddha", "1.1.0", "Siddha").With(apptest.Pack{"labels/en.yaml": "Diagnosis: x\n"}))
	out, faults, code := o.command(t, "", "packs", "install", faulty, "--tenant", "birch")
	if code != 1 || !strings.HasPrefix(out, faulty+"/labels/en.yaml:1: ") || strings.Count(faults, "\n") != 1 {
		t.Errorf("a faulty pack: exit %d, %q, %q", code, out, faults)
	}
	o.fails(t, "", "", "packs", "install", folder, "--tenant", "nobody")
	house.SignIn(t, "doctor@asha", "hm-demo-2026").Get(t, "/api/packs/siddha").WantProblem(t, 404, "packs.unknown_pack")
}
