package app_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"hmsoftware.com/hm/app/apptest"
)

// notRepeatable are the POSTs that take no Idempotency-Key: what they answer, or are asked, is a secret of a session, or
// they only print what is there.
var notRepeatable = []string{
	"/api/auth/logout", "/api/auth/token", "/api/auth/token/refresh", "/api/lab/labels", "/api/lab/reports/print", "/api/me/password", "/api/me/scope", "/api/me/totp", "/api/me/totp/disable",
}

// repeatable says for every other POST how it is made, and what another request under its key would be.
var repeatable = map[string]func(t *testing.T, d *day) (client *apptest.Client, id string, body, other any){
	"/api/patients": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Receptionist, "", object{"full_name": "Someone", "gender": "male"}, object{"full_name": "Else", "gender": "male"}
	},
	"/api/encounters": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		patient := d.Patient(t, "Someone")
		return d.Receptionist, "", object{"patient_id": patient}, object{"patient_id": patient, "reason": "Cough"}
	},
	"/api/encounters/{id}/check-in": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.Encounter(t, d.Patient(t, "Someone")), nil, nil
	},
	"/api/encounters/{id}/start-consult": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), nil, object{}
	},
	"/api/encounters/{id}/close": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.closable(t), nil, nil
	},
	"/api/encounters/{id}/cancel": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"reason": "Left"}, object{"reason": "Mistake"}
	},
	"/api/encounters/{id}/vitals": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.visit(t), object{"pulse_bpm": 70}, object{"pulse_bpm": 71}
	},
	"/api/encounters/{id}/assessment": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"diagnosis": "a"}, object{"diagnosis": "b"}
	},
	"/api/encounters/{id}/plan": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"advice": "a"}, object{"advice": "b"}
	},
	"/api/encounters/{id}/notes": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.visit(t), object{"plan": "a"}, object{"plan": "b"}
	},
	"/api/tasks": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.visit(t)
		return d.Nurse, "", object{"encounter_id": encounter, "code": "a"}, object{"encounter_id": encounter, "code": "b"}
	},
	"/api/tasks/{id}/assign": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Nurse, d.newTask(t), object{"assigned_to_id": userID(t, d.Nurse)}, object{"assigned_to_id": userID(t, d.Doctor)}
	},
	"/api/tasks/{id}/unassign": aTask, "/api/tasks/{id}/start": aTask, "/api/tasks/{id}/complete": aTask, "/api/tasks/{id}/cancel": aTask,
	"/api/tasks/{id}/reopen": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		task := d.newTask(t)
		d.Nurse.Post(t, "/api/tasks/"+task+"/complete", nil).Want(t, 200)
		return d.Nurse, task, nil, nil
	},
	"/api/clinical-docs/draft": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		encounter := d.visit(t)
		return d.Doctor, "", object{"encounter_id": encounter, "template_code": "progress_note", "payload": object{}},
			object{"encounter_id": encounter, "template_code": "progress_note", "payload": finished}
	},
	"/api/clinical-docs/finalize": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, "", object{"document_id": d.draft(t)}, object{"document_id": uuid.NewString()}
	},
	"/api/clinical-docs/amend": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		document := d.final(t)
		return d.Doctor, "", object{"document_id": document, "payload": finished, "reason": "a"}, object{"document_id": document, "payload": finished, "reason": "b"}
	},
	"/api/clinical-docs/{id}/discard": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Doctor, d.draft(t), nil, nil
	},
	"/api/facilities": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"code": unique("F"), "name": "a"}, object{"code": unique("F"), "name": "b"}
	},
	"/api/users": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"username": unique("u"), "full_name": "a", "password": apptest.Password}, object{"username": unique("u"), "full_name": "b", "password": apptest.Password}
	},
	"/api/roles": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", object{"code": unique("r"), "name": "a", "permissions": []string{}}, object{"code": unique("r"), "name": "b", "permissions": []string{}}
	},
	"/api/memberships": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		body := object{"user_id": userID(t, d.Nurse), "facility_id": d.Admin.Post(t, "/api/facilities", object{"code": unique("F"), "name": "a"}).Want(t, 201).ID(), "roles": []string{}}
		other := maps.Clone(body)
		other["roles"] = []string{"nurse"}
		return d.Admin, "", body, other
	},
	"/api/rules/{code}/test": func(_ *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "base.critical_results_acknowledged", object{"facts": object{"critical_results": []any{}}}, object{"facts": object{"critical_results": []any{object{"code": "K", "acknowledged": false}}}}
	},
	"/api/packs": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		return d.Admin, "", apptest.Clinic("repeated", "1.0.0", "One").Zip(t), apptest.Clinic("repeated", "2.0.0", "Two").Zip(t)
	},
	"/api/tenants": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		admin := object{"username": unique("u"), "password": apptest.Password}
		return superuser(t, d.House, unique("root.")), "", object{"code": unique("t"), "name": "a", "admin": admin}, object{"code": unique("t"), "name": "b", "admin": admin}
	},
	"/api/me/totp/confirm": func(t *testing.T, d *day) (*apptest.Client, string, any, any) {
		user := d.User(t, unique("otp."), d.Facilities[0], "nurse")
		code, err := totp.GenerateCode(user.Post(t, "/api/me/totp", object{"password": apptest.Password}).Want(t, 200).Text("secret"), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return user, "", object{"otp": code}, object{"otp": "abcdef"}
	},
}

