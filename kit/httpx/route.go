package httpx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/telemetry"
)

// Access says who may call a route at all, before any permission.
type Access int

const (
	// Scoped routes need a signed-in caller acting in a facility of which it is a member. The default.
	Scoped Access = iota
	// SignedIn routes need a caller but no scope.
	SignedIn
	// Superuser routes are for those who run the installation.
	Superuser
	// Public routes need nobody.
	Public
)

// Route is one operation.
type Route struct {
	Method, Path string
	Module       string
	// Permission the caller must hold in the facility; empty on routes that need none.
	Permission string
	Access     Access
	Summary    string
	// Description says what the summary cannot: who, which errors. Optional.
	Description string
	// Status of success: 200 unless set.
	Status int
	// Also lists further statuses of success, for an upsert.
	Also []int
	// NotReplayed routes ignore Idempotency-Key, because their answers are secrets or files that must not be stored.
	NotReplayed bool
	// MaxBody in bytes: 1 MiB unless set.
	MaxBody int64
	// Streams routes answer until the client leaves; they have no time limit.
	Streams bool
	// Fails lists statuses of failure beside those that every route of its kind has.
	Fails []int
	// MediaTypes of an answer that is no JSON; the document then says that it is text.
	MediaTypes []string
}

// operationID is what generated clients call the operation.
func (r Route) operationID() string {
	words := strings.FieldsFunc(strings.ToLower(r.Method)+r.Path, func(c rune) bool { return c == '/' || c == '-' || c == '{' || c == '}' || c == '_' })
	return strings.Join(append(words[:0:0], words...), "-")
}

// NoContent is the Out of routes that answer 204.
type NoContent struct{}

// Upserted marks an Out whose status may be 201 or 200, such as an upsert.
type Upserted interface {
	// WasCreated tells whether this call made it.
	WasCreated() bool
}

// Versioned is an Out that carries an ETag.
type Versioned interface {
	ETag() string
}

type response[Out any] struct {
	Status   int
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotency-Replayed"`
	Body     rendered[Out]
}

type emptyResponse struct {
	Replayed string `header:"Idempotency-Replayed"`
}

// answer is what a handler made, ready to send or to store.
type answer struct {
	status int
	etag   string
	body   []byte
}

func render[Out any](r Route, out Out) (answer, error) {
	a := answer{status: r.Status}
	if c, ok := any(out).(Upserted); ok && !c.WasCreated() {
		a.status = http.StatusOK
	}
	if v, ok := any(out).(Versioned); ok {
		a.etag = v.ETag()
	}
	if e, ok := any(out).(interface{ encoded() []byte }); ok {
		a.body = e.encoded()
		return a, nil
	}
	var err error
	a.body, err = encode(&out)
	return a, err
}

// Prepared inputs have slow work of their own, such as hashing a password, that must be done before the transaction
// begins: it would hold a connection.
type Prepared interface {
	Prepare(ctx context.Context) error
}

// Write registers an operation that changes something. act runs in one transaction in the caller's scope; its error
// rolls everything back. With an Idempotency-Key the answer is stored in that same transaction.
func Write[In, Out any](a *API, r Route, act func(ctx context.Context, tx db.Tx, in In) (Out, error)) {
	r.Status = cmp.Or(r.Status, http.StatusOK)
	run := func(ctx context.Context, in *In) (answer, bool, error) {
		var result answer
		replayed := false
		if p, ok := any(in).(Prepared); ok {
			if err := p.Prepare(ctx); err != nil {
				return result, false, err
			}
		}
		key, err := a.keyOf(ctx, r, in)
		if err != nil {
			return result, false, err
		}
		do := func(tx db.Tx, keep string) error {
			out, err := act(ctx, tx, *in)
			if err != nil {
				return err
			}
			if result, err = render(r, out); err != nil {
				return err
			}
			key.keep(tx, result, keep)
			return nil
		}
		err = a.pool.InTx(ctx, func(tx db.Tx) error { return do(tx, insertAnswer) })
		if err == nil || key == nil {
			return result, false, err
		}
		if ctx.Err() != nil {
			if errs.Of(err) != nil {
				err = fmt.Errorf("%w: %w", db.ErrInDoubt, ctx.Err()) // no time to look; see below
			}
			return result, false, err
		}
		// Perhaps it was answered before, by the same request; then that is the answer, whatever the act says now.
		taken := db.Violates(err, "idempotency_pkey")
		before := a.pool.InTx(ctx, func(tx db.Tx) error {
			stored, err := a.claim(ctx, tx, key)
			if stored != nil {
				result, replayed = *stored, true
			}
			if stored != nil || err != nil || !taken {
				return err
			}
			return do(tx, replaceAnswer) // the answer that was in the way is older than a day, or gone
		})
		switch {
		case replayed || taken && (before == nil || errs.Of(before) != nil) || errors.Is(before, errKeyReused):
			err = before
		case before != nil && (taken || errs.Of(err) != nil):
			// Nobody could look, so the act's own refusal must not be told: it may be the echo of its first success, as
			// when the encounter that this very request opened stands in its way.
			err = fmt.Errorf("%w: %w", db.ErrInDoubt, before)
		}
		return result, replayed, err
	}
	refused := func(ctx context.Context, err error) *Problem {
		if e := errs.Of(err); e != nil && len(e.Reasons) > 0 && a.journal != nil {
			a.journal.Refused(ctx, Refusal{Operation: r.Module + "." + r.operationID(), Code: e.Code, Because: e.Reasons})
		}
		return problemOf(ctx, err)
	}
	if reflect.TypeFor[Out]() == reflect.TypeFor[NoContent]() {
		r.Status = http.StatusNoContent
		register(a, r, func(ctx context.Context, in *In) (*emptyResponse, error) {
			_, replayed, err := run(ctx, in)
			if err != nil {
				return nil, refused(ctx, err)
			}
			return &emptyResponse{Replayed: replayedHeader(replayed)}, nil
		})
		return
	}
	register(a, r, func(ctx context.Context, in *In) (*response[Out], error) {
		result, replayed, err := run(ctx, in)
		if err != nil {
			return nil, refused(ctx, err)
		}
		return &response[Out]{Status: result.status, ETag: result.etag, Replayed: replayedHeader(replayed), Body: rendered[Out]{result.body}}, nil
	})
}

