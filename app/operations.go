package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/migrations"
	"hmsoftware.com/hm/web"
)

// mountOperations adds what operators and browsers use beside the API: health, metrics, the OpenAPI document, its
// page, and the web app.
func (a *App) mountOperations(documented bool) {
	a.API.Mount("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeStatus(w, http.StatusOK, map[string]string{"status": "ok", "version": a.config.Version})
	}))
	a.API.Mount("GET /readyz", http.HandlerFunc(a.ready))
	a.API.Mount("GET /metrics", a.metrics.Handler())
	if !documented {
		return
	}
	a.API.Mount("GET /api/openapi.json", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(a.document))
	}))
	a.API.Mount("GET /api/docs", http.RedirectHandler("/api/docs/index.html", http.StatusFound))
	a.API.Mount("GET /api/docs/", http.StripPrefix("/api/docs", staticApp(web.Docs())))
	a.API.Mount("/", staticApp(web.Staff()))
}

// ready tells whether this node can serve: its database answers and has the schema this binary needs.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	err := db.CheckSchema(ctx, a.config.Pool, migrations.Files)
	switch {
	case err == nil:
		writeStatus(w, http.StatusOK, map[string]string{"status": "ready"})
	case errors.Is(err, db.ErrSchemaOld), errors.Is(err, db.ErrSchemaUnknown):
		writeStatus(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
	default:
		writeStatus(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": "the database does not answer"})
	}
}

func writeStatus(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// staticApp serves a single-page app: files as they are, every other address its index page. Files under assets/
// carry their hash in their name and never change.
func staticApp(files fs.FS) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && name != "index.html" {
			server.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		index, err := fs.ReadFile(files, "index.html")
		if err != nil {
			http.Error(w, "This page was not built into this binary: run make build.", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(index)
	})
}
