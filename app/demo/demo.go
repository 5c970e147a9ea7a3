// Package demo fills an installation with hospitals to look around in: two tenants with a week of ordinary work, and in
// the first a facility for each medical system that HM brings, with a day of its own work.
package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/qualitycontrol"
	"hmsoftware.com/hm/modules/repertory"
	"hmsoftware.com/hm/modules/tenants"
)

// Password of every demo user.
const Password = "hm-demo-2026" // #nosec G101 -- known to all

// SignIns is what a newcomer needs to see beside the address.
const SignIns = `Sign in to the demo (every password is ` + Password + `):
  reception@asha  nurse@asha  doctor@asha  admin@asha  auditor@asha    Asha Hospital, Main and East
  reception@birch nurse@birch doctor@birch admin@birch auditor@birch   Birch Clinic, another tenant
  technician@asha pathologist@asha technician@birch pathologist@birch  the laboratories of both
  reception.X@asha nurse.X@asha doctor.X@asha                          a facility of one medical system each:
                                                                       X is allopathy ayurveda homeopathy eye cardiac
`

// Deps are the modules in which the demo lives.
type Deps struct {
	Pool         *db.Pool
	Tenants      *tenants.Module
	Facilities   *facilities.Module
	People       *iam.Module
	Patients     *patients.Module
	Encounters   *encounters.Module
	ClinicalDocs *clinicaldocs.Module
	Repertory    *repertory.Module
	Orders       *orders.Module
	Lab          *lab.Module
	// QualityControl of the laboratory.
	QualityControl *qualitycontrol.Module
}

type hospital struct {
	code, name string
	facilities []tenants.NewFacility
	// patients per facility.
	patients []int
	// systems are facilities of one medical system each.
	systems []system
	// errands are what the laboratory of the first facility is asked to do.
	errands []visitor
}

var hospitals = []hospital{
	{"asha", "Asha Hospital", []tenants.NewFacility{{Code: "MAIN", Name: "Asha Main"}, {Code: "EAST", Name: "Asha East"}}, []int{110, 40}, systems, ofAsha},
	{"birch", "Birch Clinic", []tenants.NewFacility{{Code: "BIRCH", Name: "Birch Clinic"}}, []int{50}, nil, ofBirch},
}

// days of work behind today.
const days = 7

// visitTakes is the longest a seeded visit lasts, in minutes.
const visitTakes = 45

// progressNote is what the demo's doctors write.
var progressNote = map[string]any{
	"subjective": "Feels better than at the last visit; sleeps and eats well.",
	"objective":  "Comfortable at rest, afebrile, chest clear.",
	"assessment": "Recovering as expected.",
	"condition":  "improving",
	"plan":       "Continue the present treatment and review in one week.",
}

type seeding struct{ Deps }

// Seed makes the demo's tenants, people and work, all dates relative to today. What is there already is left alone, so
// a second run changes nothing.
func Seed(ctx context.Context, d Deps) error {
	s := &seeding{d}
	for _, h := range hospitals {
		if err := s.hospital(ctx, h); err != nil {
			return fmt.Errorf("%s: %w", h.code, err)
		}
	}
	return nil
}

func (s *seeding) hospital(ctx context.Context, h hospital) error {
	tenantID, facilityIDs, err := s.tenant(ctx, h)
	if err != nil {
		return err
	}
	for i, facilityID := range facilityIDs {
		scope := db.Scope{TenantID: tenantID, FacilityID: facilityID}
		staff, seeded, err := s.staffOf(ctx, h, scope, i)
		if err != nil {
			return err
		}
		if seeded {
			continue
		}
		if err := s.week(ctx, scope, staff, h.patients[i]); err != nil {
			return err
		}
	}
	if err := s.laboratory(ctx, h, db.Scope{TenantID: tenantID, FacilityID: facilityIDs[0]}, h.errands); err != nil {
		return fmt.Errorf("the laboratory: %w", err)
	}
	for _, y := range h.systems {
		if err := s.system(ctx, h, tenantID, y); err != nil {
			return fmt.Errorf("%s: %w", y.pack, err)
		}
	}
	if len(h.systems) == 0 {
		return nil
	}
	return s.repertory(ctx, tenantID)
}

// repertory gives the tenant's homeopaths HM's own sample to look into, where nothing was imported yet.
func (s *seeding) repertory(ctx context.Context, tenantID uuid.UUID) error {
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	return s.Pool.InTx(ctx, func(tx db.Tx) error {
		edition, err := s.Repertory.Edition(ctx, tx, struct{}{})
		if err != nil || edition.Current != nil {
			return err
		}
		_, err = s.Repertory.ImportSample(ctx, tx)
		return err
	})
}