// Read registers an operation that changes nothing. Each statement of read is its own round trip and transaction.
func Read[In, Out any](a *API, r Route, read func(ctx context.Context, r db.DBTX, in In) (Out, error)) {
	r.Method, r.Status = http.MethodGet, cmp.Or(r.Status, http.StatusOK)
	operation := r.Module + "." + r.operationID()
	if _, ok := any(new(In)).(interface{ has(tag string) bool }); ok {
		r.Also = append(r.Also, http.StatusNotModified)
	}
	register(a, r, func(ctx context.Context, in *In) (*response[Out], error) {
		out, err := read(ctx, a.pool.Read(ctx), *in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		if record, ok := any(out).(PatientRecord); ok && a.journal != nil {
			if subject := record.AuditSubject(); len(subject.PatientIDs) > 0 {
				if err := a.journal.Read(ctx, ReadRecord{Operation: operation, Subject: subject}); err != nil {
					return nil, problemOf(ctx, err)
				}
			}
		}
		result, err := render(r, out)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		if c, ok := any(in).(interface{ has(tag string) bool }); ok && result.etag != "" && c.has(result.etag) {
			result.status, result.body = http.StatusNotModified, nil
		}
		return &response[Out]{Status: result.status, ETag: result.etag, Body: rendered[Out]{result.body}}, nil
	})
}

// Plain registers an operation that manages its own transactions and response, such as signing in, which must set
// cookies and must remember a failure although it answers with an error. Out is a huma output struct.
func Plain[In, Out any](a *API, r Route, handle func(ctx context.Context, in *In) (*Out, error)) {
	r.NotReplayed = true
	register(a, r, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		return out, nil
	})
}

func register[In, Out any](a *API, r Route, handler func(context.Context, *In) (*Out, error)) {
	r.Status = cmp.Or(r.Status, http.StatusOK)
	if r.Access == Scoped && r.Permission == "" && r.Method != http.MethodGet {
		panic(fmt.Sprintf("%s %s has no permission", r.Method, r.Path))
	}
	a.routes, a.registering = append(a.routes, r), r.Module
	a.patched(r, reflect.TypeFor[In]())
	op := huma.Operation{
		OperationID: r.operationID(), Method: r.Method, Path: r.Path, Summary: r.Summary, Description: r.Description,
		Tags: []string{r.Module}, DefaultStatus: r.Status, MaxBodyBytes: r.MaxBody,
		Errors:      append(a.errorsOf(r), r.Fails...),
		Middlewares: huma.Middlewares{a.guard(r)},
		Security:    []map[string][]string{{"bearer": {}}, {"cookie": {}}},
		Extensions:  map[string]any{},
	}
	if r.Access == Public {
		op.Security = []map[string][]string{}
	}
	if r.Permission != "" {
		op.Extensions["x-permission"] = r.Permission
	}
	op.Parameters = headersOf(r)
	if len(r.MediaTypes) > 0 {
		content := map[string]*huma.MediaType{}
		for _, kind := range r.MediaTypes {
			content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
		}
		op.Responses = map[string]*huma.Response{strconv.Itoa(r.Status): {Description: http.StatusText(r.Status), Content: content}}
	}
	huma.Register(a.huma, op, handler)
	registered := a.huma.OpenAPI().Paths[r.Path]
	for _, status := range r.Also {
		document(registered, r, status)
	}
}

