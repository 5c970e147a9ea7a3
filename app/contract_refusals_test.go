package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheLaboratorysRefusalsAreTold holds what a frontend's author can know of to what may happen: each code by which a
// state or another person refuses an act stands in the description of an operation.
func TestTheLaboratorysRefusalsAreTold(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../web/packages/client/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`errs\.(?:Conflict|Forbidden|Unavailable)\("([a-z_]+\.[a-z_]+)"`)
	seen := 0
	for _, module := range []string{"orders", "lab", "qualitycontrol", "labprint", "alerts", "notifications"} {
		sources, err := filepath.Glob("../modules/" + module + "/*.go")
		if err != nil || len(sources) == 0 {
			t.Fatal(module, err)
		}
		for _, source := range sources {
			text, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
				seen++
				if !strings.Contains(string(document), found[1]) {
					t.Errorf("%s refuses with %s, which no operation tells of", source, found[1])
				}
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d refusals were found", seen)
	}
}
