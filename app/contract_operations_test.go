package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

// told is one server-sent event as a client reads it.
type told struct {
	id                 string
	Topic, ID, Version string
	members            int
}

// streaming is a followed stream; Events is closed when the server ends it.
type streaming struct {
	*http.Response
	Events chan told
}

// follow opens a stream, which ends with the test.
func follow(t *testing.T, c *apptest.Client, path, lastEventID string) streaming {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.House.Servers[c.Node].URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.Access)
	request.Header.Set("X-Tenant-ID", c.TenantID.String())
	request.Header.Set("X-Facility-ID", c.FacilityID.String())
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := http.DefaultClient.Do(request) //nolint:bodyclose // closed by the reader below
	if err != nil {
		t.Fatal(err)
	}
	s := streaming{response, make(chan told, 1000)}
	lines := bufio.NewScanner(response.Body)
	lines.Scan() // the first words say that the server listens
	go func() {
		defer close(s.Events)
		defer response.Body.Close()
		id := ""
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = text
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				event, members := told{id: id}, object{}
				if json.Unmarshal([]byte(data), &event) == nil && json.Unmarshal([]byte(data), &members) == nil {
					event.members = len(members)
				}
				s.Events <- event
			}
		}
	}()
	return s
}

// await gives the first event about a thing, and all that came before it.
func (s streaming) await(t *testing.T, topic, id string) (event told, before []told) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case event, open := <-s.Events:
			if !open {
				t.Fatalf("the stream ended before it told of %s %s", topic, id)
			}
			if event.Topic == topic && event.ID == id {
				return event, before
			}
			before = append(before, event)
		case <-limit:
			t.Fatalf("the stream does not tell of %s %s", topic, id)
		}
	}
}

func TestContractOperations(t *testing.T) {
	t.Parallel()
	section{
		"health, readiness and metrics":                        healthReadinessAndMetrics,
		"the OpenAPI document and its page":                    theOpenAPIDocumentAndItsPage,
		"a stream tells of a write on another node":            aStreamTellsOfAWriteOnAnotherNode,
		"a stream goes on from the last event":                 aStreamGoesOnFromTheLastEvent,
		"a stream tells nothing of other facilities":           aStreamTellsNothingOfOtherFacilities,
		"a stream ends with its session":                       aStreamEndsWithItsSession,
		"a stream needs somebody who may follow in a facility": aStreamNeedsSomebody,
	}.hold(t, 2)
}

func healthReadinessAndMetrics(t *testing.T, d *day) {
	nobody := (&apptest.Client{House: d.House}).Unchecking()
	if r := nobody.Get(t, "/healthz").Want(t, 200); r.Text("status") != "ok" {
		t.Errorf("healthz: %s", r.Body)
	}
	if r := nobody.Get(t, "/readyz").Want(t, 200); r.Text("status") != "ready" {
		t.Errorf("readyz: %s", r.Body)
	}
	d.Nurse.Get(t, "/api/patients").Want(t, 200)
	metrics := nobody.Get(t, "/metrics").Want(t, 200)
	if !strings.HasPrefix(metrics.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("metrics are %s", metrics.Header.Get("Content-Type"))
	}
	for _, line := range []string{
		`hm_http_request_seconds_count\{method="GET",route="/api/patients",status="200"\} [1-9]`, `hm_http_requests_in_flight [1-9]`, `hm_db_pool_\w+ \d`, `go_goroutines \d`,
	} {
		if !regexp.MustCompile(line).Match(metrics.Body) {
			t.Errorf("metrics lack %s", line)
		}
	}
}

func TestReadinessNeedsAMigratedDatabase(t *testing.T) {
	t.Parallel()
	house := apptest.New(t, 1)
	nobody := (&apptest.Client{House: house}).Unchecking()
	house.DB.AsSuperuser(t, `CREATE TABLE kept AS SELECT * FROM public.hm_migration`)
	house.DB.AsSuperuser(t, `DELETE FROM public.hm_migration WHERE version_id = (SELECT max(version_id) FROM public.hm_migration)`)
	if r := nobody.Get(t, "/readyz").Want(t, 503); r.Text("reason") == "" {
		t.Errorf("an old schema: %s", r.Body)
	}
	house.DB.AsSuperuser(t, `INSERT INTO public.hm_migration (id, version_id, is_applied, tstamp) SELECT id, version_id, is_applied, tstamp FROM kept ON CONFLICT DO NOTHING`)
	nobody.Get(t, "/readyz").Want(t, 200)
	login := func(may string) {
		house.DB.AsSuperuser(t, `DO $$ BEGIN EXECUTE 'ALTER ROLE hm_login_' || (SELECT oid FROM pg_database WHERE datname = current_database()) || ' `+may+`'; END $$`)
	}
	login("NOLOGIN")
	defer login("LOGIN")
	house.DB.AsSuperuser(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if r := nobody.Get(t, "/readyz").Want(t, 503); strings.Contains(string(r.Body), "hm_") {
		t.Errorf("a database out of reach: %s", r.Body)
	}
	nobody.Get(t, "/healthz").Want(t, 200)
}

func theOpenAPIDocumentAndItsPage(t *testing.T, d *day) {
	nobody := (&apptest.Client{House: d.House}).Unchecking()
	document := nobody.Get(t, "/api/openapi.json").Want(t, 200)
	if !strings.HasPrefix(document.Text("openapi"), "3.1") || document.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the document is %s, %s", document.Text("openapi"), document.Header.Get("Content-Type"))
	}
	page := nobody.Get(t, "/api/docs").Want(t, 200)
	if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page is %s", page.Header.Get("Content-Type"))
	}
	// It works offline: nothing is loaded from elsewhere, and the browser is told so.
	if found := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).FindAll(page.Body, -1); found != nil {
		t.Errorf("the page loads %q", found)
	}
	if !strings.HasPrefix(page.Header.Get("Content-Security-Policy"), "default-src 'self'") {
		t.Errorf("policy: %s", page.Header.Get("Content-Security-Policy"))
	}
}