func (a *API) errorsOf(r Route) []int {
	statuses := []int{400, 401, 403, 422, 429, 500, 503}
	if strings.Contains(r.Path, "{") || r.Access == Scoped {
		statuses = append(statuses, 404)
	}
	if r.Method != http.MethodGet {
		statuses = append(statuses, 409, 412, 413, 415)
	}
	return statuses
}

// headersOf documents the headers that middleware reads.
func headersOf(r Route) []*huma.Param {
	text := &huma.Schema{Type: huma.TypeString, Format: "uuid"}
	var params []*huma.Param
	if r.Access == Scoped {
		params = append(params,
			&huma.Param{Name: "X-Tenant-ID", In: "header", Schema: text, Description: "The tenant to act in; the token's active scope when absent."},
			&huma.Param{Name: "X-Facility-ID", In: "header", Schema: text, Description: "The facility to act in; the token's active scope when absent."})
	}
	if r.Method == http.MethodPost && !r.NotReplayed {
		params = append(params, &huma.Param{Name: "Idempotency-Key", In: "header",
			Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: ptr(maxKeyLength)},
			Description: "Makes a repetition of this request answer as the first did. Kept 24 hours."})
	}
	return params
}

func ptr[T any](v T) *T { return &v }

// guard authenticates, finds the scope and checks the permission, before the body is read.
func (a *API) guard(r Route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		ctx := hc.Context()
		ctx = context.WithValue(telemetry.WithOrigin(ctx, a.addressOf(hc)), requestKey{}, requestFacts{
			path: hc.URL().Path, query: hc.URL().RawQuery, key: hc.Header("Idempotency-Key"),
			language: hc.Header("Accept-Language"), site: a.siteOf(hc),
		})
		if held, ok := ctx.Value(patternKey{}).(*string); ok {
			*held = r.Path
		}
		// Finding out who calls is a part of the request, and may have to wait for the database too.
		limited, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		// Streams live long and do little; everything else takes a place for as long as it works.
		if !r.Streams {
			places := a.work
			if r.Access == Public {
				places = a.door
			}
			if err := places.enter(limited); err != nil {
				request, w := unwrap(hc)
				writeProblem(w, request.WithContext(ctx), err)
				return
			}
			defer places.leave()
		}
		identity, scope, err := a.admit(limited, hc, r)
		if err != nil {
			if refused := problemOf(ctx, err); refused.Status == http.StatusForbidden && a.journal != nil {
				refusedCtx := auth.WithIdentity(db.WithScope(ctx, scope), identity)
				a.journal.Refused(refusedCtx, Refusal{Operation: r.Module + "." + r.operationID(), Code: refused.Code})
			}
			request, w := unwrap(hc)
			writeProblem(w, request.WithContext(ctx), err)
			return
		}
		if r.Streams {
			ctx = db.WithScope(auth.WithIdentity(ctx, identity), scope)
			recheck := func() error {
				limited, cancel := context.WithTimeout(ctx, requestTime)
				defer cancel()
				_, _, err := a.admit(limited, hc, r)
				return err
			}
			next(huma.WithValue(huma.WithContext(hc, ctx), recheckKey{}, recheck))
			return
		}
		next(huma.WithContext(hc, db.WithScope(auth.WithIdentity(limited, identity), scope)))
	}
}

// requestTime is how long one request may take until it is answered, all waiting included: for a place, a connection, a
// lock, the database. Longer work is a job.
const requestTime = 15 * time.Second

type recheckKey struct{}

// StillAdmitted tells a stream whether its caller would be let in again now.
func StillAdmitted(ctx context.Context) error {
	if recheck, ok := ctx.Value(recheckKey{}).(func() error); ok {
		return recheck()
	}
	return nil
}

type requestKey struct{}

// requestFacts is what acts may want to know of the request that carries them.
type requestFacts struct{ path, query, key, language, site string }

func (a *API) addressOf(hc huma.Context) string {
	request, _ := unwrap(hc)
	return clientAddress(request, a.trustedProxies)
}

func (a *API) siteOf(hc huma.Context) string {
	request, _ := unwrap(hc)
	return siteAddress(request, a.trustedProxies)
}

// Site is where the caller of ctx reaches this installation, as its request says: https://hm.example.org, without a
// slash at the end. Empty where the request names no host. Whoever asks may write any host there, so it belongs only into what is
// handed to the one who asked.
func Site(ctx context.Context) string {
	request, _ := ctx.Value(requestKey{}).(requestFacts)
	return request.site
}

// RemoteAddress gives the caller's network address without a port, for throttling.
func RemoteAddress(ctx context.Context) string { return telemetry.Origin(ctx) }

// parseID reads a header that must be a UUID.
func parseID(text string) (uuid.UUID, bool) {
	// uuid.Parse takes further spellings; only the canonical one is an id here.
	u, err := uuid.Parse(text)
	return u, err == nil && len(text) == 36
}

// String names who may call.
func (a Access) String() string {
	return [...]string{"members", "signed in", "superusers", "anyone"}[a]
}
