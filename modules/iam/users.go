package iam

import (
	"context"
	"encoding/json"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errUserNotFound  = errs.NotFound("iam.user_not_found", "There is no such user.")
	errUsernameTaken = errs.Conflict("iam.username_taken", "This username is taken.")
	errInvalid       = errs.Invalid("iam.invalid", "The request has faults; see errors.")
)

var usernameShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)

// User is a person as those who share a facility see her.
type User struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID   `json:"id" format:"uuid"`
	Username      string      `json:"username"`
	FullName      string      `json:"full_name"`
	Email         *string     `json:"email" doc:"Shown to those who manage people"`
	IsActive      bool        `json:"is_active" doc:"Whether this tenant lets the person in"`
	OTPEnabled    bool        `json:"otp_enabled" doc:"Whether signing in asks for a code"`
	Memberships   []UserPlace `json:"memberships" nullable:"false" doc:"In the facilities whose people the caller may see"`
	CreatedAt     time.Time   `json:"created_at"`
	UpdatedAt     time.Time   `json:"updated_at"`
}

// UserPlace is a person's place in a facility.
type UserPlace struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	FacilityID uuid.UUID `json:"facility_id" format:"uuid"`
	Roles      []string  `json:"roles" nullable:"false"`
	IsActive   bool      `json:"is_active" doc:"False once the membership ended"`
}

