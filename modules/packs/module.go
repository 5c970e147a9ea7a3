package packs

import (
	"fmt"

	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	builtin "hmsoftware.com/hm/packs"
)

// Module is the packs module.
type Module struct {
	*Library
	facilities facilitiesapi.Reader
	needs      Needs
	parts      parts
}

// Deps are what the module needs of others.
type Deps struct {
	Facilities facilitiesapi.Reader
	Needs      Needs
}

// Needs says which permissions let a user see what packs put on screens: any one of those listed. What is not listed
// is for everybody.
type Needs struct {
	// Screens of navigation and Cards of charts, by name.
	Screens, Cards map[string][]string
}

// New makes the module. It fails when a built-in pack is faulty, naming file and line.
func New(d Deps) (*Module, error) {
	library, err := BuiltIn()
	if err != nil {
		return nil, err
	}
	return &Module{Library: library, facilities: d.Facilities, needs: d.Needs}, nil
}

// BuiltIn loads the packs of the binary.
func BuiltIn() (*Library, error) {
	library, err := NewLibrary(builtin.Files)
	if err != nil {
		return nil, fmt.Errorf("loading the built-in packs: %w", err)
	}
	return library, nil
}
