package acts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// ErrUsedUp ends a measurement early: everything that was prepared for it is used up.
var ErrUsedUp = errors.New("everything that was prepared is used up")

// Patient is one whom acts may ask for.
type Patient struct {
	ID       string `json:"id"`
	FullName string `json:"full_name"`
	MRN      string `json:"mrn"`
}

// Site is one facility with its people, and what the acts there share.
type Site struct {
	Name                 string
	TenantID, FacilityID string
	Patients             []Patient
	LongEncounterID      string

	sessions map[string]*Session

	mu                   sync.Mutex
	open, ready, waiting []string          // encounters: in consultation; all done; checked in
	lab                  map[int][]labTest // by the next of labSteps
}

// People are a facility's users: who signs in for each role, and with which password.
type People struct {
	Usernames map[string]string // by role
	Password  string
}

// Visit signs the facility's people in and learns some of its patients, at most patients of them, through the API
// alone: any installation can be a site.
func Visit(ctx context.Context, address, name, tenantID, facilityID string, people People, patients int) (*Site, error) {
	s := &Site{Name: name, TenantID: tenantID, FacilityID: facilityID, sessions: map[string]*Session{}, lab: map[int][]labTest{}}
	for role, username := range people.Usernames {
		session, err := SignIn(ctx, address, role, username, people.Password, tenantID, facilityID)
		if err != nil {
			return nil, err
		}
		s.sessions[role] = session
	}
	a := &Actor{Conn: Dial(address), Site: s}
	defer a.Close()
	for cursor := ""; len(s.Patients) < patients; {
		var page struct {
			Results []Patient `json:"results"`
			Next    *string   `json:"next"`
		}
		path := fmt.Sprintf("/api/patients?limit=%d%s", min(200, patients-len(s.Patients)), cursor)
		if err := a.as(ctx, "receptionist", http.MethodGet, path, nil, http.StatusOK, &page); err != nil {
			return nil, err
		}
		s.Patients = append(s.Patients, page.Results...)
		if page.Next == nil {
			break
		}
		cursor = "&cursor=" + *page.Next
	}
	if len(s.Patients) == 0 {
		return nil, fmt.Errorf("the facility %s has no patients", name)
	}
	return s, nil
}

// Session of the role.
func (s *Site) Session(role string) (*Session, error) {
	session := s.sessions[role]
	if session == nil {
		return nil, fmt.Errorf("nobody at %s is a %s", s.Name, role)
	}
	return session, nil
}

// Roles of the site's people, in order.
func (s *Site) Roles() []string { return slices.Sorted(maps.Keys(s.sessions)) }

func (s *Site) anyPatient(random *rand.Rand) Patient {
	return s.Patients[random.IntN(len(s.Patients))]
}

// AnyOpen gives an encounter in consultation; some must have been prepared.
func (s *Site) AnyOpen(random *rand.Rand) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[random.IntN(len(s.open))]
}

func (s *Site) openCount() int    { return s.count(&s.open) }
func (s *Site) readyCount() int   { return s.count(&s.ready) }
func (s *Site) waitingCount() int { return s.count(&s.waiting) }

func (s *Site) addOpen(id string)    { s.add(&s.open, id) }
func (s *Site) addReady(id string)   { s.add(&s.ready, id) }
func (s *Site) addWaiting(id string) { s.add(&s.waiting, id) }

func (s *Site) takeReady() (string, bool)   { return s.take(&s.ready) }
func (s *Site) takeWaiting() (string, bool) { return s.take(&s.waiting) }

func (s *Site) count(list *[]string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(*list)
}

func (s *Site) add(list *[]string, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, id)
}

func (s *Site) take(list *[]string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(*list) == 0 {
		return "", false
	}
	id := (*list)[0]
	*list = (*list)[1:]
	return id, true
}

func (s *Site) labCount(step int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lab[step])
}

func (s *Site) addLab(step int, t labTest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lab[step] = append(s.lab[step], t)
}

func (s *Site) takeLab(step int) (labTest, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lab[step]) == 0 {
		return labTest{}, false
	}
	t := s.lab[step][0]
	s.lab[step] = s.lab[step][1:]
	return t, true
}
