package injection_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type object = map[string]any

// hospital gives each operation a request that it accepts, so that one slot after the other can be spoilt.
type hospital struct {
	*apptest.House
	tenant *apptest.Tenant
	// sessions are of "all", who holds every role in both facilities, of "root", who runs the installation, and of
	// "self", whose password may change.
	sessions                     atomic.Pointer[map[string]*apptest.Client]
	signedIn                     time.Time
	signingIn                    sync.Mutex
	pool                         *apptest.Pool
	patient, encounter, document string
	user, role, membership       string
	made                         atomic.Int64
	lab                          *laboratory
	// items are of the order that was made last for an operation.
	items sync.Map
}

func newHospital(t *testing.T) *hospital {
	t.Helper()
	house := apptest.New(t, 1)
	h := &hospital{House: house, tenant: house.Tenant(t, "asha", "MAIN", "EAST"), pool: apptest.NewPool()}
	roles := []string{"admin", "doctor", "nurse", "receptionist", "lab_technician", "pathologist"}
	h.tenant.Admin.Post(t, "/api/users", object{"username": "all", "full_name": "Everything", "password": apptest.Password, "memberships": []any{
		object{"facility_id": h.tenant.Facilities[0], "roles": roles}, object{"facility_id": h.tenant.Facilities[1], "roles": roles},
	}}).Want(t, 201)
	for _, username := range []string{"self", "gate"} {
		h.tenant.Admin.Post(t, "/api/users", object{"username": username, "full_name": "Only One", "password": apptest.Password}).Want(t, 201)
	}
	if _, err := house.Apps[0].CreateSuperuser(t.Context(), "root", "", apptest.Password); err != nil {
		t.Fatal(err)
	}
	h.signIn(t)
	h.patient = h.newPatient(t)
	h.encounter = h.visit(t, "check-in", "start-consult")
	h.document = h.all().Post(t, "/api/clinical-docs/finalize", object{"document_id": h.draft(t)}).Want(t, 201).ID()
	clerk := h.all().Post(t, "/api/users", object{"username": "clerk", "full_name": "Clerk", "password": apptest.Password, "memberships": []any{object{"facility_id": h.tenant.Facilities[0], "roles": []string{"biller"}}}}).Want(t, 201)
	h.user, h.membership = clerk.ID(), clerk.Path("memberships.0.id").(string)
	h.role = h.all().Post(t, "/api/roles", object{"code": "spare", "name": "Spare", "permissions": []string{"patients.can_read"}}).Want(t, 201).ID()
	h.equip(t)
	h.pool.Harvest(t, h.all())
	return h
}

// name is one that nobody has, without a letter or digit that a hostile string could be taken for in a search.
func (h *hospital) name() string { return "zq" + strings.ReplaceAll(uuid.NewString()[:13], "-", "") }

func (h *hospital) newPatient(t testing.TB) string {
	h.made.Add(1)
	return h.all().Post(t, "/api/patients", object{"full_name": "Mustermann", "gender": "male", "age_years": 50}).Want(t, 201).ID()
}

// visit opens an encounter and takes it some steps further.
func (h *hospital) visit(t testing.TB, steps ...string) string {
	id := h.all().Post(t, "/api/encounters", object{"patient_id": h.newPatient(t)}).Want(t, 201).ID()
	for _, step := range steps {
		switch step {
		case "vitals":
			h.all().Post(t, "/api/encounters/"+id+"/vitals", object{"pulse_bpm": 80}).Want(t, 201)
		case "assessment":
			h.all().Post(t, "/api/encounters/"+id+"/assessment", object{"diagnosis": "Well"}).Want(t, 201)
		default:
			h.all().Post(t, "/api/encounters/"+id+"/"+step, nil).Want(t, 200)
		}
	}
	return id
}

func (h *hospital) draft(t testing.TB) string {
	return h.all().Post(t, "/api/clinical-docs/draft", object{"encounter_id": h.encounter, "template_code": "progress_note", "payload": object{"assessment": "Well", "plan": "None"}}).Want(t, 201).ID()
}

func (h *hospital) task(t testing.TB, steps ...string) string {
	id := h.all().Post(t, "/api/tasks", object{"encounter_id": h.encounter, "code": h.name()}).Want(t, 201).ID()
	for _, step := range steps {
		h.all().Post(t, "/api/tasks/"+id+"/"+step, nil).Want(t, 200)
	}
	return id
}

// order places one of a single item.
func (h *hospital) order(t testing.TB) (id, item string) {
	made := h.all().Post(t, "/api/orders", object{"encounter_id": h.encounter, "order_type": "LAB", "items": []any{object{"service_code": "CBC"}}}).Want(t, 201)
	return made.ID(), made.Path("items.0.id").(string)
}

