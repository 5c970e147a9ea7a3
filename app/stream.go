package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
)

// CanFollow lets a screen refresh itself.
const CanFollow = "events.can_follow"

var streamPermissions = []auth.Permission{
	{Code: CanFollow, Description: "Be told when something on a screen has changed", Roles: auth.EveryoneAndAuditor},
}

type streamInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"80" doc:"The id of the last event received; what followed is sent first"`
}

// hintJSON is one server-sent event's data. Topic "reset" asks the client to read everything again.
type hintJSON struct {
	Topic   string `json:"topic"`
	ID      string `json:"id"`
	Version string `json:"version"`
}

// heartbeat keeps proxies from closing a quiet stream, and is when a stream notices that its session has ended.
const heartbeat = time.Second

// pingEvery is how many heartbeats pass between comments on the wire.
const pingEvery = 15

func (a *App) streamRoute() {
	httpx.Plain(a.API, httpx.Route{
		Method: "GET", Path: "/api/stream", Module: "events", Permission: CanFollow, Streams: true, MediaTypes: []string{"text/event-stream"},
		Summary: "Follow changes as server-sent events",
		Description: "Each event's data is {topic, id, version}: what changed, without content. A client reads it again over its own permissions. " +
			"topic is the kind of thing: patient, encounter, encounter_document, task, clinical_document, order, order_item, lab_sample, lab_result, lab_report, alert, notification ...; " +
			"pass over those that you do not know. reset, without an id, asks to read everything again. version is an opaque id that differs at each change. " +
			"A comment comes every 15 seconds. The stream ends when the session does; EventSource signs in by the cookie and sends Last-Event-ID by itself.",
	}, a.stream)
}

func (a *App) stream(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	scope, _ := db.ScopeOf(ctx)
	listener, leave, err := a.Hub.Listen(ctx, scope)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer leave()
		_, w := humago.Unwrap(hc)
		control := http.NewResponseController(w)
		_ = control.SetWriteDeadline(time.Time{})
		header := w.Header()
		header.Set("Content-Type", "text/event-stream")
		header.Set("X-Accel-Buffering", "no")
		_, _ = fmt.Fprint(w, "retry: 2000\n: connected\n\n")
		if since, err := events.ParsePosition(in.LastEventID); err == nil {
			missed, told, err := a.Hub.Missed(ctx, scope, since)
			if err != nil || !told {
				sendHint(w, events.Hint{Topic: "reset", Position: since})
			}
			for _, hint := range missed {
				sendHint(w, hint)
			}
		}
		if control.Flush() != nil {
			return
		}
		a.follow(ctx, w, control, listener)
	}}, nil
}

func (a *App) follow(ctx context.Context, w http.ResponseWriter, control *http.ResponseController, listener *events.Listener) {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for beats := 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-a.stopping:
			return
		case hint, open := <-listener.Hints:
			if !open {
				return
			}
			sendHint(w, hint)
		case <-tick.C:
			beats++
			// Signed out, disabled or removed from the facility: the stream ends within a heartbeat.
			if httpx.StillAdmitted(ctx) != nil {
				return
			}
			if beats%pingEvery != 0 {
				continue
			}
			_, _ = fmt.Fprint(w, ": ping\n\n")
		}
		if control.Flush() != nil {
			return
		}
	}
}

func sendHint(w http.ResponseWriter, hint events.Hint) {
	data, _ := json.Marshal(hintJSON{hint.Topic, hint.ID, hint.Version})
	_, _ = fmt.Fprintf(w, "id: %s\ndata: %s\n\n", hint.Position, data)
}