func aStreamTellsOfAWriteOnAnotherNode(t *testing.T, d *day) {
	stream := follow(t, d.Nurse.On(1), "/api/stream", "")
	if stream.StatusCode != 200 || stream.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", stream.StatusCode, stream.Header)
	}
	patient := awaitFirst(t, d, stream)
	d.Receptionist.Patch(t, "/api/patients/"+patient.ID, object{"address": "1 Secret Street"}).Want(t, 200)
	changed, _ := stream.await(t, "patient", patient.ID)
	if changed.members != 3 || changed.id == "" || changed.Version == "" || changed.Version == patient.Version || changed.id == patient.id {
		t.Errorf("first %+v, then %+v", patient, changed)
	}
}

// awaitFirst writes through node 0 until the stream tells of it: what was written before the hub woke up is not told.
func awaitFirst(t *testing.T, d *day, stream streaming) told {
	t.Helper()
	for range 100 {
		id := d.Patient(t, "Streamed")
		for deadline := time.After(500 * time.Millisecond); ; {
			select {
			case event, open := <-stream.Events:
				if !open {
					t.Fatal("the stream ended")
				}
				if event.Topic == "patient" && event.ID == id {
					return event
				}
				continue
			case <-deadline:
			}
			break
		}
	}
	t.Fatal("the stream tells of nothing")
	return told{}
}

func aStreamGoesOnFromTheLastEvent(t *testing.T, d *day) {
	first := follow(t, d.Nurse.On(1), "/api/stream", "")
	seen := awaitFirst(t, d, first)
	_ = first.Body.Close()
	var missed []string
	for range 3 {
		missed = append(missed, d.Patient(t, "Missed"))
	}
	again := follow(t, d.Nurse, "/api/stream", seen.id)
	_, before := again.await(t, "patient", missed[2])
	var caught []string
	for _, event := range before {
		caught = append(caught, event.ID)
	}
	if at := slices.Index(caught, missed[0]); at < 0 || slices.Index(caught, missed[1]) < at || slices.Contains(caught, seen.ID) {
		t.Errorf("caught up with %v, missed were %v", caught, missed)
	}
}

func aStreamTellsNothingOfOtherFacilities(t *testing.T, d *day) {
	stream := follow(t, d.Nurse.On(1), "/api/stream", "")
	awaitFirst(t, d, stream)
	there := d.Admin.In(d.ID, d.Facilities[1]).Post(t, "/api/patients", object{"full_name": "Eastern", "gender": "male"}).Want(t, 201).ID()
	_, before := stream.await(t, "patient", d.Patient(t, "Here"))
	if slices.ContainsFunc(before, func(e told) bool { return e.ID == there }) {
		t.Error("another facility's patient is told of")
	}
}

func aStreamEndsWithItsSession(t *testing.T, d *day) {
	user := d.User(t, unique("leaving."), d.Facilities[0], "nurse")
	stream := follow(t, user.On(1), "/api/stream", "")
	awaitFirst(t, d, stream)
	user.Post(t, "/api/auth/logout", nil).Want(t, 204)
	limit := time.After(20 * time.Second)
	for {
		select {
		case _, open := <-stream.Events:
			if !open {
				return
			}
		case <-limit:
			t.Fatal("the stream goes on after the logout")
		}
	}
}

func aStreamNeedsSomebody(t *testing.T, d *day) {
	(&apptest.Client{House: d.House}).Get(t, "/api/stream").WantProblem(t, 401, "auth.missing")
	d.Nurse.In(d.ID, d.Facilities[1]).Get(t, "/api/stream").WantProblem(t, 403, "scope.forbidden")
	role := unique("r")
	d.Admin.Post(t, "/api/roles", object{"code": role, "name": "Deaf", "permissions": []string{}}).Want(t, 201)
	d.User(t, unique("deaf."), d.Facilities[0], role).Get(t, "/api/stream").WantProblem(t, 403, "auth.permission_denied")
}
