package tenants

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/tenants/internal/tenantsdb"
	"hmsoftware.com/hm/modules/tenants/tenantsapi"
)

// Founding is a new tenant with all it needs to begin.
type Founding struct {
	Code          string             `json:"code" doc:"Short name, unique in the installation" pattern:"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$" patternDescription:"letters, digits, - and _, at most 40"`
	Name          string             `json:"name" minLength:"1" maxLength:"255"`
	Facilities    []NewFacility      `json:"facilities,omitempty" maxItems:"100" doc:"One with the tenant's own code and name when absent"`
	Administrator FirstAdministrator `json:"admin,omitzero" doc:"The caller when absent"`
}

// NewFacility is a facility to open with the tenant.
type NewFacility struct {
	Code string `json:"code" pattern:"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$" patternDescription:"letters, digits, - and _, at most 40"`
	Name string `json:"name" minLength:"1" maxLength:"255"`
}

// FirstAdministrator administers every facility of the new tenant.
type FirstAdministrator struct {
	Username string  `json:"username" minLength:"1" maxLength:"64"`
	FullName string  `json:"full_name,omitempty" maxLength:"255" doc:"The username when absent"`
	Email    *string `json:"email,omitempty" format:"email" maxLength:"254"`
	Password string  `json:"password,omitempty" maxLength:"1000" doc:"Of a new account. Absent: the account exists already and also comes to work here"`
}

// Founded is a tenant that can begin.
type Founded struct {
	Tenant
	TenantID   uuid.UUID   `json:"tenant_id" format:"uuid"`
	FacilityID uuid.UUID   `json:"facility_id" format:"uuid" doc:"The first facility"`
	Facilities []uuid.UUID `json:"facility_ids" nullable:"false" doc:"All of them, in the order given"`
	UserID     uuid.UUID   `json:"user_id" format:"uuid" doc:"The administrator"`
}

// CreateInput founds a tenant.
type CreateInput struct {
	Body         Founding
	passwordHash string
}

// Prepare fills in what is absent and hashes the password, which takes too long for a transaction to wait.
func (in *CreateInput) Prepare(ctx context.Context) (err error) {
	in.fillIn()
	if in.Body.Administrator.Password != "" {
		in.passwordHash, err = auth.HashPassword(ctx, in.Body.Administrator.Password)
	}
	return err
}

// PrepareHashed takes the place of Prepare where many administrators have one password, as in a load: it was hashed
// once, by auth.HashPassword.
func (in *CreateInput) PrepareHashed(passwordHash string) {
	in.fillIn()
	in.passwordHash = passwordHash
}

func (in *CreateInput) fillIn() {
	body := &in.Body
	if len(body.Facilities) == 0 {
		body.Facilities = []NewFacility{{body.Code, body.Name}}
	}
	if body.Administrator != (FirstAdministrator{}) && body.Administrator.FullName == "" {
		body.Administrator.FullName = body.Administrator.Username
	}
}

var codeShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// check says what the framework says to the API's callers, to those of the command line.
func check(f Founding) error {
	fault := errInvalid
	named := func(at, code, name string) {
		if !codeShape.MatchString(code) {
			fault = fault.At(at+".code", "A code is 1 to 40 letters, digits, - and _, and begins with a letter or digit.")
		}
		if length := utf8.RuneCountInString(name); length < 1 || length > 255 {
			fault = fault.At(at+".name", "A name has 1 to 255 characters.")
		}
	}
	named("body", f.Code, f.Name)
	seen := map[string]bool{}
	for i, facility := range f.Facilities {
		at := fmt.Sprintf("body.facilities[%d]", i)
		named(at, facility.Code, facility.Name)
		if seen[facility.Code] {
			fault = fault.At(at+".code", "Two facilities have this code.")
		}
		seen[facility.Code] = true
	}
	if email := f.Administrator.Email; email != nil {
		if parsed, err := mail.ParseAddress(*email); err != nil || parsed.Address != *email {
			fault = fault.At("body.admin.email", "This is not an email address.")
		}
	}
	if fault != errInvalid {
		return fault
	}
	return nil
}

// administrator is who was named, else the superuser who founds the tenant: somebody must be able to come in.
func (in CreateInput) administrator(ctx context.Context) (iamapi.Administrator, error) {
	named := in.Body.Administrator
	if named != (FirstAdministrator{}) {
		return iamapi.Administrator{Username: named.Username, FullName: named.FullName, Email: named.Email, PasswordHash: in.passwordHash}, nil
	}
	caller := auth.From(ctx)
	if caller == nil {
		return iamapi.Administrator{}, errInvalid.At("body.admin", "Is required.")
	}
	return iamapi.Administrator{UserID: caller.UserID}, nil
}

// Create founds a tenant: its facilities, the built-in roles and an administrator of every facility, all or nothing. A
// prepared input only.
func (m *Module) Create(ctx context.Context, tx db.Tx, in CreateInput) (Founded, error) {
	body := in.Body
	if err := check(body); err != nil {
		return Founded{}, err
	}
	if in.passwordHash != "" {
		if err := m.people.CheckCredentials(body.Administrator.Username, body.Administrator.Password, "body.admin"); err != nil {
			return Founded{}, err
		}
	}
	tenantID := id.For(ctx, tx.Now())
	queries := tenantsdb.New(tx)
	err := queries.InsertTenant(ctx, tenantsdb.InsertTenantParams{ID: tenantID, Code: body.Code, Name: body.Name, Now: tx.Now()})
	if db.Violates(err, "tenant_code_key") {
		return Founded{}, errCodeTaken
	}
	if err != nil {
		return Founded{}, err
	}
	founded := Founded{TenantID: tenantID}
	err = m.inside(ctx, tx, tenantID, func(ctx context.Context, tx db.Tx) error {
		if err := m.bus.Publish(ctx, tx, tenantsapi.Created{TenantID: tenantID}); err != nil {
			return err
		}
		for _, facility := range body.Facilities {
			facilityID, err := m.facilities.Open(ctx, tx, facility.Code, facility.Name)
			if err != nil {
				return err
			}
			founded.Facilities = append(founded.Facilities, facilityID)
		}
		administrator, err := in.administrator(ctx)
		if err != nil {
			return err
		}
		founded.UserID, err = m.people.Found(ctx, tx, administrator, founded.Facilities)
		return err
	})
	if err != nil {
		return Founded{}, err
	}
	founded.FacilityID = founded.Facilities[0]
	founded.Tenant, err = m.Get(ctx, tx, ByID{tenantID})
	return founded, err
}