// tenant creates the tenant or finds it, with its facilities in the order of the demo.
func (s *seeding) tenant(ctx context.Context, h hospital) (uuid.UUID, []uuid.UUID, error) {
	ctx = db.WithScope(ctx, db.System())
	var in tenants.CreateInput
	in.Body = tenants.Founding{Code: h.code, Name: h.name, Facilities: h.facilities,
		Administrator: tenants.FirstAdministrator{Username: "admin@" + h.code, FullName: "Administrator of " + h.name, Password: Password}}
	if err := in.Prepare(ctx); err != nil {
		return uuid.Nil, nil, err
	}
	err := s.Pool.InTx(ctx, func(tx db.Tx) error {
		_, err := s.Tenants.Create(ctx, tx, in)
		return err
	})
	if e := errs.Of(err); err != nil && (e == nil || e.Kind != errs.KindConflict) {
		return uuid.Nil, nil, err
	}
	tenantID, err := tenants.Reader{}.ByCode(ctx, s.Pool.Read(ctx), h.code)
	if err != nil {
		return uuid.Nil, nil, err
	}
	var ordered []uuid.UUID
	for _, f := range h.facilities {
		facilityID, err := s.facility(ctx, tenantID, f.Code)
		if err != nil {
			return uuid.Nil, nil, err
		}
		ordered = append(ordered, facilityID)
	}
	return tenantID, ordered, nil
}

// facility finds a facility by its code; the zero id when the tenant has none of it.
func (s *seeding) facility(ctx context.Context, tenantID uuid.UUID, code string) (uuid.UUID, error) {
	ctx = db.WithScope(ctx, db.Tenant(tenantID))
	all, err := facilities.Reader{}.OfTenant(ctx, s.Pool.Read(ctx), tenantID)
	for _, f := range all {
		if f.Code == code {
			return f.ID, err
		}
	}
	return uuid.Nil, err
}

// userID finds a user by name; the zero id when the tenant has nobody of it.
func (s *seeding) userID(ctx context.Context, scope db.Scope, username string) (uuid.UUID, error) {
	ctx = db.WithScope(ctx, scope)
	in := iam.ListUsersInput{Q: username}
	in.Limit = 200
	page, err := s.People.ListUsers(ctx, s.Pool.Read(ctx), in)
	for _, u := range page.Results {
		if u.Username == username {
			return u.ID, err
		}
	}
	return uuid.Nil, err
}

// staff are the users who act in the seeded work.
type staff struct{ reception, nurse, doctor, technician, pathologist uuid.UUID }

var roleNames = map[auth.Role]string{
	auth.Doctor: "doctor", auth.Nurse: "nurse", auth.Receptionist: "reception", auth.LabTechnician: "technician", auth.Pathologist: "pathologist",
	auth.Pharmacist: "pharmacist", auth.Radiologist: "radiologist", auth.Biller: "biller", auth.Therapist: "therapist", auth.Auditor: "auditor",
}

var fullNames = map[auth.Role][]string{
	auth.Doctor: {"Dr. Nirmala Rao", "Dr. Farhan Qureshi", "Dr. Elena Birch"}, auth.Nurse: {"Sister Mary Thomas", "Sister Asha Gowda", "Nurse Daniel Okafor"},
	auth.Receptionist: {"Ravi Kumar", "Pooja Shetty", "Grace Wong"}, auth.LabTechnician: {"Suresh Babu", "Nisha Kamat", "Peter Olsen"},
	auth.Pathologist: {"Dr. Kamala Venkat", "Dr. Arif Hussain", "Dr. Ruth Novak"},
}

// staffOf makes a user per role in a facility; seeded tells that they were there already.
func (s *seeding) staffOf(ctx context.Context, h hospital, scope db.Scope, facility int) (made staff, seeded bool, err error) {
	suffix := "@" + h.code
	if facility > 0 {
		suffix = fmt.Sprintf("%d@%s", facility+1, h.code)
	}
	wanted := map[auth.Role]person{}
	for role, name := range roleNames {
		p := person{username: name + suffix, fullName: "Demo " + name}
		if names := fullNames[role]; names != nil {
			p.fullName = names[facility]
			if h.code == "birch" {
				p.fullName = names[2]
			}
		}
		wanted[role] = p
	}
	return s.hire(ctx, scope, wanted)
}

type person struct{ username, fullName string }

// hire makes users, all in one transaction; none where one of them is there.
func (s *seeding) hire(ctx context.Context, scope db.Scope, wanted map[auth.Role]person) (made staff, seeded bool, err error) {
	inputs := map[auth.Role]iam.CreateUserInput{}
	for role, p := range wanted {
		if known, err := s.userID(ctx, scope, p.username); err != nil || known != uuid.Nil {
			return made, known != uuid.Nil, err
		}
		var in iam.CreateUserInput
		in.Body.Username, in.Body.Password, in.Body.FullName = p.username, Password, p.fullName
		in.Body.Memberships = []iam.Grant{{FacilityID: scope.FacilityID, Roles: []string{string(role)}}}
		if err := in.Prepare(ctx); err != nil {
			return made, false, err
		}
		inputs[role] = in
	}
	ids := map[auth.Role]uuid.UUID{}
	ctx = db.WithScope(ctx, scope)
	err = s.Pool.InTx(ctx, func(tx db.Tx) error {
		for _, role := range auth.BuiltInRoles {
			in, wanted := inputs[role]
			if !wanted {
				continue
			}
			user, err := s.People.CreateUser(ctx, tx, in)
			if err != nil {
				return fmt.Errorf("user %s: %w", in.Body.Username, err)
			}
			ids[role] = user.ID
		}
		return nil
	})
	return staff{reception: ids[auth.Receptionist], nurse: ids[auth.Nurse], doctor: ids[auth.Doctor],
		technician: ids[auth.LabTechnician], pathologist: ids[auth.Pathologist]}, false, err
}

var errNoAdministrator = errors.New("the tenant has no administrator of the demo's name")
