package packs

import (
	"cmp"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// workflow is one workflow file. Extends names another encounter type of the same pack whose steps and
// requirements it starts from; lists merge by code, as everywhere in packs.
type workflow struct {
	file          string
	line          int
	encounterType string
	extends       string
	steps         []step
	close         packsapi.CloseRequirements
	closeLine     int
}

type step struct {
	packsapi.Step
	line   int
	order  int64
	hidden bool
	// given holds the keys the file wrote, so that an override changes only those.
	given *node
}

func (r *reading) readWorkflow(root *node) *workflow {
	before := len(r.faults)
	if !r.mapping(root, "A workflow", "encounter_type", "extends", "steps", "close") {
		return nil
	}
	r.need(root, "A workflow", "encounter_type")
	const form = "an encounter type such as OPD"
	w := &workflow{
		file: r.file, line: root.line,
		encounterType: r.match(root.get("encounter_type"), "encounter_type", typePattern, form),
		extends:       r.match(root.get("extends"), "extends", typePattern, form),
		closeLine:     root.get("close").orEmpty().line,
	}
	env, err := newEnvironment(map[string]*shape{"event": anyValue, "encounter": encounterShape, "patient": patientShape})
	if err != nil {
		r.fault(root.line, "The workflow's conditions cannot be prepared: %s.", err)
		return nil
	}
	seen := map[string]int{}
	for _, n := range r.items(root.get("steps"), "steps") {
		s := r.readStep(n, env)
		if s == nil {
			continue
		}
		if first, twice := seen[s.Code]; twice {
			r.fault(n.line, "The step %q stands here a second time (first on line %d).", s.Code, first)
		}
		seen[s.Code] = n.line
		w.steps = append(w.steps, *s)
	}
	if c := root.get("close"); r.mapping(c, "close", "tasks", "documents") {
		w.close.Tasks = r.texts(c.get("tasks"), "tasks")
		w.close.Documents = r.texts(c.get("documents"), "documents")
	}
	if len(r.faults) > before {
		return nil
	}
	return w
}

func (r *reading) readStep(n *node, env *environment) *step {
	if !r.mapping(n, "A step", "code", "title", "role", "opens_on", "when", "due_in", "completed_by", "optional", "order", "hidden") {
		return nil
	}
	r.need(n, "A step", "code")
	s := &step{line: n.line, given: n,
		order: r.integer(n.get("order"), "order", -1000, 1000), hidden: r.truth(n.get("hidden"), "hidden")}
	s.Code = r.slug(n.get("code"), "code")
	s.Title = r.words(n.get("title"), "title")
	s.Role = r.slug(n.get("role"), "role")
	s.OpensOn = r.oneOf(n.get("opens_on"), "opens_on", openingEvents...)
	s.DueIn = r.duration(n.get("due_in"), "due_in")
	s.Optional = r.truth(n.get("optional"), "optional")
	if c := n.get("completed_by"); r.mapping(c, "completed_by", "kind", "template") {
		s.CompletedBy.Kind = r.oneOf(c.get("kind"), "kind", completingKinds...)
		s.CompletedBy.Template = r.slug(c.get("template"), "template")
		if (s.CompletedBy.Kind == "") == (s.CompletedBy.Template == "") {
			r.fault(c.line, "completed_by names either a kind or a template.")
		}
	}
	if n.get("when") != nil {
		if e := r.expression(env, n.get("when"), "The step's when", boolType); e != nil {
			s.When = e.source
			s.Step = s.WithCondition(stepCondition{env, e})
		}
	}
	return s
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

// resolveWorkflows joins a pack's own workflow files with what they extend, and with the workflows of the
// packs below it (inherited, by encounter type). It reports what a whole workflow still lacks.
func resolveWorkflows(own []*workflow, inherited map[string]*packsapi.Workflow, pack string) (map[string]*packsapi.Workflow, []Fault) {
	var faults []Fault
	fault := func(w *workflow, line int, format string, args ...any) {
		r := reading{file: w.file}
		r.fault(line, format, args...)
		faults = append(faults, r.faults...)
	}
	byType := map[string]*workflow{}
	for _, w := range own {
		if first, twice := byType[w.encounterType]; twice {
			fault(w, w.line, "The workflow of %s is already in %s.", w.encounterType, first.file)
			continue
		}
		byType[w.encounterType] = w
	}
	out := map[string]*packsapi.Workflow{}
	for encounterType, w := range inherited {
		out[encounterType] = w
	}
	for _, w := range own {
		chain, broken := chainOf(w, byType)
		if broken != "" {
			fault(w, w.line, "%s", broken)
			continue
		}
		merged := &packsapi.Workflow{Pack: pack, EncounterType: w.encounterType, Steps: []packsapi.Step{},
			Close: packsapi.CloseRequirements{Tasks: []string{}, Documents: []string{}}}
		var steps []step
		if below, ok := inherited[chain[0].encounterType]; ok {
			merged.Close = below.Close
			for _, s := range below.Steps {
				steps = append(steps, step{Step: s})
			}
		}
		for _, link := range chain {
			steps = mergeSteps(steps, link.steps)
			if link.close.Tasks != nil {
				merged.Close.Tasks = link.close.Tasks
			}
			if link.close.Documents != nil {
				merged.Close.Documents = link.close.Documents
			}
		}
		for _, s := range steps {
			if s.hidden {
				continue
			}
			if len(s.Title) == 0 || s.Role == "" || s.OpensOn == "" {
				fault(w, max(s.line, w.line), "The step %q needs a title, a role and opens_on.", s.Code)
			}
			merged.Steps = append(merged.Steps, s.Step)
		}
		for _, code := range merged.Close.Tasks {
			if _, ok := merged.Step(code); !ok {
				fault(w, max(w.closeLine, w.line), "Closing needs the task %q, which no step opens.", clip(code))
			}
		}
		out[w.encounterType] = merged
	}
	return out, faults
}

// chainOf lists a workflow after those it extends, the first one first.
func chainOf(w *workflow, byType map[string]*workflow) (chain []*workflow, broken string) {
	names := []string{}
	for {
		if slices.Contains(names, w.encounterType) {
			return nil, "The workflow extends itself: " + strings.Join(append(names, w.encounterType), ", ") + "."
		}
		names = append(names, w.encounterType)
		chain = append([]*workflow{w}, chain...)
		if w.extends == "" {
			return chain, ""
		}
		next, ok := byType[w.extends]
		if !ok {
			return nil, "The workflow extends " + w.extends + ", which this pack has no workflow for."
		}
		w = next
	}
}

// mergeSteps lays overrides over steps by code; what an override does not give stays. Steps keep their place
// unless order moves them.
func mergeSteps(under, over []step) []step {
	out := slices.Clone(under)
	for _, o := range over {
		i := slices.IndexFunc(out, func(s step) bool { return s.Code == o.Code })
		if i < 0 {
			out = append(out, o)
			continue
		}
		merged := out[i]
		merged.line = o.line
		for _, f := range o.given.fields {
			switch f.key {
			case "title":
				merged.Title = o.Title
			case "role":
				merged.Role = o.Role
			case "opens_on":
				merged.OpensOn = o.OpensOn
			case "when":
				merged.Step = replaceCondition(merged.Step, o.Step)
			case "due_in":
				merged.DueIn = o.DueIn
			case "completed_by":
				merged.CompletedBy = o.CompletedBy
			case "optional":
				merged.Optional = o.Optional
			case "order":
				merged.order = o.order
			case "hidden":
				merged.hidden = o.hidden
			}
		}
		out[i] = merged
	}
	slices.SortStableFunc(out, func(a, b step) int { return cmp.Compare(a.order, b.order) })
	return out
}

// replaceCondition gives a step the condition of another.
func replaceCondition(s, from packsapi.Step) packsapi.Step {
	from.Code, from.Title, from.Role, from.OpensOn = s.Code, s.Title, s.Role, s.OpensOn
	from.DueIn, from.CompletedBy, from.Optional = s.DueIn, s.CompletedBy, s.Optional
	return from
}