// signIn begins new sessions where the last ones are some minutes old: an access token is good for ten.
func (h *hospital) signIn(t testing.TB) {
	h.signingIn.Lock()
	defer h.signingIn.Unlock()
	if time.Since(h.signedIn) < 3*time.Minute {
		return
	}
	h.DB.AsSuperuser(t, `DELETE FROM iam.sign_in_throttle`)
	h.DB.AsSuperuser(t, `UPDATE iam.user_account SET password_hash = (SELECT password_hash FROM iam.user_account WHERE username = 'all') WHERE username = 'self'`)
	sessions := map[string]*apptest.Client{}
	for _, username := range []string{"all", "root", "self"} {
		sessions[username] = h.SignIn(t, username, apptest.Password)
		if username != "root" {
			sessions[username] = sessions[username].In(h.tenant.ID, h.tenant.Facilities[0])
		}
	}
	h.sessions.Store(&sessions)
	h.signedIn = time.Now()
}

func (h *hospital) all() *apptest.Client { return (*h.sessions.Load())["all"] }

// by is who sends an operation.
func (h *hospital) by(o *apptest.Operation) *apptest.Client {
	switch {
	case strings.HasPrefix(o.Path, "/api/tenants"):
		return (*h.sessions.Load())["root"]
	case o.Path == "/api/me" || strings.HasPrefix(o.Path, "/api/me/"):
		return (*h.sessions.Load())["self"]
	}
	return h.all()
}

// values are valid for every slot. What one request uses up, such as an open encounter, is made anew for each.
func (h *hospital) values(t testing.TB) apptest.Values {
	return func(o *apptest.Operation, s apptest.Slot) (any, bool) {
		if s.In == "path" {
			if aimed, known := h.aimAtLab(t, o, s); known {
				return aimed, true
			}
			return h.aim(t, o, s)
		}
		if value, known := h.labValues(t, o, s); known {
			return value, true
		}
		if s.In == "query" {
			switch {
			case s.Name == "full_name":
				return "Mustermann", true
			case s.Name == "from":
				return 1, true
			case s.Name == "encounter_id" && o.Path == "/api/clinical-docs/carry-over":
				return h.encounter, true
			case s.Name == "template_code" && o.Path == "/api/clinical-docs/carry-over":
				return "progress_note", true
			}

			return nil, false
		}
		if s.In != "body" {
			return nil, false
		}
		switch s.Name {
		case "username":
			if o.Path == "/api/auth/token" {
				return "gate", true
			}
			return h.name(), true
		case "password", "current_password":
			return apptest.Password, true
		case "new_password":
			return "another horse battery", true
		case "code", "idempotency_key":
			return h.name(), true
		case "patient_id":
			return h.newPatient(t), true
		case "encounter_id":
			return h.encounter, true
		case "document_id":
			if strings.HasSuffix(o.Path, "/amend") {
				return h.document, true
			}
			return h.draft(t), true
		case "template_code":
			return "progress_note", true
		case "user_id":
			return h.all().In(h.tenant.ID, h.tenant.Facilities[1]).Post(t, "/api/users", object{"username": h.name(), "full_name": "New", "password": apptest.Password}).Want(t, 201).ID(), true
		case "tenant_id":
			return h.tenant.ID, true
		case "facility_id":
			return h.tenant.Facilities[0], true
		case "assigned_to_id":
			return h.user, strings.HasSuffix(o.Path, "/assign")
		case "diagnosis", "advice", "subjective", "title", "note":
			return "Plain words", o.Path != "/api/encounters/{id}/sign" && o.Path != "/api/lab/samples/{id}/reject"
		case "note.subjective":
			return "Plain words", true
		case "order_type":
			return "LAB", true
		case "items.0.service_code":
			return "CBC", true
		case "permissions.0":
			return "patients.can_read", true
		case "packs.0":
			return "base", true
		case "tools.0.url":
			return "/tool.js", true
		case "tools.0.integrity":
			return "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=", true
		case "pulse_bpm":
			return 80, true
		}
		return nil, false
	}
}

// aim gives what a path names, in the state that its operation asks for.
func (h *hospital) aim(t testing.TB, o *apptest.Operation, s apptest.Slot) (any, bool) {
	_, act, _ := strings.Cut(o.Path, "}/")
	switch collection := apptest.CollectionOf(o.Path); collection {
	case "/api/patients":
		return h.patient, true
	case "/api/users":
		return h.user, true
	case "/api/roles":
		return h.role, true
	case "/api/memberships":
		return h.membership, true
	case "/api/facilities":
		return h.tenant.Facilities[1], true
	case "/api/tenants":
		return h.tenant.ID, true
	case "/api/templates":
		return "progress_note", true
	case "/api/packs":
		return "base", true
	case "/api/tasks":
		return h.task(t, map[string][]string{"reopen": {"complete"}}[act]...), true
	case "/api/clinical-docs":
		if o.Method == "GET" {
			return h.document, true
		}
		return h.draft(t), true
	case "/api/orders":
		if s.Name == "item_id" {
			item, _ := h.items.Load(o.ID)
			return item, true
		}
		id, item := h.order(t)
		h.items.Store(o.ID, item)
		return id, true
	case "/api/encounters":
		switch act {
		case "check-in", "cancel":
			return h.visit(t), true
		case "start-consult":
			return h.visit(t, "check-in"), true
		case "close":
			return h.visit(t, "check-in", "vitals", "start-consult", "assessment"), true
		}
		return h.encounter, true
	}
	return h.pool.ValueOf(o, s)
}
