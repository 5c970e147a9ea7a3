// Package httpx is the HTTP edge: one line in a module's routes.go becomes an operation with its permission, its
// transaction, its idempotency, its problem documents and its place in openapi.json.
package httpx

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"reflect"
	"sort"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
)

// Authenticator knows sessions; the iam module is one.
type Authenticator interface {
	// Authenticate gives the account behind an access token and the claims in it, or an errs.Unauthenticated.
	Authenticate(ctx context.Context, accessToken string) (*auth.Account, auth.Claims, error)
}

// Journal is told of what must be audited but writes no event: reads of a patient's record and refusals.
type Journal interface {
	// Read's error withholds the answer: what cannot be recorded is not shown.
	Read(ctx context.Context, r ReadRecord) error
	Refused(ctx context.Context, r Refusal)
}

// ReadRecord says which patients' records an operation showed to the caller of ctx.
type ReadRecord struct {
	Operation string
	Subject   Subject
}

// Refusal is an operation that the caller of ctx was not allowed, by a missing permission or by rules.
type Refusal struct {
	Operation, Code string
	// Because are the codes of the rules that refused it; none where a permission was missing.
	Because []string
}

// Subject is what an answer was about, for the audit of reads.
type Subject struct {
	Entity string
	// EntityID and EncounterID are zero where the answer is about no one of them.
	EntityID, EncounterID uuid.UUID
	PatientIDs            []uuid.UUID
}

// PatientRecord is an answer that shows patients' records. Reads that return one are audited.
type PatientRecord interface {
	AuditSubject() Subject
}

// API collects operations. It is complete before the server starts and never changes after.
type API struct {
	huma    huma.API
	mux     *http.ServeMux
	pool    *db.Pool
	auth    Authenticator
	journal Journal
	routes  []Route

	fingerprintKey []byte
	// unclearable are, by the type of a PATCH body, the fields that null cannot clear.
	unclearable    map[reflect.Type][]string
	trustedProxies []netip.Prefix
	// policy is the Content-Security-Policy of every answer.
	policy []string
	// work is for operations, door for those that ask for no sign-in.
	work, door *capacity
	// registering is the module whose route is being added, for naming its schemas.
	registering string
}

// Config of New.
type Config struct {
	Version string
	// Secret of the installation, from which the key of requests' fingerprints is derived.
	Secret  []byte
	Pool    *db.Pool
	Auth    Authenticator
	Journal Journal
	// TrustedProxies are believed when they say for whom they ask.
	TrustedProxies []netip.Prefix
	// ToolOrigins may serve scripts to the web app, beside HM itself: "https://tools.example.org".
	ToolOrigins []string
}

// New makes an API without operations.
func New(c Config) *API {
	mux := http.NewServeMux()
	a := &API{unclearable: map[reflect.Type][]string{}, mux: mux, pool: c.Pool, auth: c.Auth, journal: c.Journal, trustedProxies: c.TrustedProxies, policy: securityPolicy(c.ToolOrigins)}
	a.work, a.door = newCapacity(workPlaces, workLine, workPatience), newCapacity(doorPlaces, doorLine, doorPatience)
	a.fingerprintKey = auth.DeriveKey(c.Secret, "request fingerprint")
	document := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title:       "HM",
			Version:     c.Version,
			Description: apiDescription,
			License:     &huma.License{Name: "Proprietary", Identifier: "LicenseRef-HM"},
		},
		Servers: []*huma.Server{{URL: "/"}},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", a.schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "The access token of POST /api/auth/token."},
				"cookie": {Type: "apiKey", In: "cookie", Name: "hm_access", Description: "The cookie that signing in sets."},
			},
		},
	}
	format := huma.Format{Marshal: marshal, Unmarshal: a.unmarshal}
	a.huma = humago.New(mux, huma.Config{
		OpenAPI: document, OpenAPIPath: "", DocsPath: "", SchemasPath: "",
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	})
	return a
}

// rendered is an answer that is already JSON: it is encoded once, and a replay is the same bytes.
type rendered[T any] struct{ json []byte }

func (r rendered[T]) MarshalJSON() ([]byte, error) { return r.json, nil }
func (r rendered[T]) raw() []byte                  { return r.json }

// Schema is that of T.
func (rendered[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, reflect.TypeFor[T]().Name())
}

func marshal(w io.Writer, v any) error {
	if r, ok := v.(interface{ raw() []byte }); ok {
		if recorder, ok := w.(*statusRecorder); ok {
			_, err := recorder.writeWhole(r.raw())
			return err
		}
		_, err := w.Write(r.raw())
		return err
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

// Routes lists every operation, by path and method.
func (a *API) Routes() []Route {
	routes := append([]Route(nil), a.routes...)
	sort.Slice(routes, func(i, j int) bool {
		if routes[i].Path != routes[j].Path {
			return routes[i].Path < routes[j].Path
		}
		return routes[i].Method < routes[j].Method
	})
	return routes
}

// Mount adds a plain handler beside the operations, such as /metrics or the web app.
func (a *API) Mount(pattern string, h http.Handler) { a.mux.Handle(pattern, h) }
