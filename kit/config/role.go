package config

import "fmt"

// Role is what one of several `hm serve` on a database does.
type Role int

// The zero Role does everything.
const (
	RoleAll    Role = iota // requests and jobs
	RoleAPI                // requests only
	RoleWorker             // jobs only; still answers /healthz, /readyz and /metrics
)

var roleNames = map[Role]string{RoleAll: "all", RoleAPI: "api", RoleWorker: "worker"}

// String is the name used on the command line.
func (r Role) String() string {
	if name, known := roleNames[r]; known {
		return name
	}
	return fmt.Sprintf("Role(%d)", int(r))
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Role) UnmarshalText(text []byte) error {
	for role, name := range roleNames {
		if name == string(text) {
			*r = role
			return nil
		}
	}
	return fmt.Errorf("the role %q is none of all, api and worker", text)
}

// AnswersRequests reports whether the API and the web apps are served.
func (r Role) AnswersRequests() bool { return r == RoleAll || r == RoleAPI }

// DoesJobs reports whether the relay and the jobs run.
func (r Role) DoesJobs() bool { return r == RoleAll || r == RoleWorker }
