package typeset

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// installed is where scripts/install-typeset.sh puts the typesetter and its fonts.
const installed = ".cache/typeset"

// Find returns the folder of the typesetter's packages: the given one or HM_TYPESET_DIR, and only that, where there is
// one; else that of the project, or a folder "typeset" or .cache/typeset beside the executable or above it. The error is
// an ErrMissing that says what to install.
func Find(explicit string) (folder string, err error) {
	if explicit == "" {
		explicit = os.Getenv("HM_TYPESET_DIR")
	}
	if explicit != "" {
		folder, err := filepath.Abs(explicit)
		if err != nil || !isTypesetter(folder) {
			return "", fmt.Errorf("%w: %s holds no typesetter; copy the folder that scripts/install-typeset.sh makes there", ErrMissing, explicit)
		}
		return folder, nil
	}
	for _, folder := range candidates() {
		if isTypesetter(folder) {
			return folder, nil
		}
	}
	return "", fmt.Errorf("%w: run scripts/install-typeset.sh, or name a folder that it made with HM_TYPESET_DIR", ErrMissing)
}

func isTypesetter(folder string) bool {
	compilers, _ := filepath.Glob(filepath.Join(folder, "node_modules", "@myriaddreamin", "typst-ts-node-compiler*"))
	fonts, err := os.Stat(filepath.Join(folder, "node_modules", "@expo-google-fonts"))
	return len(compilers) > 0 && err == nil && fonts.IsDir()
}

// candidates are the places that are trusted: the project in which the working folder lies, and the folder of the
// executable and the one above it (bin/hm). No folder above the project: anyone may write to /tmp.
func candidates() []string {
	var folders []string
	if working, err := os.Getwd(); err == nil {
		folders = append(folders, filepath.Join(working, installed))
		for folder := working; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
			if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
				folders = append(folders, filepath.Join(folder, installed))
				break
			}
		}
	}
	if executable, err := os.Executable(); err == nil {
		beside := filepath.Dir(executable)
		for _, folder := range []string{beside, filepath.Dir(beside)} {
			folders = append(folders, filepath.Join(folder, "typeset"), filepath.Join(folder, installed))
		}
	}
	return folders
}

// findNode returns the program that runs the typesetter: HM_NODE or the one of PATH.
func findNode() (string, error) {
	name := os.Getenv("HM_NODE")
	if name == "" {
		name = "node"
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%w: node 18 or newer is not on the PATH; install it, or name it with HM_NODE", ErrMissing)
	}
	return program, nil
}
