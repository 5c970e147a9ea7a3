package acts

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Session is a signed-in user in one facility, shared by the connections that act as them.
type Session struct {
	Role                 string
	TenantID, FacilityID string

	address            string
	username, password string

	mu      sync.Mutex
	access  string
	renewAt time.Time
}

// SignIn gives a session of the user in the facility. It signs in again when the access token is about to end.
func SignIn(ctx context.Context, address, role, username, password, tenantID, facilityID string) (*Session, error) {
	s := &Session{Role: role, TenantID: tenantID, FacilityID: facilityID, address: address, username: username, password: password}
	_, err := s.token(ctx)
	return s, err
}

func (s *Session) token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.renewAt) {
		return s.access, nil
	}
	conn := Dial(s.address)
	defer conn.Close()
	answer, err := conn.Do(ctx, nil, http.MethodPost, "/api/auth/token", map[string]string{"username": s.username, "password": s.password})
	if err != nil {
		return "", err
	}
	if err := answer.Is(http.StatusOK); err != nil {
		return "", fmt.Errorf("signing in as %s: %w", s.username, err)
	}
	var token struct {
		Access    string `json:"access"`
		ExpiresIn int    `json:"expires_in"`
	}
	if err := answer.Into(&token); err != nil {
		return "", err
	}
	// Two thirds of its life: nobody acts with a token that ends under way.
	s.access, s.renewAt = token.Access, time.Now().Add(time.Duration(token.ExpiresIn)*time.Second*2/3)
	return s.access, nil
}
