package isolation_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
)

// names are what somebody may know of another side and try to find confirmed: each search for it is as one for what
// never was.
func (a *attempts) searches(t *testing.T) {
	target := a.sides[0]
	person := target.Mark
	for _, who := range a.callers() {
		if who.Role != auth.Admin && who.Role != auth.Nurse {
			continue
		}
		for theirs, nobodys := range map[string]string{
			"/api/patients?q=" + url.QueryEscape(person):                                       "/api/patients?q=Qxnobodyhere",
			"/api/patients?q=" + url.QueryEscape(target.mrn()+"2"):                             "/api/patients?q=QXNOBODY-2",
			"/api/patients?q=" + target.Phone:                                                  "/api/patients?q=5555099999",
			"/api/patients?q=" + url.QueryEscape(target.Mark+"2"):                              "/api/patients?q=Qxnobody2",
			"/api/patients?mrn=" + url.QueryEscape(target.mrn()+"2"):                           "/api/patients?mrn=QXNOBODY-2",
			"/api/patients?phone=" + target.Phone:                                              "/api/patients?phone=5555099999",
			"/api/patients/duplicates?full_name=" + url.QueryEscape(person):                    "/api/patients/duplicates?full_name=Qxnobodyhere",
			"/api/patients/duplicates?full_name=Nobody&phone=" + target.Phone:                  "/api/patients/duplicates?full_name=Nobody&phone=5555099999",
			"/api/users?q=" + target.Name:                                                      "/api/users?q=nobody.at.all",
			"/api/audit/events?count=true&code=encounters.cancelled&actor_id=" + id(a, target): "/api/audit/events?count=true&code=encounters.cancelled&actor_id=" + uuid.NewString(),
		} {
			found, none := who.Unchecking().Get(t, theirs, "X-Request-ID", requestID), who.Unchecking().Get(t, nobodys, "X-Request-ID", requestID)
			a.requests.Add(2)
			if seen(found, "\x00") != seen(none, "\x00") || found.StatusCode >= 500 {
				t.Errorf("%s: %s\n%s\nagainst\n%s", who, theirs, seen(found, "\x00"), seen(none, "\x00"))
			}
		}
	}
}

func id(a *attempts, s *side) string {
	for one, owners := range a.owners {
		if len(owners) > 0 && owners[0].Table == "iam.membership" && owners[0].FacilityID == s.Facility {
			return one
		}
	}
	return s.Patient
}

// sameNames gives things of one tenant the names that another's have: none is refused as taken.
func (a *attempts) sameNames(t *testing.T) {
	target, other, sibling := a.sides[0], a.sides[2], a.sides[1]
	for name, c := range map[string]struct {
		path string
		body object
		by   []*side
	}{
		"a record number": {"/api/patients", object{"full_name": "Same", "gender": "male", "age_years": 3, "mrn": "SAME-77"}, []*side{target, other, sibling}},
		"a role":          {"/api/roles", object{"code": "samerole", "name": "Same", "permissions": []string{}}, []*side{target, other}},
		"a facility":      {"/api/facilities", object{"code": "SAME", "name": "Same"}, []*side{target, other}},
		"an identifier": {"/api/patients", object{"full_name": "Identified", "gender": "male", "age_years": 3,
			"identifiers": []any{object{"system": "passport", "value": "SAME-78"}}}, []*side{target, other, sibling}},
	} {
		for _, s := range c.by {
			if r := s.Staff[""].Post(t, c.path, c.body); r.StatusCode != 201 {
				t.Errorf("%s: %s: %d %s", s.Name, name, r.StatusCode, r.Body)
			}
		}
	}
}

// takenUsernames holds what cannot be hidden to as little as there is: usernames are one space in the installation,
// since signing in asks for no tenant, so whoever may take people on learns that a name is taken. The answer says no
// more than that, is the same for a name of one's own tenant, and nobody else learns it.
func (a *attempts) takenUsernames(t *testing.T) {
	target, other := a.sides[0], a.sides[2]
	take := func(c *apptest.Client, username string) apptest.Reply {
		return c.Post(t, "/api/users", object{"username": username, "full_name": "Taken", "password": apptest.Password}, "X-Request-ID", requestID)
	}
	theirs := take(other.Staff[""], target.Name+".nurse")
	own := take(other.Staff[""], other.Name+".nurse")
	if theirs.Want(t, 409).Text("code") != "iam.username_taken" || seen(theirs, "\x00") != seen(own, "\x00") {
		t.Errorf("a name of theirs: %s\none of ours: %s", seen(theirs, "\x00"), seen(own, "\x00"))
	}
	for _, role := range auth.BuiltInRoles {
		if role == auth.Admin {
			continue
		}
		taken, free := take(other.Staff[role], target.Name+".nurse"), take(other.Staff[role], "nobody.at.all")
		if taken.StatusCode != 403 || seen(taken, "\x00") != seen(free, "\x00") {
			t.Errorf("%s: a taken name: %s\na free one: %s", role, seen(taken, "\x00"), seen(free, "\x00"))
		}
	}
	// An invitation by the account's id, which nobody can guess, is refused as one that never was.
	member := target.Staff[auth.Nurse].Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
	for _, one := range []string{member, uuid.NewString()} {
		r := other.Staff[""].Post(t, "/api/memberships", object{"user_id": one, "facility_id": other.Facility, "roles": []string{}})
		r.WantProblem(t, 404, "iam.user_not_found")
	}
}

// signIns tries names that exist, that do not, and one that is closed, often enough to be slowed down: the answers
// are the same one by one.
func (a *attempts) signIns(t *testing.T) {
	closed := a.sides[2].Staff[""].Post(t, "/api/users", object{"username": "closed.account", "full_name": "Closed", "password": apptest.Password}).Want(t, 201)
	a.sides[2].Staff[""].Patch(t, "/api/users/"+closed.ID(), object{"is_active": false}).Want(t, 200)
	tries := func(username, password string) (answers []string) {
		for range 7 {
			a.DB.AsSuperuser(t, `DELETE FROM iam.sign_in_throttle WHERE failures > 50`) // the address, which all share
			r := (&apptest.Client{House: a.House}).Post(t, "/api/auth/token", object{"username": username, "password": password}, "X-Request-ID", requestID)
			if r.Header.Get("Retry-After") != "" {
				r.Header.Set("Retry-After", "some seconds")
			}
			answers = append(answers, seen(r, "\x00"))
		}
		return answers
	}
	unknown := tries("nobody.at.all", "not the password")
	for name, answers := range map[string][]string{
		"a wrong password":                      tries("asha.main.clerk", "not the password"),
		"a wrong password, in capitals":         tries("ASHA.EAST.CLERK", "not the password"),
		"a closed account and its own password": tries("closed.account", apptest.Password),
	} {
		for i := range answers {
			if answers[i] != unknown[i] {
				t.Errorf("%s, attempt %d: %s\nagainst an unknown name: %s", name, i+1, answers[i], unknown[i])
			}
		}
	}
	if !strings.HasPrefix(unknown[0], "401") || !strings.HasPrefix(unknown[6], "429") {
		t.Errorf("the attempts at an unknown name: %.40s ... %.40s", unknown[0], unknown[6])
	}
}
