package packs

import (
	"slices"
	"strings"
	"sync"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

var workflowKeys = []string{"encounter_type", "extends", "steps", "close"}

const encounterTypeForm = "an encounter type such as OPD"

// compileWorkflows lays the layers' workflow files over each other, by type of encounter. A file may extend another
// type's workflow, of its own pack or of those below; it then starts from that one and not from what the packs below
// have for its own type.
func (r *resolved) compileWorkflows(c *reading) {
	below := map[string]*node{}
	for _, layer := range r.layers {
		own := map[string]*node{}
		for _, n := range layer.workflows {
			encounterType := c.match(n.get("encounter_type"), "encounter_type", typePattern, encounterTypeForm)
			c.match(n.get("extends"), "extends", typePattern, encounterTypeForm)
			if encounterType == "" {
				c.need(n, "A workflow", "encounter_type")
				continue
			}
			if s := n.get("steps"); s != nil && s.kind == list && len(s.items) > 0 && !keyed(s) {
				c.readSteps(s) // it cannot be laid over anything; say why
				continue
			}
			own[encounterType] = n
		}
		merged := map[string]*node{}
		for encounterType, n := range own {
			if whole := c.workflowOver(n, own, below); whole != nil {
				merged[encounterType] = whole
			}
		}
		for encounterType, n := range merged {
			below[encounterType] = n
		}
	}
	r.workflows = map[string]*packsapi.Workflow{}
	for encounterType, n := range below {
		w := compiled(c, settle(n), encounterType, func() *packsapi.Workflow { return c.readWorkflow(settle(n), encounterType) })
		if w == nil {
			continue
		}
		for _, s := range w.Steps {
			if code := s.CompletedBy.Template; code != "" && !r.hasTemplate(code) && !c.faulty(n.at.pack, "templates/") {
				c.fault(placeOf(n, s.Code), "The step %q is completed by the template %q, which does not exist.", s.Code, code)
			}
		}
		for _, code := range w.Close.Documents {
			if !r.hasTemplate(code) && !c.faulty(n.at.pack, "templates/") {
				c.fault(n.get("close").orEmpty().at, "Closing needs the document %q, which no template makes.", clip(code))
			}
		}
		r.workflows[encounterType] = w
	}
}

// workflowOver lays a workflow file over what it starts from.
func (r *reading) workflowOver(n *node, own, below map[string]*node) *node {
	chain, seen := []*node{n}, []string{}
	for {
		encounterType, _ := chain[0].get("encounter_type").str()
		if slices.Contains(seen, encounterType) {
			r.fault(n.at, "The workflow extends itself: %s.", strings.Join(append(seen, encounterType), ", "))
			return nil
		}
		seen = append(seen, encounterType)
		extends, _ := chain[0].get("extends").str()
		if extends == "" {
			return fold(below[encounterType], chain)
		}
		next := own[extends]
		if next == nil && below[extends] == nil {
			r.fault(n.at, "The workflow extends %s, which there is no workflow for.", clip(extends))
			return nil
		}
		if next == nil {
			return fold(below[extends], chain)
		}
		chain = append([]*node{next}, chain...)
	}
}

func fold(under *node, chain []*node) *node {
	for _, n := range chain {
		under = merge(under, n)
	}
	return under
}

// workflowEnvironment is what every step's condition can see.
var workflowEnvironment = sync.OnceValues(func() (*environment, error) {
	return newEnvironment(map[string]*shape{"event": anyValue, "encounter": encounterShape, "patient": patientShape})
})

// readWorkflow compiles a whole workflow; nil when it has faults.
func (r *reading) readWorkflow(root *node, encounterType string) *packsapi.Workflow {
	before := len(r.faults)
	if !r.mapping(root, "A workflow", workflowKeys...) {
		return nil
	}
	w := &packsapi.Workflow{Pack: root.at.pack, EncounterType: encounterType, Steps: r.readSteps(root.get("steps")),
		Close: packsapi.CloseRequirements{Tasks: []string{}, Documents: []string{}}}
	if c := root.get("close"); r.mapping(c, "close", "tasks", "documents") {
		w.Close.Tasks = r.texts(c.get("tasks"), "tasks")
		w.Close.Documents = r.texts(c.get("documents"), "documents")
		for _, item := range c.get("tasks").orEmpty().items {
			code, _ := item.str()
			if _, ok := w.Step(code); !ok {
				r.fault(item.at, "Closing needs the task %q, which no step opens.", clip(code))
			}
		}
	}
	if len(r.faults) > before {
		return nil
	}
	return w
}

func (r *reading) readSteps(n *node) []packsapi.Step {
	steps := []packsapi.Step{}
	seen := map[string]place{}
	for _, item := range r.items(n, "steps") {
		s, ok := r.readStep(item)
		if !ok {
			continue
		}
		if first, twice := seen[s.Code]; twice {
			r.fault(item.at, "The step %q stands here a second time (first on line %d).", s.Code, first.line)
		}
		seen[s.Code] = item.at
		steps = append(steps, s)
	}
	return steps
}

func (r *reading) readStep(n *node) (packsapi.Step, bool) {
	var s packsapi.Step
	if !r.mapping(n, "A step", "code", "title", "role", "opens_on", "when", "due_in", "completed_by", "optional", "order", "hidden") {
		if n.kind == nothing {
			r.fault(n.at, "A step must be a mapping.")
		}
		return s, false
	}
	r.need(n, "A step", "code")
	r.integer(n.get("order"), "order", -1000, 1000)
	r.truth(n.get("hidden"), "hidden")
	s.Code = r.slug(n.get("code"), "code")
	s.Title = r.words(n.get("title"), "title")
	s.Role = r.slug(n.get("role"), "role")
	s.OpensOn = r.oneOf(n.get("opens_on"), "opens_on", openingEvents...)
	s.DueIn = r.duration(n.get("due_in"), "due_in")
	s.Optional = r.truth(n.get("optional"), "optional")
	if s.Code != "" && (n.get("title") == nil || n.get("role") == nil || n.get("opens_on") == nil) {
		r.fault(n.at, "The step %q needs a title, a role and opens_on.", s.Code)
	}
	if c := n.get("completed_by"); r.mapping(c, "completed_by", "kind", "template") {
		s.CompletedBy.Kind = r.oneOf(c.get("kind"), "kind", completingKinds...)
		s.CompletedBy.Template = r.slug(c.get("template"), "template")
		if (s.CompletedBy.Kind == "") == (s.CompletedBy.Template == "") {
			r.fault(c.at, "completed_by names either a kind or a template.")
		}
	}
	if n.get("when") != nil {
		env, err := workflowEnvironment()
		if err != nil {
			r.fault(n.at, "The workflow's conditions cannot be prepared: %s.", err)
			return s, true
		}
		if e := r.expression(env, n.get("when"), "The step's when", boolType); e != nil {
			s.When = e.source
			s = s.WithCondition(stepCondition{env, e})
		}
	}
	return s, true
}

// placeOf finds where a step of a workflow stands.
func placeOf(workflow *node, code string) place {
	for _, item := range workflow.get("steps").orEmpty().items {
		if itemKey(item) == code {
			return item.at
		}
	}
	return workflow.at
}

// stepCondition decides a step's `when`.
type stepCondition struct {
	environment *environment
	expression  *expression
}

// Holds implements packsapi.Condition.
func (c stepCondition) Holds(facts map[string]any) (bool, error) {
	return c.expression.holds(c.environment.facts(facts))
}
