package httpx_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
)

func TestALongAnswerTellsItsLength(t *testing.T) {
	t.Parallel()
	w := newWard(t)
	for i := range 150 {
		w.send(t, http.MethodPost, "/api/beds", fmt.Sprintf(`{"name":"%020d"}`, i)).wants(t, http.StatusCreated, "")
	}
	answer := w.send(t, http.MethodGet, "/api/beds?limit=200", "")
	if answer.StatusCode != http.StatusOK || len(answer.text) < 4096 || answer.ContentLength != int64(len(answer.text)) || len(answer.TransferEncoding) != 0 {
		t.Errorf("status %d, length %d of %d, %v", answer.StatusCode, answer.ContentLength, len(answer.text), answer.TransferEncoding)
	}
}

// What is written by hand must come out as it would without HM around it.
func TestPlainHandlersKeepTheirStatus(t *testing.T) {
	t.Parallel()
	api := httpx.New(httpx.Config{Secret: []byte("x")})
	for path, handler := range map[string]http.HandlerFunc{
		"/status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"/stream": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		},
		"/twice": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			_, _ = w.Write([]byte("a"))
			_, _ = w.Write([]byte("b"))
		},
		"/silent": func(http.ResponseWriter, *http.Request) {},
		"/panic": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			panic("before a word was said")
		},
	} {
		api.Mount(path, handler)
	}
	server := httptest.NewServer(api.Handler(telemetry.NewMetrics()))
	defer server.Close()
	for path, want := range map[string]int{"/status": 204, "/stream": 202, "/twice": 202, "/silent": 200, "/panic": 500} {
		answer, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != want || path == "/twice" && string(body) != "ab" {
			t.Errorf("%s: %d %q, %v", path, answer.StatusCode, body, err)
		}
	}
}
