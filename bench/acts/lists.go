package acts

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sort"
	"strings"
)

// Lists are the acts that openapi.json gives by itself: one for each GET that answers a page and needs no id, in the
// order of their paths. Whoever of the site may, reads.
func Lists(openAPI []byte) ([]Act, error) {
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name     string `json:"name"`
				Required bool   `json:"required"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(openAPI, &document); err != nil {
		return nil, err
	}
	var lists []Act
	for path, methods := range document.Paths {
		get, ok := methods["get"]
		if !ok || strings.Contains(path, "{") {
			continue
		}
		pages, needs := false, false
		for _, p := range get.Parameters {
			pages = pages || p.Name == "cursor"
			needs = needs || p.Required
		}
		if pages && !needs {
			lists = append(lists, Act{Name: "GET " + path, Operations: []string{"GET " + path}, Do: func(ctx context.Context, a *Actor) error {
				var err error
				for _, role := range a.Site.Roles() {
					if err = ListAs(role, path).Do(ctx, a); !IsRefused(err) {
						return err
					}
				}
				return err
			}})
		}
	}
	sort.Slice(lists, func(i, j int) bool { return lists[i].Name < lists[j].Name })
	return lists, nil
}

// ListAs reads one of the lists in the role.
func ListAs(role, path string) Act {
	return Act{Name: "GET " + path, Operations: []string{"GET " + path}, Do: func(ctx context.Context, a *Actor) error {
		var got struct {
			Results []json.RawMessage `json:"results"`
		}
		err := a.as(ctx, role, http.MethodGet, path, nil, http.StatusOK, &got)
		if err == nil && got.Results == nil {
			return ErrWrong
		}
		return err
	}}
}

// IsRefused tells whether err is a list that this site's people may not read, or that must be told of whom: no fault
// of the server's, and nothing to measure.
func IsRefused(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && (status.Status == http.StatusForbidden || status.Status == http.StatusUnprocessableEntity)
}
