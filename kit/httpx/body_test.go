package httpx_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
)

// everything is a body with a member of each type that inputs have.
type everything struct {
	Body struct {
		Text   string                 `json:"text,omitempty" maxLength:"100"`
		Whole  int32                  `json:"whole,omitempty"`
		Number float64                `json:"number,omitempty"`
		Day    *clock.Date            `json:"day,omitempty" format:"date"`
		At     *time.Time             `json:"at,omitempty"`
		Maybe  httpx.Optional[string] `json:"maybe,omitzero" maxLength:"100"`
		Inner  struct {
			Small int8     `json:"small,omitempty"`
			List  []string `json:"list,omitempty" maxItems:"5"`
		} `json:"inner,omitzero"`
		Anything map[string]any `json:"anything,omitempty"`
	}
}

type echo struct{ Body everything }

// mirror is an API without a database, whose one route answers with what it read.
func mirror() *httpx.API {
	api := httpx.New(httpx.Config{Version: "test"})
	httpx.Plain(api, httpx.Route{Method: "POST", Path: "/api/mirror/{name}", Module: "mirror", Access: httpx.Public, Summary: "Echo"},
		func(_ context.Context, in *struct {
			everything
			httpx.PageParams
			httpx.IfMatch
			Name string `path:"name" maxLength:"50"`
		}) (*echo, error) {
			return &echo{in.everything}, nil
		})
	return api
}

func TestFaultsOfABodyAreToldInOurWordsWithTheirPlace(t *testing.T) {
	t.Parallel()
	handler := mirror().Handler(telemetry.NewMetrics())
	for name, c := range map[string]struct {
		body, location, message string
		status                  int
	}{
		"cut off":           {`{"text": "a`, "body", "The JSON ends too early, at line 1, column 12.", 400},
		"not JSON":          {"{\n  \"text\": é\n}", "body", "This is not JSON at line 2, column 11.", 400},
		"after characters":  {"{\"text\": \"ééé\" é", "body", "This is not JSON at line 1, column 16.", 400},
		"two values":        {"{}\n{}", "body", "This is not JSON at line 2, column 1.", 400},
		"broken UTF-8":      {"{\"text\":\n \"a\xff\"}", "body", "The text is not valid UTF-8 at line 2, column 4.", 400},
		"too deep":          {`{"anything":{"a":` + strings.Repeat("[", 10001), "body", "The JSON nests too deeply at line 1, column 10016.", 400},
		"a large number":    {`{"number":1e999}`, "body", "A number is too large.", 400},
		"too large a whole": {`{"whole":99999999999}`, "body.whole", "This value does not belong here.", 422},
		"deeper inside":     {`{"inner":{"small":1000}}`, "body.inner.small", "This value does not belong here.", 422},
		"a NUL":             {`{"text":"\u0000"}`, "body", "Contains a NUL character.", 422},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequest("POST", "/api/mirror/a", strings.NewReader(c.body))
			request.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, request)
			var problem httpx.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || len(problem.Errors) != 1 || problem.Errors[0].Location != c.location || problem.Errors[0].Message != c.message {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}
