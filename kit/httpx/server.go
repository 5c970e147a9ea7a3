package httpx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/telemetry"
)

type patternKey struct{}

var requestIDShape = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Headers that are the same for every answer, shared by all of them: nobody changes them in place.
var (
	noSniff    = []string{"nosniff"}
	sameOrigin = []string{"same-origin"}
	noStore    = []string{"no-store"}
)

// securityPolicy lets pages load only what HM itself serves, and scripts of tools from the origins that the operator
// names. Such a script still can send nothing elsewhere: connect-src stays HM's own.
func securityPolicy(toolOrigins []string) []string {
	scripts := strings.Join(append([]string{"'self'"}, toolOrigins...), " ")
	return []string{"default-src 'self'; script-src " + scripts + "; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"}
}

// Handler wraps the operations with what every request gets: an id, one spelling of its path, a log line, a metric,
// security headers, and an answer even when a handler panics.
func (a *API) Handler(metrics *telemetry.Metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requestID := r.Header.Get("X-Request-ID")
		if !requestIDShape.MatchString(requestID) {
			requestID = uuid.NewString()
		}
		pattern := ""
		ctx := context.WithValue(telemetry.WithRequestID(r.Context(), requestID), patternKey{}, &pattern)
		r = r.WithContext(ctx)
		recorder := &statusRecorder{ResponseWriter: w}
		header := w.Header()
		header["X-Request-Id"] = []string{requestID}
		header["X-Content-Type-Options"], header["Referrer-Policy"], header["Content-Security-Policy"] = noSniff, sameOrigin, a.policy
		if strings.HasPrefix(r.URL.Path, "/api") {
			header["Cache-Control"] = noStore
		}
		began, done := time.Now(), metrics.Began()
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler { //nolint:errorlint // net/http compares it by identity too
					panic(fault)
				}
				// The stack names functions, not patients; the panic's own text might.
				slog.ErrorContext(ctx, "panic", "type", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
				if recorder.status == 0 || recorder.held {
					recorder.status, recorder.held = 0, false
					writeProblem(recorder, r, errInternal)
				}
			}
			if pattern == "" {
				pattern = "other"
			}
			recorder.finish()
			done(r.Method, pattern, recorder.status)
			if slog.Default().Enabled(ctx, slog.LevelDebug) {
				slog.DebugContext(ctx, "request", "method", r.Method, "route", pattern, "status", recorder.status, "ms", float64(time.Since(began).Microseconds())/1000)
			}
		}()
		a.serve(recorder, r)
	})
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	onePath(r)
	if isUnclean(r.URL) {
		writeProblem(w, r, errNotFound)
		return
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") && r.URL.Path != "/api" {
		a.mux.ServeHTTP(w, r)
		return
	}
	if err := checkText(r); err != nil {
		writeProblem(w, r, err)
		return
	}
	oneContentType(r)
	_, pattern := a.mux.Handler(r)
	// The web app answers everything else; under /api an unknown address is a problem document.
	if pattern == "" || pattern == "/" {
		if allowed := a.methodsOf(r); allowed != "" {
			w.Header().Set("Allow", allowed)
			writeProblem(w, r, errMethod)
			return
		}
		writeProblem(w, r, errNotFound)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// methodsOf lists what the address takes, for 405.
func (a *API) methodsOf(r *http.Request) string {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "" && pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	return strings.Join(allowed, ", ")
}

// onePath removes what means nothing: a trailing slash, and the version, of which there is one.
func onePath(r *http.Request) {
	path := r.URL.Path
	if rest, ok := strings.CutPrefix(path, "/api/v1"); ok && (rest == "" || rest[0] == '/') {
		path = "/api" + rest
	}
	if path = strings.TrimRight(path, "/"); path == "" {
		path = "/"
	}
	if path != r.URL.Path {
		r.URL.Path, r.URL.RawPath = path, ""
	}
}

// isUnclean tells of an address of the API with an empty, "." or ".." part, which net/http would answer with a page
// that leads elsewhere: such an address has nothing at it.
func isUnclean(address *url.URL) bool {
	sent := address.EscapedPath()
	clean := path.Clean("/" + sent)
	return sent != clean && (strings.HasPrefix(clean, "/api/") || strings.HasPrefix(sent, "/api/") || clean == "/api")
}

// checkText refuses what PostgreSQL cannot store as text in the address: NUL and invalid UTF-8. Bodies are looked at
// where they are read.
func checkText(r *http.Request) error {
	query, err := url.QueryUnescape(r.URL.RawQuery)
	if err != nil {
		return errUnreadable.At("query", "The query string is not well formed.")
	}
	for _, part := range [...]struct{ location, text string }{{"path", r.URL.Path}, {"query", query}} {
		if strings.IndexByte(part.text, 0) >= 0 {
			return errNUL.At(part.location, "Contains a NUL character.")
		}
		if !utf8.ValidString(part.text) {
			return errUTF8.At(part.location, "Is not valid UTF-8.")
		}
	}
	return nil
}

// statusRecorder remembers the status, and holds it back until the body begins: whoever has the whole body then tells
// its length first, and the answer goes out in one piece.
type statusRecorder struct {
	http.ResponseWriter
	status int
	held   bool
}

func (r *statusRecorder) WriteHeader(status int) {
	if r.status != 0 || status < http.StatusOK {
		r.ResponseWriter.WriteHeader(status)
		return
	}
	r.status, r.held = status, true
}

func (r *statusRecorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.finish()
	return r.ResponseWriter.Write(b)
}

// writeWhole writes a body of which nothing follows.
func (r *statusRecorder) writeWhole(body []byte) (int, error) {
	if r.held {
		r.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	return r.Write(body)
}

// finish sends the status that is still held back.
func (r *statusRecorder) finish() {
	if r.held {
		r.held = false
		r.ResponseWriter.WriteHeader(r.status)
	}
}

// FlushError lets a stream begin before its first event.
func (r *statusRecorder) FlushError() error {
	r.finish()
	return http.NewResponseController(r.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the deadlines.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Server serves handler with limits that keep a slow or silent client from holding a connection for ever. Streams
// lift the write deadline for themselves.
func Server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}
