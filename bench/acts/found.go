package acts

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"

	"hmsoftware.com/hm/app/plant"
)

// foundedPassword of everybody that Found makes.
const foundedPassword = "correct horse battery" // #nosec G101 -- of users that live as long as a test

// Found makes so many hospitals on a running node as an operator and an administrator would, each with a receptionist,
// a nurse, a doctor and some patients.
func Found(ctx context.Context, node *plant.Node, hospitals, patients int) ([]*Site, error) {
	var sites []*Site
	for n := range hospitals {
		site, err := found(ctx, node, fmt.Sprintf("house%d", n+1), patients)
		if err != nil {
			return nil, fmt.Errorf("founding hospital %d: %w", n+1, err)
		}
		sites = append(sites, site)
	}
	return sites, nil
}

func found(ctx context.Context, node *plant.Node, code string, patients int) (*Site, error) {
	out, faults, exit, err := node.Run(ctx, foundedPassword+"\n", "tenants", "create", code, "Hospital "+code, "--facility", "MAIN=Main", "--admin", "admin."+code, "--password-stdin")
	if err != nil || exit != 0 {
		return nil, fmt.Errorf("hm tenants create: exit %d: %s %w", exit, faults, err)
	}
	var made struct {
		TenantID   string `json:"tenant_id"`
		FacilityID string `json:"facility_id"`
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		return nil, err
	}
	admin, err := SignIn(ctx, node.Address, "admin", "admin."+code, foundedPassword, made.TenantID, made.FacilityID)
	if err != nil {
		return nil, err
	}
	conn := Dial(node.Address)
	defer conn.Close()
	people := People{Usernames: map[string]string{}, Password: foundedPassword}
	for _, role := range []string{"receptionist", "nurse", "doctor", "lab_technician", "pathologist"} {
		people.Usernames[role] = role + "." + code
		answer, err := conn.Do(ctx, admin, http.MethodPost, "/api/users", object{
			"username": people.Usernames[role], "full_name": "The " + role, "password": foundedPassword,
			"memberships": []object{{"facility_id": made.FacilityID, "roles": []string{role}}},
		})
		if err != nil {
			return nil, err
		}
		if err := answer.Is(http.StatusCreated); err != nil {
			return nil, err
		}
	}
	desk, err := SignIn(ctx, node.Address, "receptionist", people.Usernames["receptionist"], foundedPassword, made.TenantID, made.FacilityID)
	if err != nil {
		return nil, err
	}
	first := &Actor{Conn: conn, Site: &Site{sessions: map[string]*Session{"receptionist": desk}}, Random: rand.New(rand.NewPCG(1, uint64(len(code))))} //nolint:gosec // load, no secret
	for range patients {
		if err := Register.Do(ctx, first); err != nil {
			return nil, err
		}
	}
	return Visit(ctx, node.Address, code, made.TenantID, made.FacilityID, people, patients)
}
