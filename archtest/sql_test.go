package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

var schemaName = regexp.MustCompile(`\b([a-z_]+)\.[a-z_]+\b`)

var sqlComment = regexp.MustCompile(`--[^\n]*|'[^']*'`)

func TestQueriesStayInTheirOwnSchema(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "modules/*/sql/*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries found: %v", err)
	}
	entries, err := os.ReadDir(filepath.Join(root, "modules"))
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]bool{"events": true, "httpx": true, "river": true}
	for _, entry := range entries {
		schemas[entry.Name()] = true
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		relative, _ := filepath.Rel(root, file)
		own := moduleOf(filepath.ToSlash(relative))
		for _, match := range schemaName.FindAllStringSubmatch(sqlComment.ReplaceAllString(string(text), ""), -1) {
			if schemas[match[1]] && match[1] != own {
				t.Errorf("%s reads %s: another module's tables are reached through its contract", relative, match[0])
			}
		}
	}
}

var migrationName = regexp.MustCompile(`^20\d{10}_[a-z0-9_]+\.sql$`)

func TestMigrationsGoForwardInOrder(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "migrations/[0-9]*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations found: %v", err)
	}
	sort.Strings(files)
	seen := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		if !migrationName.MatchString(name) {
			t.Errorf("%s is not named YYYYMMDDHHMM_what_it_does.sql", name)
			continue
		}
		if other, twice := seen[name[:12]]; twice {
			t.Errorf("%s and %s have the same number", name, other)
		}
		seen[name[:12]] = name
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "+goose Down") {
			t.Errorf("%s has a way down: migrations only go forward", name)
		}
	}
}
