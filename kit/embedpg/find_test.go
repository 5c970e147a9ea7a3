package embedpg

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFindNamesACompleteInstallation(t *testing.T) {
	bin, version, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	if again, _, err := Find(bin); err != nil || again != bin || version < OldestVersion {
		t.Errorf("%s of version %d: %v", bin, version, err)
	}
}

func TestAnIncompleteOrForeignInstallationIsRefused(t *testing.T) {
	program := func(text string) func(path string) error {
		return func(path string) error { return os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755) }
	}
	for name, trial := range map[string]struct {
		programs map[string]func(string) error
		words    string
	}{
		"a stray postgres":    {map[string]func(string) error{"postgres": program("echo 'postgres (PostgreSQL) 16.1'")}, "it has no initdb"},
		"an old version":      {whole(program("echo 'postgres (PostgreSQL) 13.4 (Debian)'")), "is version 13, HM needs 15 or newer"},
		"one that cannot run": {whole(program("echo 'error while loading shared libraries: libicu.so' >&2; exit 127")), "postgres --version failed: error while loading shared libraries: libicu.so"},
		"another program":     {whole(program("echo hello")), "does not tell its version"},
		"an empty folder":     {nil, "it has no postgres"},
	} {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			for program, write := range trial.programs {
				if err := write(filepath.Join(bin, program)); err != nil {
					t.Fatal(err)
				}
			}
			_, _, err := Find(bin)
			if err == nil {
				t.Fatal("it was accepted")
			}
			expectLine(t, err.Error(), trial.words)
		})
	}
}

func whole(program func(string) error) map[string]func(string) error {
	return map[string]func(string) error{"postgres": program, "initdb": program, "pg_ctl": program}
}