func aTask(t *testing.T, d *day) (*apptest.Client, string, any, any) {
	return d.Nurse, d.newTask(t), nil, nil
}

func userID(t *testing.T, c *apptest.Client) string {
	t.Helper()
	return c.Get(t, "/api/me").Want(t, 200).Path("user.id").(string)
}

func everyPostCanBeRepeated(t *testing.T, d *day) {
	var without []string
	for _, o := range d.House.Contract.Operations {
		if o.Method != "POST" {
			continue
		}
		if !slices.ContainsFunc(o.Parameters, func(p apptest.Parameter) bool { return p.Name == "Idempotency-Key" }) {
			without = append(without, o.Path)
			continue
		}
		make, known := repeatable[o.Path]
		if !known {
			make, known = repeatableOrders[o.Path]
		}
		if !known {
			make, known = repeatableLaboratory[o.Path]
		}
		if !known {
			t.Errorf("nothing says how to make POST %s", o.Path)
			continue
		}
		client, id, body, other := make(t, d)
		ids := strings.Split(id, ",")
		path, key := variable.ReplaceAllStringFunc(o.Path, func(string) string {
			defer func() { ids = append(ids[1:], ids[0]) }()
			return ids[0]
		}), uuid.NewString()
		first := client.Post(t, path, body, "Idempotency-Key", key)
		second := client.Post(t, path, body, "Idempotency-Key", key)
		if first.StatusCode >= 300 || second.StatusCode != first.StatusCode || string(second.Body) != string(first.Body) || second.Header.Get("ETag") != first.Header.Get("ETag") ||
			first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("POST %s: first %d %s, second %d %s %s", o.Path, first.StatusCode, first.Body, second.StatusCode, second.Header.Get("Idempotency-Replayed"), second.Body)
		}
		if other != nil {
			client.Post(t, path, other, "Idempotency-Key", key).WantProblem(t, 409, "idempotency.key_reused")
		}
	}
	if slices.Sort(without); !slices.Equal(without, notRepeatable) {
		t.Errorf("these take no Idempotency-Key: %v", without)
	}
}

func aKeyHasItsScope(t *testing.T, d *day) {
	key := uuid.NewString()
	body := func(gender string) object { return object{"full_name": "Keyed", "gender": gender} }
	first := d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key).Want(t, 201)
	elsewhere := d.Admin.In(d.ID, d.Facilities[1])
	for name, r := range map[string]apptest.Reply{
		"another user":     d.Nurse.Post(t, "/api/patients", body("female"), "Idempotency-Key", key),
		"another facility": elsewhere.Post(t, "/api/patients", body("female"), "Idempotency-Key", key),
		"another path":     d.Receptionist.Post(t, "/api/encounters", object{"patient_id": first.ID()}, "Idempotency-Key", key),
		"another key":      d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key+"x"),
	} {
		if r.StatusCode != 201 || r.Header.Get("Idempotency-Replayed") != "" || r.ID() == first.ID() {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	older := func(by string) {
		d.House.DB.AsSuperuser(t, `UPDATE httpx.idempotency SET created_at = created_at - $2::interval WHERE key = $1`, key, by)
	}
	older("23 hours 50 minutes")
	if r := d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key).Want(t, 201); r.ID() != first.ID() {
		t.Error("a key of less than 24 hours is forgotten")
	}
	older("11 minutes")
	if r := d.Receptionist.Post(t, "/api/patients", body("other"), "Idempotency-Key", key).Want(t, 201); r.ID() == first.ID() || r.Header.Get("Idempotency-Replayed") != "" {
		t.Error("a key of more than 24 hours is remembered")
	}
	// What failed is no effect: the key is free for the corrected request.
	d.Receptionist.Post(t, "/api/patients", object{"full_name": "Keyed", "gender": "male", "date_of_birth": "1700-01-01"}, "Idempotency-Key", key+"y").Want(t, 422)
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", key+"y").Want(t, 201)
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", strings.Repeat("k", 201)).WantProblem(t, 400, "idempotency.key_invalid")
	d.Receptionist.Post(t, "/api/patients", body("male"), "Idempotency-Key", strings.Repeat("k", 200)).Want(t, 201)
}
