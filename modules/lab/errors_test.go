package lab

import (
	"os"
	"regexp"
	"testing"
)

// A client tells refusals apart by their codes: "never from here" is another than "look again".
func TestNoTwoRefusalsShareACode(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("errors.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, found := range regexp.MustCompile(`errs\.[A-Z][a-z]+[A-Za-z]*\("(lab\.[a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
		if seen[found[1]] {
			t.Errorf("%s is said of two refusals", found[1])
		}
		seen[found[1]] = true
	}
	if len(seen) < 15 {
		t.Errorf("only %d codes were found", len(seen))
	}
}
