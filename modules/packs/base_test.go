package packs

import (
	"io/fs"
	"testing"

	builtin "hmsoftware.com/hm/packs"
)

func TestBuiltInPacksHaveNoFault(t *testing.T) {
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range library.order {
		folder, err := fs.Sub(builtin.Files, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range Check(folder, library) {
			t.Error(fault)
		}
	}
}
