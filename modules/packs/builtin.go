package packs

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"sync"

	builtin "hmsoftware.com/hm/packs"
)

// ofTheBinary are the packs of the binary: what every tenant has until it replaces one.
type ofTheBinary struct {
	builtIn *view
	// builtInPacks are the same ones, joined with nothing.
	builtInPacks     []*pack
	builtInManifests map[string]manifest
	builtInDigests   map[string][sha256.Size]byte
}

// loadBuiltIn loads and joins every pack folder of root. It fails when one is faulty, naming file and line.
func loadBuiltIn(root fs.FS) (*ofTheBinary, error) {
	out := &ofTheBinary{builtInManifests: map[string]manifest{}, builtInDigests: map[string][sha256.Size]byte{}}
	entries, err := fs.ReadDir(root, ".")
	if err != nil {
		return nil, fmt.Errorf("packs: reading the packs: %w", err)
	}
	type loadedFolder struct {
		pack    *pack
		content files
		err     error
	}
	found := make([]loadedFolder, len(entries))
	var loading sync.WaitGroup
	for i, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		loading.Go(func() {
			found[i].pack, found[i].content, found[i].err = loadProved(root, entry.Name())
		})
	}
	loading.Wait()
	for _, f := range found {
		if f.err != nil {
			return nil, f.err
		}
		if p := f.pack; p != nil {
			out.builtInPacks = append(out.builtInPacks, p)
			out.builtInManifests[p.ID], out.builtInDigests[p.ID] = describe(p), f.content.digest()
		}
	}
	library, faults := join(out.builtInPacks, "")
	if len(faults) > 0 {
		return nil, faultError("", faults)
	}
	out.builtIn = &view{Library: library, key: "built-in"}
	return out, nil
}

// loadProved loads one folder of the binary's packs.
func loadProved(root fs.FS, name string) (*pack, files, error) {
	folder, err := fs.Sub(root, name)
	if err != nil {
		return nil, nil, fmt.Errorf("packs: reading the pack %s: %w", name, err)
	}
	content, faults := readFolder(folder)
	if len(faults) > 0 {
		return nil, nil, faultError(name, faults)
	}
	p, faults := load(folder, false)
	if len(faults) > 0 {
		return nil, nil, faultError(name, faults)
	}
	p.proved = true
	return p, content, nil
}

// BuiltIn gives the packs of the binary, for whom no tenant is known.
func BuiltIn() (*Library, error) {
	loaded, err := loadBuiltIn(builtin.Files)
	if err != nil {
		return nil, fmt.Errorf("loading the built-in packs: %w", err)
	}
	return loaded.builtIn.Library, nil
}

// CheckFolder checks a pack folder for its author, as installing it beside the built-in packs would. A fault's file is
// told from the folder on. The pack is told as far as it could be read. Permissions are the codes of those that there are.
func CheckFolder(root fs.FS, permissions []string) (found CheckedPack, faults []Fault, err error) {
	loaded, err := loadBuiltIn(builtin.Files)
	if err != nil {
		return found, nil, fmt.Errorf("loading the built-in packs: %w", err)
	}
	c, faults, err := readCandidate(root)
	if err != nil || len(faults) > 0 {
		return found, faults, err
	}
	faults, doubts := check(c.root, loaded.builtIn.Library, permissions)
	return CheckedPack{ID: c.ID, Version: c.Version, Doubts: doubts, forms: len(c.manifest.Templates), workflows: len(c.workflows), rules: len(c.lists["rules"].orEmpty().items), examples: len(c.examples)}, faults, nil
}

// CheckedPack says what a check looked at.
type CheckedPack struct {
	ID, Version string
	// Doubts are what is no fault and yet most likely a slip.
	Doubts                            []Fault
	forms, workflows, rules, examples int
}

// String counts it.
func (c CheckedPack) String() string {
	return fmt.Sprintf("forms %d, workflows %d, rules %d, examples %d", c.forms, c.workflows, c.rules, c.examples)
}
