package apptest

import (
	"testing"

	"hmsoftware.com/hm/app/plant"
)

// Node gives a node of the real binary, not yet started, which goes with the test.
func Node(t testing.TB) *plant.Node {
	t.Helper()
	n, err := plant.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Remove)
	return n
}
