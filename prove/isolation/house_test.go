package isolation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/prove/figures"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type object = map[string]any

// side is one facility with a day behind it: what its people wrote carries marks that nobody else has.
type side struct {
	*apptest.Tenant
	Facility uuid.UUID
	// Name is such as "asha.main"; all its usernames begin with it.
	Name string
	// Mark stands in everything written about its patients, who share a telephone.
	Mark, Phone string
	// Staff has one user a role, and the tenant's administrator, who is a member of every facility, under "".
	Staff map[auth.Role]*apptest.Client
	Pool  *apptest.Pool
	// Patient and Encounter are open, Draft is a draft, Final is current, Task is open, and so is Order with its Item.
	Patient, Encounter, Draft, Final, Task, Order, Item, Membership string
	// Of the laboratory: Sample is to be received, Result to be verified, Report printed; Alert is open, Lot in use, Hold open.
	Sample, Result, Report, Alert, Lot, Hold, Team, Duty string
}

// marks are as unlike as can be: a search takes a misspelt name for the right one.
var marks = []string{"Quixbrand", "Velomtrug", "Hjortfenk", "Zwappidol"}

// estate is two tenants of two facilities each.
type estate struct {
	*apptest.House
	sides  []*side
	owners map[string][]apptest.Owner
}

func newEstate(t *testing.T) *estate {
	t.Helper()
	e := &estate{House: apptest.New(t, 1)}
	for _, code := range []string{"asha", "birch"} {
		tenant := e.Tenant(t, code, "MAIN", "EAST")
		if _, err := e.Apps[0].ImportRepertory(t.Context(), code, nil, "", nil); err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"main", "east"} {
			s := &side{Tenant: tenant, Facility: tenant.Facilities[i], Name: code + "." + name, Staff: map[auth.Role]*apptest.Client{}, Pool: apptest.NewPool()}
			s.Mark, s.Phone = marks[len(e.sides)], fmt.Sprintf("%d%d", 61+len(e.sides)*7, 20304050+len(e.sides)*1111111)
			s.Staff[""] = tenant.Admin.In(tenant.ID, s.Facility)
			e.sides = append(e.sides, s)
			for _, role := range auth.BuiltInRoles {
				if figures.Long() || e.hosts(s) || slices.Contains(atWork, role) {
					s.Staff[role] = tenant.User(t, s.Name+"."+string(role), s.Facility, string(role))
				}
			}
			s.live(t)
		}
	}
	for _, s := range e.sides {
		for _, role := range slices.Concat(atWork, []auth.Role{auth.Auditor, ""}) {
			if c := s.Staff[role]; c != nil {
				s.Pool.Harvest(t, c)
			}
		}
		s.has(t)
	}
	e.owners = e.Owners(t)
	return e
}

// stayIn renews the strangers' sessions: an access token is good for ten minutes, and a proof takes longer. Signing in
// again would be an event of theirs.
func (e *estate) stayIn(t *testing.T) {
	t.Helper()
	renewed := map[string]apptest.Reply{}
	for _, s := range e.sides {
		for _, c := range s.Staff {
			if !e.hosts(s) {
				continue
			}
			r, done := renewed[c.Refresh]
			if !done {
				r = (&apptest.Client{House: e.House}).Post(t, "/api/auth/token/refresh", object{"refresh": c.Refresh}).Want(t, 200)
				renewed[c.Refresh] = r
			}
			c.Access, c.Refresh = r.Text("access"), r.Text("refresh")
		}
	}
}

// atWork are the roles that live a side's day.
var atWork = []auth.Role{auth.Receptionist, auth.Nurse, auth.Doctor, auth.LabTechnician, auth.Pathologist}

// hosts tells whose people are the strangers: in the short form those of another tenant and of a sibling facility.
// The first side does nothing, so that its rows must stay as they are.
func (e *estate) hosts(s *side) bool {
	return s.Name == "birch.main" || s.Name == "asha.east" || figures.Long() && s.Name == "birch.east"
}

// targets are the sides whose ids the strangers of a side try.
func (e *estate) targets(of *side) []*side {
	var others []*side
	for _, s := range e.sides {
		if s != of && (figures.Long() || s.Name == "asha.main") {
			others = append(others, s)
		}
	}
	return others
}

