package web_test

import (
	"errors"
	"io/fs"
	"testing"

	"hmsoftware.com/hm/web"
)

// A clone without a web build must answer "not there", never fail otherwise, and a
// built app must bring its index page.
func TestAppsAreWholeOrAbsent(t *testing.T) {
	for name, app := range map[string]fs.FS{"staff": web.Staff(), "docs": web.Docs()} {
		page, err := fs.ReadFile(app, "index.html")
		if errors.Is(err, fs.ErrNotExist) {
			if _, err := fs.Stat(app, "assets"); err == nil {
				t.Errorf("%s: assets without an index page", name)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(page) == 0 {
			t.Errorf("%s: empty index page", name)
		}
	}
}
