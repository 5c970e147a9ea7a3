package labprint

import "hmsoftware.com/hm/kit/events"

// Subscribe listens to other modules. Call it once all of them exist.
func (m *Module) Subscribe() {
	events.Within(m.deps.Bus, "labprint.issue_report", m.Issue)
}
