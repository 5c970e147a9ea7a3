package isolation_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/prove/figures"
)

// callers are those who send headers: the check comes before any role, so the short form needs few of them.
func (e *estate) callers() []*stranger {
	var some []*stranger
	for _, who := range e.strangers() {
		if figures.Long() || who.Wide || who.Role == auth.Admin || who.Role == auth.Nurse {
			some = append(some, who)
		}
	}
	return some
}

// growing are the reads that every request, also of this proof, makes longer: of them only the status is compared.
var growing = map[string]string{
	"/api/audit/events":            "refusals and reads are entries",
	"/api/audit/export":            "the same, and each export is one",
	"/api/audit/seals":             "entries are sealed",
	"/api/audit/verify":            "says when it was checked",
	"/api/audit/consistency":       "goes up to the newest seal",
	"/api/audit/events/{id}/proof": "the same",
	"/api/alerts/analytics":        "says until when it counted",
}

// same asks twice and compares to the byte, but for what was sent. What moved on by itself is asked again.
func (a *attempts) same(t *testing.T, who *stranger, place string, theirs, nobodys *apptest.Request, sent, invented []string) {
	t.Helper()
	var got, want string
	for range 3 {
		t, n := a.ask(t, who, theirs), a.ask(t, who, nobodys)
		got, want = seen(t, "\x00"), seen(n, "\x00")
		for i := range sent {
			got, want = strings.ReplaceAll(got, sent[i], "(sent)"), strings.ReplaceAll(want, invented[i], "(sent)")
		}
		if got == want || growing[theirs.Operation.Path] != "" && t.StatusCode == n.StatusCode {
			return
		}
	}
	t.Errorf("%s tells more than what never was:\n%.2000s\nagainst\n%.2000s", place, got, want)
}

// scopeHeaders puts tenant and facility of the others into the headers, alone and together.
func (a *attempts) scopeHeaders(t *testing.T) {
	tenantHeader, facilityHeader := apptest.Slot{In: "header", Name: "X-Tenant-ID"}, apptest.Slot{In: "header", Name: "X-Facility-ID"}
	for _, who := range a.callers() {
		for _, target := range a.targets(who.Side) {
			for _, o := range operations(a.Contract) {
				if o.Permission == "" || who.Wide && target.ID == who.Side.ID {
					continue
				}
				valid := a.Contract.Fill(o, who.Side.values)
				with := func(tenantID, facilityID uuid.UUID) *apptest.Request {
					return a.Contract.With(a.Contract.With(valid, tenantHeader, tenantID), facilityHeader, facilityID)
				}
				unknownTenant, unknownFacility := uuid.New(), uuid.New()
				own, theirs, facility, theirFacility := who.Side.ID, target.ID, who.Side.Facility, target.Facility
				sent, invented := []string{theirs.String(), theirFacility.String()}, []string{unknownTenant.String(), unknownFacility.String()}
				combinations := map[string][2]*apptest.Request{"their facility": {with(own, theirFacility), with(own, unknownFacility)}}
				if own != theirs {
					combinations["their tenant"] = [2]*apptest.Request{with(theirs, facility), with(unknownTenant, facility)}
					combinations["their tenant and facility"] = [2]*apptest.Request{with(theirs, theirFacility), with(unknownTenant, unknownFacility)}
				}
				for name, pair := range combinations {
					place := fmt.Sprintf("%s: %s %s with %s in the headers", who, o.Method, o.Path, name)
					a.same(t, who, place, pair[0], pair[1], sent, invented)
					if r := a.ask(t, who, pair[0]); r.StatusCode != http.StatusForbidden || r.Text("code") != "scope.forbidden" {
						t.Errorf("%s: %d %s", place, r.StatusCode, r.Body)
					}
				}
			}
		}
	}
}