func presentUser(r reach, row iamdb.ListUsersRow) (User, error) {
	user := User{
		Version: httpx.Version(row.Version), ID: row.ID, Username: row.Username, FullName: row.FullName, IsActive: row.IsActive,
		OTPEnabled: row.OtpEnabled, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if err := json.Unmarshal(row.Memberships, &user.Memberships); err != nil {
		return User{}, err
	}
	for _, place := range user.Memberships {
		if r.holds(CanManageUsers, place.FacilityID) {
			user.Email = row.Email
		}
	}
	return user, nil
}

// ListUsersInput pages through the people of the caller's facilities.
type ListUsersInput struct {
	httpx.PageParams
	Q          string    `query:"q" maxLength:"255" doc:"Part of the name or username"`
	FacilityID uuid.UUID `query:"facility_id" format:"uuid" doc:"Only those who work there now"`
	Role       string    `query:"role" maxLength:"40" doc:"Only those who hold this role now"`
	IsActive   string    `query:"is_active" enum:"true,false" doc:"Only those who are let in, or are not"`
}

// ListUsers gives the people who have, or had, a place in one of the facilities whose people the caller may see.
func (m *Module) ListUsers(ctx context.Context, q db.DBTX, in ListUsersInput) (httpx.Page[User], error) {
	var after struct{ Username string }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[User]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	r := reachOf(ctx, scope.TenantID)
	filter := iamdb.ListUsersParams{
		TenantID: scope.TenantID, Everywhere: r.everywhere(), Visible: r.visible(), Q: strings.TrimSpace(in.Q),
		FacilityID: id.Ptr(in.FacilityID), Role: in.Role, AfterUsername: after.Username, MaxRows: int32(in.Limit + 1),
	}
	if in.IsActive != "" {
		active := in.IsActive == "true"
		filter.IsActive = &active
	}
	queries := iamdb.New(q)
	rows, err := queries.ListUsers(ctx, filter)
	if err != nil {
		return httpx.Page[User]{}, err
	}
	users := make([]User, len(rows))
	for i, row := range rows {
		if users[i], err = presentUser(r, row); err != nil {
			return httpx.Page[User]{}, err
		}
	}
	page := httpx.NewPage(users, in.Limit, func(u User) any { return struct{ Username string }{strings.ToLower(u.Username)} })
	if in.Count {
		page.Count, err = httpx.Counted(queries.CountUsers(ctx, iamdb.CountUsersParams{
			TenantID: filter.TenantID, Everywhere: filter.Everywhere, Visible: filter.Visible, Q: filter.Q, FacilityID: filter.FacilityID,
			Role: filter.Role, IsActive: filter.IsActive,
		}))
	}
	return page, err
}

// UserByID names one user.
type UserByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// GetUser gives one person who shares a facility with the caller.
func (m *Module) GetUser(ctx context.Context, q db.DBTX, in UserByID) (User, error) {
	scope, _ := db.ScopeOf(ctx)
	r := reachOf(ctx, scope.TenantID)
	rows, err := iamdb.New(q).ListUsers(ctx, iamdb.ListUsersParams{
		TenantID: scope.TenantID, Everywhere: r.everywhere(), Visible: r.visible(), UserID: &in.ID, MaxRows: 1,
	})
	if err != nil {
		return User{}, err
	}
	if len(rows) == 0 {
		return User{}, errUserNotFound
	}
	return presentUser(r, rows[0])
}

// Grant is a place to give: a facility and the roles held in it.
type Grant struct {
	FacilityID uuid.UUID `json:"facility_id" format:"uuid"`
	Roles      []string  `json:"roles" nullable:"false" maxItems:"50" doc:"Codes of roles"`
}

// CreateUserInput takes a person on.
type CreateUserInput struct {
	Body struct {
		Username    string  `json:"username" pattern:"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$" patternDescription:"letters, digits and . _ @ + -, at most 64" doc:"Unique in the installation, whatever the case"`
		FullName    string  `json:"full_name" minLength:"1" maxLength:"255"`
		Email       *string `json:"email,omitempty" format:"email" maxLength:"254"`
		Password    string  `json:"password" minLength:"1" maxLength:"1000" doc:"At least 10 characters, and none that is guessed first"`
		Memberships []Grant `json:"memberships,omitempty" maxItems:"100" doc:"The facility acted in, without any role, when absent"`
	}
	passwordHash string
}

// Prepare checks and hashes the password, which takes too long for a transaction to wait.
func (in *CreateUserInput) Prepare(ctx context.Context) (err error) {
	in.passwordHash, err = newPasswordHash(ctx, in.Body.Username, in.Body.Password, "body")
	return err
}

// PrepareHashed takes the place of Prepare where many accounts have one password, as in a load: it was hashed once,
// by auth.HashPassword.
func (in *CreateUserInput) PrepareHashed(passwordHash string) error {
	in.passwordHash = passwordHash
	return checkCredentials(in.Body.Username, in.Body.Password, "body")
}

// CreateUser makes an account and gives it its places. A prepared input only.
func (m *Module) CreateUser(ctx context.Context, tx db.Tx, in CreateUserInput) (User, error) {
	scope := tx.Scope()
	r := reachOf(ctx, scope.TenantID)
	// A role that is being changed meanwhile would give more than the caller may.
	lockPeople(tx)
	if len(in.Body.Memberships) == 0 {
		in.Body.Memberships = []Grant{{FacilityID: scope.FacilityID, Roles: []string{}}}
	}
	roles, err := m.rolesOf(ctx, tx, scope.TenantID)
	if err != nil {
		return User{}, err
	}
	granted, err := r.resolve(roles, in.Body.Memberships)
	if err != nil {
		return User{}, err
	}
	email, err := checkedEmail(in.Body.Email, "body.email")
	if err != nil {
		return User{}, err
	}
	userID, err := m.insertAccount(ctx, tx, newAccount{
		username: in.Body.Username, fullName: in.Body.FullName, email: email, passwordHash: in.passwordHash,
	})
	if err != nil {
		return User{}, err
	}
	if err := m.takeOn(ctx, tx, userID); err != nil {
		return User{}, err
	}
	for _, g := range granted {
		if _, err := m.place(ctx, tx, userID, g); err != nil {
			return User{}, err
		}
	}
	return m.GetUser(ctx, tx, UserByID{userID})
}

type newAccount struct {
	username, fullName string
	email              *string
	passwordHash       string
	isSuperuser        bool
}

func (m *Module) insertAccount(ctx context.Context, tx db.Tx, a newAccount) (uuid.UUID, error) {
	if a.passwordHash == "" {
		return uuid.Nil, errs.Invalid("iam.weak_password", "A new account needs a password.")
	}
	userID := id.For(ctx, tx.Now())
	err := iamdb.New(tx).InsertAccount(ctx, iamdb.InsertAccountParams{
		ID: userID, Username: a.username, FullName: a.fullName, Email: a.email, PasswordHash: a.passwordHash, IsSuperuser: a.isSuperuser, Now: tx.Now(),
	})
	if db.Violates(err, "user_account_username_key") {
		return uuid.Nil, errUsernameTaken
	}
	return userID, err
}

// takeOn makes the user one of the tenant's people.
func (m *Module) takeOn(ctx context.Context, tx db.Tx, userID uuid.UUID) error {
	err := iamdb.New(tx).InsertTenantUser(ctx, iamdb.InsertTenantUserParams{TenantID: tx.Scope().TenantID, UserID: userID, Now: tx.Now()})
	if err != nil {
		return err
	}
	return m.bus.Publish(ctx, tx, iamapi.UserCreated{UserID: userID})
}

// emailOf reads an email that may be cleared.
func emailOf(sent httpx.Optional[string], at string) (*string, error) {
	return checkedEmail(sent.Pointer(), at)
}

func checkedEmail(sent *string, at string) (*string, error) {
	if sent == nil {
		return nil, nil
	}
	parsed, err := mail.ParseAddress(*sent)
	if err != nil || parsed.Address != *sent {
		return nil, errInvalid.At(at, "This is not an email address.")
	}
	return sent, nil
}