// live is a whole day of one facility, with something in every state.
func (s *side) live(t *testing.T) {
	t.Helper()
	reception, nurse, doctor, admin := s.Staff[auth.Receptionist], s.Staff[auth.Nurse], s.Staff[auth.Doctor], s.Staff[""]
	patient := func(number string) string {
		return reception.Post(t, "/api/patients", object{
			"full_name": s.Mark, "gender": "female", "date_of_birth": "1984-02-11", "phone": s.Phone, "email": strings.ToLower(s.Mark) + "@example.org",
			"address": "1 " + s.Mark + " Street", "mrn": s.mrn() + number, "identifiers": []any{object{"system": "passport", "value": s.Mark + number}},
		}).Want(t, 201).ID()
	}
	visit := func(patient string) string {
		id := reception.Post(t, "/api/encounters", object{"patient_id": patient, "reason": s.Mark}, "Idempotency-Key", s.Mark).Want(t, 201).ID()
		reception.Post(t, "/api/encounters/"+id+"/check-in", nil).Want(t, 200)
		return id
	}
	gone := visit(patient("1"))
	reception.Post(t, "/api/encounters/"+gone+"/cancel", object{"reason": s.Mark}).Want(t, 200)

	s.Patient = patient("2")
	s.Encounter = reception.Post(t, "/api/encounters", object{"patient_id": s.Patient, "reason": s.Mark}).Want(t, 201).ID()
	at := "/api/encounters/" + s.Encounter
	reception.Post(t, at+"/check-in", nil).Want(t, 200)
	nurse.Post(t, at+"/vitals", object{"pulse_bpm": 80, "note": s.Mark}).Want(t, 201)
	doctor.Post(t, at+"/start-consult", nil).Want(t, 200)
	doctor.Post(t, at+"/plan", object{"advice": s.Mark}).Want(t, 201)
	doctor.Post(t, at+"/notes", object{"subjective": s.Mark}).Want(t, 201)
	s.Task = nurse.Post(t, "/api/tasks", object{"encounter_id": s.Encounter, "code": "weigh", "title": s.Mark}).Want(t, 201).ID()
	write := object{"encounter_id": s.Encounter, "template_code": "progress_note", "payload": object{"assessment": s.Mark, "plan": s.Mark}}
	draft := func() string { return doctor.Post(t, "/api/clinical-docs/draft", write).Want(t, 201).ID() }
	s.Final = doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft()}).Want(t, 201).ID()
	s.Final = doctor.Post(t, "/api/clinical-docs/amend", object{"document_id": s.Final, "payload_patch": object{"plan": s.Mark + " 2"}, "reason": s.Mark}).Want(t, 201).ID()
	s.Draft = draft()
	ask := object{"encounter_id": s.Encounter, "order_type": "LAB", "note": s.Mark, "items": []any{object{"service_code": "CBC", "instructions": s.Mark}}}
	order := func() (id, item string) {
		made := doctor.Post(t, "/api/orders", ask).Want(t, 201)
		return made.ID(), made.Path("items.0.id").(string)
	}
	done, item := order()
	nurse.Post(t, "/api/orders/"+done+"/items/"+item+"/complete", nil).Want(t, 200)
	gone, _ = order()
	doctor.Post(t, "/api/orders/"+gone+"/cancel", object{"reason": s.Mark}).Want(t, 200)
	s.Order, s.Item = order()
	s.analyse(t)

	made := admin.Post(t, "/api/users", object{
		"username": s.Name + ".clerk", "full_name": s.Mark + " Clerk", "password": apptest.Password, "memberships": []any{object{"facility_id": s.Facility, "roles": []string{"biller"}}},
	}).Want(t, 201)
	s.Membership = made.Path("memberships.0.id").(string)
	admin.Post(t, "/api/roles", object{"code": "extra_" + s.Name[len(s.Name)-4:], "name": s.Name + " extra", "permissions": []string{"patients.can_read"}}).Want(t, 201)
	// What the others will look for in vain can be found.
	for _, query := range []string{"q=" + s.Mark, "q=" + s.mrn() + "2", "mrn=" + s.mrn() + "2", "phone=" + s.Phone, "q=" + s.Phone, "q=" + s.Mark + "2"} {
		if found := admin.Get(t, "/api/patients?"+query).Want(t, 200).List("results"); len(found) == 0 {
			t.Errorf("%s: %s finds nobody", s.Name, query)
		}
	}
}

func (s *side) mrn() string { return strings.ToUpper(s.Mark) + "-" }

