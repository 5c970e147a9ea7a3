package packs

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

func module(t testing.TB) *Module {
	t.Helper()
	m, err := New(Deps{Bus: events.NewBus()})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestListPagesThroughTheForms(t *testing.T) {
	t.Parallel()
	m := module(t)
	var codes []string
	var count int64
	in := ListInput{PageParams: httpx.PageParams{Limit: 2, Count: true}}
	for {
		page, err := m.List(t.Context(), nil, in)
		if err != nil {
			t.Fatal(err)
		}
		count = *page.Count
		for _, d := range page.Results {
			codes = append(codes, d.Code)
		}
		if page.Next == nil {
			break
		}
		in.Cursor = *page.Next
	}
	templates, err := m.builtIn.Templates(packsapi.Base)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, tmpl := range templates {
		want = append(want, tmpl.Code)
	}
	if !slices.Equal(codes, want) || count != int64(len(want)) || !slices.Contains(want, "progress_note") {
		t.Error(codes, count)
	}
	in.Cursor = "not a cursor"
	if _, err := m.List(t.Context(), nil, in); err == nil {
		t.Error("it was taken")
	}
	if _, err := m.List(t.Context(), nil, ListInput{In: In{Pack: "nowhere"}}); !errors.Is(err, packsapi.ErrUnknownPack) {
		t.Error(err)
	}
}

func TestGetAnswersOneFormAsJSON(t *testing.T) {
	t.Parallel()
	m := module(t)
	d, err := m.Get(t.Context(), nil, GetInput{Code: "progress_note", Version: "1.0.0", In: In{Language: "en-IN,en;q=0.9"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"code", "version", "title", "pack", "schema", "ui", "computed", "summary", "tools"} {
		if answer[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	if len(d.ETag()) != 18 {
		t.Error(d.ETag())
	}
	for _, in := range []GetInput{{Code: "poem"}, {Code: "progress_note", Version: "0.0.1"}} {
		if _, err := m.Get(t.Context(), nil, in); !errors.Is(err, packsapi.ErrUnknownTemplate) {
			t.Error(in, err)
		}
	}
}

func TestRoutesStandInTheDocument(t *testing.T) {
	t.Parallel()
	api := httpx.New(httpx.Config{Version: "test"})
	module(t).Routes(api)
	text, err := api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/templates", "/api/templates/{code}"} {
		if document.Paths[path]["get"] == nil {
			t.Errorf("%s is missing", path)
		}
	}
}
