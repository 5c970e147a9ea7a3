package packs

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	builtin "hmsoftware.com/hm/packs"
)

// TestThePackInTheDocsIsInOrder builds the pack that docs/packs.md builds and checks it, so that the page stays true.
func TestThePackInTheDocsIsInOrder(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	for _, block := range strings.Split(string(page), "```yaml\n# file: ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		body, _, closed := strings.Cut(rest, "\n```")
		if !closed {
			t.Fatalf("the block of %s has no end", name)
		}
		folder[name] = &fstest.MapFile{Data: []byte(body + "\n")}
	}
	if len(folder) < 10 {
		t.Fatalf("the page builds only %d files", len(folder))
	}
	checkOutside(t, folder)
	want, faults, err := CheckFolder(folder, []string{"rules.can_override"})
	if err != nil || len(faults) > 0 || len(want.Doubts) > 0 {
		t.Fatal(faults, want.Doubts, err)
	}
	if told := want.ID + " " + want.Version + " is in order: " + want.String() + "."; !strings.Contains(string(page), told) {
		t.Errorf("the page does not show what the check prints: %s", told)
	}
}

// TestThePackOfAnotherSystemIsInOrder checks the pack that is installed into running servers in tests.
func TestThePackOfAnotherSystemIsInOrder(t *testing.T) {
	t.Parallel()
	checkOutside(t, os.DirFS("../../app/testdata/packs/tcm"))
}

func checkOutside(t *testing.T, folder fs.FS) {
	t.Helper()
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range Check(folder, library) {
		t.Error(fault)
	}
}
