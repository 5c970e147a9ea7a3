package archtest

import (
	"regexp"
	"strings"
	"testing"
)

// Reasons are words: who reads the exception later must be able to tell whether it still holds.
var (
	exception = regexp.MustCompile(`^//\s*(nolint|lint:ignore|lint:file-ignore)|#nosec`)
	reasoned  = []*regexp.Regexp{
		regexp.MustCompile(`^//nolint:[a-z0-9,]+ // (.+)$`),
		regexp.MustCompile(`^//lint:(?:file-)?ignore [A-Z0-9,]+ (.+)$`),
		regexp.MustCompile(`^// #nosec(?: G\d{3})+ -- (.+)$`),
	}
)

// withoutReason tells whether a comment silences a linter without naming the check and saying why, in at least two
// words.
func withoutReason(comment string) bool {
	if !exception.MatchString(comment) {
		return false
	}
	for _, form := range reasoned {
		if match := form.FindStringSubmatch(comment); match != nil && len(strings.Fields(match[1])) >= 2 {
			return false
		}
	}
	return true
}

func TestExceptionsFromLintingSayWhy(t *testing.T) {
	for _, s := range sources(t) {
		if s.isGenerated() {
			continue
		}
		for _, group := range s.file.Comments {
			for _, comment := range group.List {
				if withoutReason(comment.Text) {
					t.Errorf("%s: %q names no check or gives no reason: //nolint:check // why, or // #nosec G000 -- why", s.path, comment.Text)
				}
			}
		}
	}
}

func TestWhatCountsAsAReason(t *testing.T) {
	for comment, bad := range map[string]bool{
		"//nolint:gosec // at most eight": false, "//nolint:errorlint,gosec // the very value": false, "// #nosec G101 -- a name, not a secret": false,
		"//lint:ignore SA1019 the only way there is": false, "// Nothing is silenced here.": false,
		"//nolint": true, "//nolint:gosec": true, "//nolint // at most eight": true, "//nolint:gosec // safe": true, "// nolint:gosec // at most eight": true,
		"// #nosec": true, "// #nosec G101": true, "//#nosec G101 -- a name": true, "//lint:ignore SA1019": true,
	} {
		if withoutReason(comment) != bad {
			t.Errorf("%q: refused %t", comment, !bad)
		}
	}
}