// otherHeaders puts ids and versions of the others into every other header that the document names, and into the
// request's own id.
func (a *attempts) otherHeaders(t *testing.T) {
	tried := 0
	for _, who := range a.callers() {
		target := a.targets(who.Side)[0]
		for _, o := range operations(a.Contract) {
			// What changes something is aimed at nothing, and what makes something lacks its body: nothing happens twice.
			valid := a.Contract.Fill(o, who.Side.values)
			if o.Method != http.MethodGet {
				valid = a.Contract.Fill(o, func(_ *apptest.Operation, s apptest.Slot) (any, bool) { return uuid.Nil.String(), s.In == "path" })
				if len(valid.Path) == 0 && o.Body != nil {
					valid.Body = object{}
				}
			}
			headers := []apptest.Slot{{In: "header", Name: "X-Request-ID"}}
			for _, s := range a.Contract.Slots(o) {
				if s.In == "header" && s.Name != "X-Tenant-ID" && s.Name != "X-Facility-ID" {
					headers = append(headers, s)
				}
			}
			for _, s := range headers {
				for _, theirs := range []string{target.Encounter, target.Patient} {
					tried++
					nobody := uuid.NewString()
					a.same(t, who, fmt.Sprintf("%s: %s %s with theirs in %s", who, o.Method, o.Path, s),
						a.Contract.With(valid, s, theirs), a.Contract.With(valid, s, nobody), []string{theirs}, []string{nobody})
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d headers", tried)
	}
}

// theirIdempotencyKeys lets one side use a key and another the same one for its own request: it is a new request.
func (a *attempts) theirIdempotencyKeys(t *testing.T) {
	target := a.sides[0]
	key := apptest.Slot{In: "header", Name: "Idempotency-Key"}
	held := 0
	for _, o := range operations(a.Contract) {
		if o.Method != http.MethodPost || strings.Contains(o.Path, "{") || !a.takes(o, key) {
			continue
		}
		fresh := func(s *side) *apptest.Request {
			values := s.fresh(t)
			return a.Contract.With(a.Contract.Fill(o, values), key, "a key of "+target.Mark)
		}
		as := func(s *side) *stranger { return &stranger{Client: s.Staff[""], Side: s, Wide: true} }
		first := a.ask(t, as(target), fresh(target))
		if first.StatusCode >= http.StatusBadRequest {
			continue // needs what no value of a proof can be, such as the code of an authenticator
		}
		held++
		for _, s := range a.sides[1:] {
			reply := a.ask(t, as(s), fresh(s))
			if reply.StatusCode >= http.StatusBadRequest || reply.Header.Get("Idempotency-Replayed") != "" {
				t.Errorf("%s: POST %s with the key that %s used: %d, replayed %q: %s", s.Name, o.Path, target.Name, reply.StatusCode, reply.Header.Get("Idempotency-Replayed"), reply.Body)
			}
		}
	}
	if held < 6 {
		t.Errorf("only %d operations took a key", held)
	}
}

func (a *attempts) takes(o *apptest.Operation, wanted apptest.Slot) bool {
	for _, s := range a.Contract.Slots(o) {
		if s.In == wanted.In && s.Name == wanted.Name {
			return true
		}
	}
	return false
}

// fresh are values with which a request can be made once more: a new patient, a name nobody has.
func (s *side) fresh(t *testing.T) apptest.Values {
	t.Helper()
	admin := s.Staff[""]
	text := "x" + strings.ReplaceAll(uuid.NewString()[:13], "-", "")
	patient := admin.Post(t, "/api/patients", object{"full_name": "Fresh " + text, "gender": "male", "age_years": 3}).Want(t, 201).ID()
	return func(o *apptest.Operation, slot apptest.Slot) (any, bool) {
		switch {
		case slot.In == "body" && slot.Name == "patient_id":
			return patient, true
		case slot.In == "body" && slot.Name == "user_id":
			// Somebody new, who works in the tenant's other facility.
			elsewhere := s.Facilities[0]
			if elsewhere == s.Facility {
				elsewhere = s.Facilities[1]
			}
			return admin.In(s.ID, elsewhere).Post(t, "/api/users", object{"username": text, "full_name": "Fresh", "password": apptest.Password}).Want(t, 201).ID(), true
		case slot.In == "body" && (slot.Name == "username" || slot.Name == "code"):
			return text, true
		case slot.In == "body" && slot.Name == "password" && o.Path == "/api/users":
			return apptest.Password, true
		case slot.In == "body" && (strings.HasPrefix(slot.Name, "memberships") || slot.TakesID() && slot.Name != "encounter_id" && slot.Name != "tenant_id" && slot.Name != "facility_id"):
			return nil, false
		}
		return s.values(o, slot)
	}
}

// theirStream follows the changes of one side while the others work: it is told of its own only, also when it says
// that it followed theirs before.
func (a *attempts) theirStream(t *testing.T) {
	target := a.sides[0]
	_, position := a.follow(t, &stranger{Client: target.Staff[""], Side: target}, "", target)
	if position == "" {
		t.Fatal("their stream told nothing")
	}
	for _, who := range a.callers() {
		if who.Side == target || who.Role != auth.Nurse {
			continue
		}
		told, _ := a.follow(t, who, position, target)
		owners := a.Owners(t)
		for _, id := range apptest.IDShape.FindAllString(told, -1) {
			for _, owner := range owners[id] {
				if owner.TenantID != who.Side.ID || owner.FacilityID != uuid.Nil && owner.FacilityID != who.Side.Facility {
					t.Errorf("the stream of %s tells of %s, which is of %v", who, id, owner)
				}
			}
		}
	}
}

// follow listens as somebody from a position on, while both sides register a patient, until it was told of its own.
func (a *attempts) follow(t *testing.T, who *stranger, from string, target *side) (told, position string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.Servers[0].URL+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Authorization": "Bearer " + who.Access, "X-Tenant-ID": who.TenantID.String(), "X-Facility-ID": who.FacilityID.String(), "Last-Event-ID": from,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines, own := bufio.NewScanner(response.Body), ""
	for lines.Scan() {
		line := lines.Text()
		told += line + "\n"
		if line == "" && own == "" {
			body := object{"full_name": "Streamed", "gender": "male", "age_years": 3}
			target.Staff[""].Post(t, "/api/patients", body).Want(t, 201)
			own = who.Side.Staff[""].Post(t, "/api/patients", body).Want(t, 201).ID()
		}
		if after, isID := strings.CutPrefix(line, "id: "); isID {
			position = after
		}
		if own != "" && strings.Contains(line, own) {
			return told, position
		}
	}
	t.Errorf("the stream of %s ended before it told of its own: %v\n%s", who, lines.Err(), told)
	return told, position
}