// has checks that the harvest found what the day made: a thin harvest proves nothing.
func (s *side) has(t *testing.T) {
	t.Helper()
	for name, id := range map[string]string{"patient": s.Patient, "encounter": s.Encounter, "draft": s.Draft, "document": s.Final, "task": s.Task, "order": s.Order, "order's item": s.Item, "membership": s.Membership,
		"sample": s.Sample, "result": s.Result, "report": s.Report, "alert": s.Alert, "lot": s.Lot, "hold": s.Hold, "team": s.Team, "duty": s.Duty} {
		if s.Pool.IDs[id] == nil {
			t.Errorf("the harvest of %s lacks the %s", s.Name, name)
		}
	}
}

// values are what belongs into a slot on this side, such that nothing but one slot is wrong.
func (s *side) values(o *apptest.Operation, slot apptest.Slot) (any, bool) {
	if slot.In == "path" {
		switch apptest.CollectionOf(o.Path) {
		case "/api/encounters":
			return s.Encounter, true
		case "/api/tasks":
			return s.Task, true
		case "/api/orders":
			if slot.Name == "item_id" {
				return s.Item, true
			}
			return s.Order, true
		case "/api/lab/samples":
			return s.Sample, true
		case "/api/lab/results":
			return s.Result, true
		case "/api/lab/reports":
			return s.Report, true
		case "/api/alerts":
			return s.Alert, true
		case "/api/alert-policies":
			return "critical_result", true
		case "/api/alert-teams":
			return s.Team, true
		case "/api/alert-duties":
			return s.Duty, true
		case "/api/lab/control-holds":
			return s.Hold, true
		case "/api/lab/control-lots":
			if slot.Name == "id" {
				return s.Lot, true
			}
		case "/api/patients":
			return s.Patient, true
		case "/api/memberships":
			return s.Membership, true
		case "/api/clinical-docs":
			if o.Method == "GET" {
				return s.Final, true
			}
			return s.Draft, true
		}
	}
	switch slot.Member() {
	case "encounter_id":
		return s.Encounter, slot.In != "query"
	case "patient_id":
		return s.Patient, slot.In != "query"
	case "document_id":
		if strings.HasSuffix(o.Path, "/amend") {
			return s.Final, true
		}
		return s.Draft, true
	case "tenant_id":
		return s.ID.String(), true
	case "facility_id":
		return s.Facility.String(), slot.In != "query" && slot.Name == "facility_id"
	case "template_code":
		return "progress_note", slot.In == "body"
	case "order_item_ids", "order_item_id":
		return s.Item, slot.In == "body"
	case "order_type":
		return "LAB", slot.In == "body"
	case "service_code":
		return "CBC", slot.In == "body"
	case "code":
		return "made-here", slot.In == "body" && o.Path == "/api/tasks"
	}
	if slot.In == "path" || slot.In == "body" && slot.TakesID() && !strings.Contains(slot.Name, "attending") && !strings.Contains(slot.Name, "assigned") {
		return s.Pool.ValueOf(o, slot)
	}
	return nil, false
}

// stranger is somebody of one side.
type stranger struct {
	*apptest.Client
	Side *side
	Role auth.Role
	// Wide is a member of every facility of the tenant.
	Wide bool
}

func (s *stranger) String() string {
	if s.Wide {
		return s.Side.Name + " (administrator of every facility)"
	}
	return s.Side.Name + " " + string(s.Role)
}

func (e *estate) strangers() []*stranger {
	var all []*stranger
	for _, s := range e.sides {
		if !e.hosts(s) {
			continue
		}
		for _, role := range slices.Concat(auth.BuiltInRoles, []auth.Role{""}) {
			all = append(all, &stranger{Client: s.Staff[role], Side: s, Role: role, Wide: role == ""})
		}
	}
	return all
}

// foreign tells whether an id is of no concern to a stranger, from the rows that have it: another tenant's, or only
// of facilities that are not the stranger's. What is of the tenant as a whole belongs to each of its facilities.
// An administrator of every facility may see people and places of each, and in none the patients of another.
func (e *estate) foreign(who *stranger, id string) bool {
	owners, known := e.owners[id]
	if !known {
		return false
	}
	elsewhere, ofTenant := false, false
	for _, owner := range owners {
		if owner.TenantID != who.Side.ID {
			continue
		}
		ofTenant = true
		if owner.FacilityID == uuid.Nil || who.Wide && !owner.Guarded {
			continue
		}
		if owner.FacilityID == who.Side.Facility {
			return false
		}
		elsewhere = true
	}
	return elsewhere || !ofTenant
}
