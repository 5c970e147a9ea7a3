package packsapi

import (
	"slices"
	"time"
)

// Workflow is what one type of encounter goes through: the tasks its events open, and what closing needs.
type Workflow struct {
	Pack          string            `json:"pack"`
	EncounterType string            `json:"encounter_type"`
	Steps         []Step            `json:"steps"`
	Close         CloseRequirements `json:"close"`
}

// Step opens one task. Code is the task's code.
type Step struct {
	Code  string `json:"code"`
	Title Text   `json:"title"`
	// Role is the built-in or tenant's role that usually does it; a hint for queues, not a permission.
	Role    string `json:"role"`
	OpensOn string `json:"opens_on"`
	When    string `json:"when,omitempty"`
	// DueIn is how long after opening the task is due; zero means no due time.
	DueIn       time.Duration `json:"-"`
	CompletedBy Completion    `json:"completed_by"`
	Optional    bool          `json:"optional"`

	condition Condition
}

// Completion is what completes a step's task: an encounter document of a kind (VITALS, ASSESSMENT, PLAN,
// NOTE) or a finalised clinical document of a template. Both empty: only a person completes it.
type Completion struct {
	Kind     string `json:"kind,omitempty"`
	Template string `json:"template,omitempty"`
}

// CloseRequirements name what must be done before the encounter can close.
type CloseRequirements struct {
	Tasks     []string `json:"tasks"`
	Documents []string `json:"documents"`
}

// Condition is a compiled `when`, made by modules/packs.
type Condition interface {
	Holds(facts map[string]any) (bool, error)
}

// WithCondition gives the step its compiled `when`.
func (s Step) WithCondition(c Condition) Step {
	s.condition = c
	return s
}

// Opens says whether the step's task opens when this event happens. Facts are `event` (what was published:
// template_code and so on), `encounter` and `patient`; a step without a `when` needs none. An error means the
// condition could not be decided: open the task then, a needless one does less harm than a missing one.
func (s Step) Opens(event string, facts map[string]any) (bool, error) {
	if s.OpensOn != event {
		return false, nil
	}
	if s.condition == nil {
		return true, nil
	}
	return s.condition.Holds(facts)
}

// Step finds a step by its code.
func (w *Workflow) Step(code string) (Step, bool) {
	i := slices.IndexFunc(w.Steps, func(s Step) bool { return s.Code == code })
	if i < 0 {
		return Step{}, false
	}
	return w.Steps[i], true
}

// CompletedBy lists the codes of the tasks that this act completes.
func (w *Workflow) CompletedBy(act Completion) []string {
	var codes []string
	for _, s := range w.Steps {
		if act != (Completion{}) && s.CompletedBy == act {
			codes = append(codes, s.Code)
		}
	}
	return codes
}
