package apptest

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
)

// Outside gives a house whose nodes run as processes at these addresses (host:port). It has no database of its own to look
// into, and its answers are not held against openapi.json.
func Outside(addresses ...string) *House {
	h := &House{}
	for _, address := range addresses {
		h.Servers = append(h.Servers, &httptest.Server{URL: "http://" + address})
	}
	return h
}

// Founded gives the tenant that `hm tenants create` made with one facility, by what the command printed.
func (h *House) Founded(t testing.TB, printed, admin string) *Tenant {
	t.Helper()
	var made struct {
		TenantID   uuid.UUID `json:"tenant_id"`
		FacilityID uuid.UUID `json:"facility_id"`
	}
	if err := json.Unmarshal([]byte(printed), &made); err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	return &Tenant{
		House: h, ID: made.TenantID, Facilities: []uuid.UUID{made.FacilityID},
		Admin: h.SignIn(t, admin, Password).In(made.TenantID, made.FacilityID),
	}
}
