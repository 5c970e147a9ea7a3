package load

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
)

// Manifest says what a load made, for those who measure with it.
type Manifest struct {
	Now      time.Time     `json:"now"`
	Seed     uint64        `json:"seed"`
	Patients int           `json:"patients"`
	Events   int           `json:"events"` // of patients and their care
	Password string        `json:"password"`
	Tenants  []*MadeTenant `json:"tenants"`
}

// MadeTenant of a load.
type MadeTenant struct {
	ID         uuid.UUID       `json:"id"`
	Code       string          `json:"code"`
	Name       string          `json:"name"`
	Facilities []*MadeFacility `json:"facilities"`
	Users      []MadeUser      `json:"users"`
}

// MadeFacility of a load, and what it holds.
type MadeFacility struct {
	ID               uuid.UUID `json:"id"`
	Code             string    `json:"code"`
	Name             string    `json:"name"`
	Patients         int       `json:"patients"`
	Encounters       int       `json:"encounters"`
	ActiveEncounters int       `json:"active_encounters"`
	Events           int       `json:"events"`
	Tests            int       `json:"tests"` // of the laboratory; their events are not among Events
	// Search is true of the one facility of 4,000 patients by which the search is measured.
	Search bool `json:"search"`
	// LongEncounterID is a stay under way with some hundred events; absent where there is none.
	LongEncounterID     *uuid.UUID `json:"long_encounter_id,omitempty"`
	LongEncounterEvents int        `json:"long_encounter_events,omitempty"`
}

// MadeUser of a load. The tenant's administrator has no one facility: she administers them all.
type MadeUser struct {
	ID         uuid.UUID  `json:"id"`
	Username   string     `json:"username"`
	Role       string     `json:"role"`
	FacilityID *uuid.UUID `json:"facility_id,omitempty"`
}

func (m *Manifest) users() (count int) {
	for _, t := range m.Tenants {
		count += len(t.Users)
	}
	return count
}

// username is load.<role>.<tenant>.<facility>, in small letters.
func username(role auth.Role, tenantCode, facilityCode string) string {
	return strings.ToLower("load." + string(role) + "." + tenantCode + "." + facilityCode)
}

// fullName says who the user is, as no person is called.
func fullName(role auth.Role, tenantCode, facilityCode string) string {
	words := strings.ReplaceAll(string(role), "_", " ")
	return strings.ToUpper(words[:1]) + words[1:] + " of " + tenantCode + " " + facilityCode
}

// SignIns is what somebody needs to see who wants to look around.
func SignIns(m *Manifest) string {
	at := func(t *MadeTenant, f *MadeFacility) string {
		return fmt.Sprintf("load.doctor.%s.%s", t.Code, strings.ToLower(f.Code))
	}
	text := fmt.Sprintf("Sign in as load.<role>.<tenant>.<facility>, such as %s; every password is the same.\n", at(m.Tenants[0], m.Tenants[0].Facilities[0]))
	shown := false
	for _, t := range m.Tenants {
		for _, f := range t.Facilities {
			if f.Search {
				text += fmt.Sprintf("To measure the search by: %s %s, %d patients (%s)\n", t.Code, f.Code, f.Patients, at(t, f))
			}
			if f.LongEncounterID != nil && !shown {
				text += fmt.Sprintf("To measure a long timeline by: %s %s, encounter %s, %d events (%s)\n", t.Code, f.Code, f.LongEncounterID, f.LongEncounterEvents, at(t, f))
				shown = true
			}
		}
	}
	return text
}
