package packs

import (
	"fmt"

	builtin "hmsoftware.com/hm/packs"
)

// Module is the packs module. It needs nothing: the built-in packs are in the binary.
type Module struct {
	*Library
}

// New loads the built-in packs. It fails when one of them is faulty, naming file and line.
func New() (*Module, error) {
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		return nil, fmt.Errorf("loading the built-in packs: %w", err)
	}
	return &Module{Library: library}, nil
}
