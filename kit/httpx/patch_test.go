package httpx_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
)

type patchCot struct {
	Body struct {
		Name  *string                `json:"name,omitempty" minLength:"1"`
		Notes map[string]any         `json:"notes,omitempty"`
		Room  httpx.Optional[string] `json:"room,omitzero"`
	}
}

type postCot struct {
	Body struct {
		Name *string                `json:"name,omitempty"`
		Room httpx.Optional[string] `json:"room,omitzero"`
	}
}

func TestNullClearsOrIsRefused(t *testing.T) {
	t.Parallel()
	api := httpx.New(httpx.Config{Version: "test", Pool: db.Unconnected()})
	httpx.Plain(api, httpx.Route{Method: http.MethodPatch, Path: "/api/cots", Module: "ward", Access: httpx.Public, Status: 204, Summary: "Change a cot"},
		func(context.Context, *patchCot) (*struct{}, error) { return nil, nil })
	httpx.Plain(api, httpx.Route{Method: http.MethodPost, Path: "/api/cots", Module: "ward", Access: httpx.Public, Status: 204, Summary: "Add a cot"},
		func(context.Context, *postCot) (*struct{}, error) { return nil, nil })
	handler := api.Handler(telemetry.NewMetrics())
	for _, c := range []struct {
		method, body, location string
		status                 int
	}{
		{"PATCH", `{"name":null}`, "body.name", 422},
		{"PATCH", `{"room":null,"notes":null}`, "body.notes", 422},
		{"PATCH", `{"room":null}`, "", 204},
		{"PATCH", `{}`, "", 204},
		// Where nothing is stored yet, null is as good as absent.
		{"POST", `{"name":null,"room":null}`, "", 204},
	} {
		request := httptest.NewRequest(c.method, "/api/cots", strings.NewReader(c.body))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.location) {
			t.Errorf("%s %s: %d %s", c.method, c.body, answer.Code, answer.Body)
		}
	}
}
