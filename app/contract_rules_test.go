package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

// rulebook is a pack whose rules do everything that rules can, on every act that meets them.
var rulebook = apptest.Pack{
	"pack.yaml": `{id: rulebook, version: 1.0.0, name: Rulebook, kind: system, extends: [base], requires_hm: "^1", locales: [en, hi], encounter_types: [OPD],
  order_types: [POTION], sign_off: {clinician: "", date: ""}}`,
	"workflows/opd.yaml": "encounter_type: OPD\nsteps: []\nclose: {tasks: [], documents: []}\n",
	"patient.yaml": `
type: object
additionalProperties: false
properties: {kind: {type: string, enum: [hot, cold], title: Kind, x-search: true}, note: {type: string, title: Note}}
`,
	"encounter.yaml": "type: object\nadditionalProperties: false\nproperties: {season: {type: string, title: Season, x-search: true}}\n",
	"templates/measure.yaml": `
code: measure
version: 1.0.0
title: Measure
schema:
  type: object
  additionalProperties: false
  required: [creatinine]
  properties:
    creatinine: {type: number, minimum: 0, maximum: 50, title: Creatinine, x-unit: mg/dL, x-carry: true, x-obs: {code: "2160-0", system: loinc, unit: mg/dL}}
    mood: {type: string, enum: [calm, cross], title: Mood, x-obs: {code: mood, system: rulebook}}
    note: {type: string, title: Note}
summary: "Creatinine {creatinine}"
`,
	"catalog/potions.yaml": `
- {code: MILD, name: Mild potion, order_type: POTION}
- {code: STRONG, name: Strong potion, order_type: POTION}
- {code: RARE, name: Rare potion, order_type: POTION, tasks: [{code: brew, title: Brew, role: pharmacist}]}
`,
	"rules/all.yaml": `
- {code: rulebook.never,    on: order.create, when: "order.items.exists(i, i.service_code == 'RARE')", then: {effect: block}, severity: safety, message: "Never that, nor ever: {order.order_type}."}
- {code: rulebook.renal,    on: order.create, when: "order.items.exists(i, i.service_code == 'STRONG') && facts.recent_results.exists(r, r.code == '2160-0' && r.value > 2.0)", then: {effect: block}, severity: safety, message: The kidneys are weak., overridable_by: rules.can_override}
- {code: rulebook.again,    on: order.create, when: "facts.active_orders.exists(o, o.service_code == 'MILD')", then: {effect: warn}, severity: info, message: There is an order already.}
- {code: rulebook.watch,    on: order.create, when: "order.items.exists(i, i.service_code == 'STRONG')", then: {effect: open_task, task: {code: watch, title: Watch the patient, role: nurse}}, severity: info, message: Watch.}
- {code: rulebook.hot,      on: order.create, when: "has(patient.system_specific_data.rulebook) && patient.system_specific_data.rulebook.kind == 'hot'", then: {effect: require_reason}, severity: warning, message: A hot person.}
- {code: rulebook.sign,     on: document.finalize, when: "document.template_code == 'measure' && document.payload.creatinine > 10.0", then: {effect: block}, severity: warning, message: Measure again., overridable_by: rules.can_override}
- {code: rulebook.high,     on: document.finalize, when: "document.template_code == 'measure' && document.payload.creatinine > 2.0", then: {effect: warn}, severity: warning, message: High.}
- {code: rulebook.alert,    on: document.finalize, when: "document.template_code == 'measure' && document.payload.creatinine > 2.0", then: {effect: raise_alert}, severity: warning, message: High.}
- {code: rulebook.tell,     on: document.finalize, when: "document.template_code == 'measure' && document.payload.creatinine > 2.0", then: {effect: notify, to: doctor}, severity: warning, message: High.}
- {code: rulebook.task,     on: task.complete, when: task.code == 'operate', then: {effect: require_reason}, severity: warning, message: {en: Why so soon?, hi: इतनी जल्दी क्यों?}, overridable_by: rules.can_override}
- {code: rulebook.unpaid,   on: encounter.close, when: "encounter.system_data.season == 'lean'", then: {effect: block}, severity: warning, message: A lean season., overridable_by: rules.can_override}
- {code: rulebook.why,      on: encounter.close, when: "encounter.system_data.season == 'odd'", then: {effect: require_reason}, severity: warning, message: Why now?}
- {code: rulebook.goodbye,  on: encounter.close, when: "true", then: {effect: warn}, severity: info, message: Goodbye.}
`,
}

func TestContractRules(t *testing.T) {
	t.Parallel()
	ruled{
		"an order meets rules":                         anOrderMeetsRules,
		"a document meets rules":                       aDocumentMeetsRules,
		"a task meets rules":                           aTaskMeetsRules,
		"closing meets rules under its own code":       closingMeetsRules,
		"whoever may not override is refused":          whoeverMayNotOverrideIsRefused,
		"overrides have bounds":                        overridesHaveBounds,
		"what rules ask for is done":                   whatRulesAskForIsDone,
		"every firing can be looked up":                everyFiringCanBeLookedUp,
		"a refused act leaves its rules in the audit":  aRefusedActLeavesItsRules,
		"rules speak the caller's language":            rulesSpeakTheCallersLanguage,
		"a tenant tunes and tries rules":               aTenantTunesAndTriesRules,
		"observations are listed":                      observationsAreListed,
		"a document begins with what the last one had": aDocumentBeginsWithTheLast,
		"packs' data are checked and searched":         packsDataAreCheckedAndSearched,
	}.hold(t)
}

// ruled is a section in a facility that has the rulebook.
type ruled map[string]func(t *testing.T, d *day)

func (s ruled) hold(t *testing.T) {
	t.Helper()
	d := newDay(t, 1)
	d.Admin.Install(t, rulebook).Want(t, 201)
	d.enable(t, "base", "rulebook")
	for name, promise := range s {
		t.Run(name, func(t *testing.T) { promise(t, d) })
	}
}

// rulesOf gives the codes of the rules of a refusal, and checks that each says all that the contract promises.
func rulesOf(t *testing.T, r apptest.Reply) []string {
	t.Helper()
	var found []string
	for _, each := range r.List("rules") {
		rule := each.(object)
		if got := slices.Sorted(maps.Keys(rule)); !slices.Equal(got, []string{"code", "facts", "message", "overridable", "severity"}) {
			t.Errorf("a rule has %v", got)
		}
		found = append(found, fmt.Sprint(rule["code"], " ", rule["overridable"]))
	}
	return found
}

func wantRules(t *testing.T, r apptest.Reply, want ...string) {
	t.Helper()
	if got := rulesOf(t, r); !slices.Equal(got, want) {
		t.Errorf("the rules are %v, want %v: %s", got, want, r.Body)
	}
}

func wantWarnings(t *testing.T, r apptest.Reply, want ...string) {
	t.Helper()
	if got := codes(r.List("warnings"), "code"); !slices.Equal(got, want) {
		t.Errorf("the warnings are %v, want %v: %s", got, want, r.Body)
	}
}

func because(reasons ...string) []any {
	var all []any
	for _, rule := range reasons {
		all = append(all, object{"rule": "rulebook." + rule, "reason": "The patient wants it"})
	}
	return all
}

func (d *day) ruledEncounter(t *testing.T, more object) string {
	t.Helper()
	with := object{"pack": "rulebook"}
	maps.Copy(with, more)
	return d.encounter(t, with)
}

func potion(encounter, code string, overrides ...any) object {
	o := object{"encounter_id": encounter, "order_type": "POTION", "items": []any{object{"service_code": code}}}
	if len(overrides) > 0 {
		o["overrides"] = overrides
	}
	return o
}

func anOrderMeetsRules(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	never := d.Doctor.Post(t, "/api/orders", potion(e, "RARE")).WantProblem(t, 409, "rules.blocked")
	wantRules(t, never, "rulebook.never false")
	if rule := never.List("rules")[0].(object); rule["message"] != "Never that, nor ever: POTION." || rule["severity"] != "safety" {
		t.Errorf("got %v", rule)
	}
	d.Doctor.Post(t, "/api/orders", potion(e, "RARE", because("never")...)).WantProblem(t, 409, "rules.blocked")

	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG")).Want(t, 201) // nothing is known of the kidneys
	d.finalize(t, e, "measure", object{"creatinine": 3.2})
	wantRules(t, d.Doctor.Post(t, "/api/orders", potion(e, "STRONG")).WantProblem(t, 409, "rules.blocked"), "rulebook.renal true")
	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG", because("renal")...)).Want(t, 201)

	if first := d.Doctor.Post(t, "/api/orders", potion(e, "MILD")).Want(t, 201); strings.Contains(string(first.Body), "rulebook.again") {
		t.Errorf("warned of %s", first.Body)
	}
	again := d.Doctor.Post(t, "/api/orders", potion(e, "MILD")).Want(t, 201)
	if w := again.List("warnings"); !slices.Contains(codes(w, "code"), "rulebook.again") {
		t.Errorf("warned of %v", w)
	}
	if listed := d.Doctor.Get(t, "/api/orders?encounter_id="+e).Want(t, 200); len(listed.List("results")) != 4 {
		t.Errorf("there are %d orders", len(listed.List("results")))
	}
}

func aDocumentMeetsRules(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": e, "template_code": "measure", "payload": object{"creatinine": 11}}).Want(t, 201).ID()
	wantRules(t, d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft}).WantProblem(t, 409, "rules.blocked"), "rulebook.sign true")
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft, "overrides": because("sign")}).Want(t, 201)
	wantWarnings(t, final, "rulebook.alert", "rulebook.high", "rulebook.tell")
	if w := final.List("warnings")[0].(object); w["severity"] != "warning" || w["message"] != "High." || len(w) != 3 {
		t.Errorf("warned of %v", w)
	}
	amend := object{"document_id": final.ID(), "payload_patch": object{"creatinine": 12}, "reason": "Slip"}
	wantRules(t, d.Doctor.Post(t, "/api/clinical-docs/amend", amend).WantProblem(t, 409, "rules.blocked"), "rulebook.sign true")
	amend["overrides"] = because("sign")
	amended := d.Doctor.Post(t, "/api/clinical-docs/amend", amend).Want(t, 201)
	wantWarnings(t, amended, "rulebook.alert", "rulebook.high", "rulebook.tell")
	if read := d.Doctor.Get(t, "/api/clinical-docs/"+amended.ID()).Want(t, 200); read.JSON["warnings"] != nil {
		t.Errorf("warnings are told once: %s", read.Body)
	}
}

func aTaskMeetsRules(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	task := d.Doctor.Post(t, "/api/tasks", object{"encounter_id": e, "code": "operate"}).Want(t, 201).ID()
	wantRules(t, d.Doctor.Post(t, "/api/tasks/"+task+"/complete", nil).WantProblem(t, 409, "rules.reason_required"), "rulebook.task true")
	if now := d.Doctor.Get(t, "/api/tasks/"+task).Want(t, 200); now.Text("status") != "OPEN" {
		t.Errorf("the task is %s", now.Text("status"))
	}
	if done := d.Doctor.Post(t, "/api/tasks/"+task+"/complete", object{"overrides": because("task")}).Want(t, 200); done.Text("status") != "DONE" {
		t.Errorf("the task is %s", done.Text("status"))
	}
	d.Doctor.Post(t, "/api/tasks/"+task+"/complete", nil).Want(t, 200) // it is done already
}

func closingMeetsRules(t *testing.T, d *day) {
	closing := func(season string) string {
		e := d.ruledEncounter(t, object{"system_data": object{"season": season}})
		d.Doctor.Post(t, "/api/encounters/"+e+"/start-consult", nil).Want(t, 200)
		return e
	}
	lean := closing("lean")
	path := "/api/encounters/" + lean
	blocked := d.Doctor.Post(t, path+"/close", nil).WantProblem(t, 409, "encounters.close_blocked")
	wantRules(t, blocked, "rulebook.unpaid true")
	gate := d.Doctor.Get(t, path+"/close-gate").Want(t, 200)
	if fmt.Sprint(blocked.JSON["gate"]) != fmt.Sprint(gate.JSON) || gate.JSON["can_close"] != false || !slices.Equal(codes(gate.List("blocking"), "code"), []string{"rules.blocked"}) {
		t.Errorf("gate %s, blocked %s", gate.Body, blocked.Body)
	}
	closed := d.Doctor.Post(t, path+"/close", object{"overrides": because("unpaid")}).Want(t, 200)
	if closed.Text("status") != "CLOSED" {
		t.Errorf("got %s", closed.Body)
	}
	wantWarnings(t, closed, "rulebook.goodbye")

	odd := closing("odd")
	wanting := d.Doctor.Post(t, "/api/encounters/"+odd+"/close", object{}).WantProblem(t, 409, "rules.reason_required")
	wantRules(t, wanting, "rulebook.why true")
	if !slices.Equal(codes(wanting.Path("gate.blocking").([]any), "code"), []string{"rules.reason_required"}) {
		t.Errorf("got %s", wanting.Body)
	}
	d.Doctor.Post(t, "/api/encounters/"+odd+"/close", object{"overrides": because("why")}).Want(t, 200)
	wantWarnings(t, d.Doctor.Post(t, "/api/encounters/"+closing("rich")+"/close", nil).Want(t, 200), "rulebook.goodbye")
}

func whoeverMayNotOverrideIsRefused(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	draft := d.Nurse.Post(t, "/api/clinical-docs/draft", object{"encounter_id": e, "template_code": "measure", "payload": object{"creatinine": 11}}).Want(t, 201).ID()
	refused := d.Nurse.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft, "overrides": because("sign")}).WantProblem(t, 409, "rules.blocked")
	wantRules(t, refused, "rulebook.sign false")
	task := d.Nurse.Post(t, "/api/tasks", object{"encounter_id": e, "code": "operate"}).Want(t, 201).ID()
	wantRules(t, d.Nurse.Post(t, "/api/tasks/"+task+"/complete", object{"overrides": because("task")}).WantProblem(t, 409, "rules.blocked"), "rulebook.task false")
}

func overridesHaveBounds(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	for name, faulty := range map[string][]any{
		"body.overrides[0].reason": {object{"rule": "rulebook.renal", "reason": "  "}},
		"body.overrides[0].rule":   {object{"reason": "x"}},
		"body.overrides[1].reason": {object{"rule": "a", "reason": "x"}, object{"rule": "a", "reason": strings.Repeat("x", 1001)}},
		"body.overrides[0].who":    {object{"rule": "a", "reason": "x", "who": "me"}},
		"body.overrides":           slices.Repeat([]any{object{"rule": "a", "reason": "x"}}, 51),
	} {
		r := d.Doctor.Post(t, "/api/orders", potion(e, "MILD", faulty...)).WantProblem(t, 422, "request.invalid")
		if !slices.Contains(codes(r.List("errors"), "location"), name) {
			t.Errorf("%s: %s", name, r.Body)
		}
	}
	// An override of a rule that nobody knows, or that does not fire, says nothing.
	d.Doctor.Post(t, "/api/orders", potion(e, "MILD", because("renal", "lost")...)).Want(t, 201)
	kept := d.Doctor.Get(t, "/api/rules/firings?encounter_id="+e).Want(t, 200)
	if len(kept.List("results")) != 0 {
		t.Errorf("kept %s", kept.Body)
	}
}

func whatRulesAskForIsDone(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG")).Want(t, 201)
	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG")).Want(t, 201)
	tasks := d.Nurse.Get(t, "/api/tasks?code=watch&encounter_id="+e).Want(t, 200).List("results")
	if len(tasks) != 1 || tasks[0].(object)["title"] != "Watch the patient" {
		t.Errorf("got %v", tasks)
	}
	// Done for the orders before, it is to be done again for the next.
	watch := "/api/tasks/" + fmt.Sprint(tasks[0].(object)["id"])
	d.Nurse.Post(t, watch+"/complete", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG")).Want(t, 201)
	if again := d.Nurse.Get(t, watch).Want(t, 200); again.Text("status") != "OPEN" || again.JSON["completed_at"] != nil {
		t.Errorf("got %s", again.Body)
	}
	outcomes := codes(d.Doctor.Get(t, "/api/rules/firings?rule=rulebook.watch&encounter_id="+e).Want(t, 200).List("results"), "outcome")
	if !slices.Equal(outcomes, []string{"task_opened", "task_open_already", "task_opened"}) {
		t.Errorf("got %v", outcomes)
	}
}

func everyFiringCanBeLookedUp(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	d.finalize(t, e, "measure", object{"creatinine": 3.5})
	d.Doctor.Post(t, "/api/orders", potion(e, "STRONG", because("renal")...)).Want(t, 201)
	results := d.Doctor.Get(t, "/api/rules/firings?encounter_id="+e).Want(t, 200).List("results")
	outcomes := map[string]any{}
	for _, each := range results {
		f := each.(object)
		outcomes[fmt.Sprint(f["rule"])] = f["outcome"]
		if f["pack"] != "rulebook" || f["pack_version"] != "1.0.0" || f["encounter_id"] != e || f["actor_id"] == nil || f["at"] == nil || f["facts"] == nil {
			t.Errorf("got %v", f)
		}
	}
	want := map[string]any{"rulebook.high": "warned", "rulebook.alert": "alert_raised", "rulebook.tell": "notification_recorded", "rulebook.renal": "overridden", "rulebook.watch": "task_opened"}
	if !maps.Equal(outcomes, want) {
		t.Errorf("got %v", outcomes)
	}
	patient := fmt.Sprint(results[0].(object)["patient_id"])
	overridden := d.Auditor.Get(t, "/api/rules/firings?patient_id="+patient+"&rule=rulebook.renal&since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z&count=true").Want(t, 200)
	if overridden.JSON["count"] != 1.0 || overridden.Path("results.0.reason") != "The patient wants it" || overridden.Path("results.0.severity") != "safety" {
		t.Errorf("got %s", overridden.Body)
	}
	d.Nurse.Get(t, "/api/rules/firings").WantProblem(t, 403, "auth.permission_denied")
}

func aRefusedActLeavesItsRules(t *testing.T, d *day) {
	e := d.ruledEncounter(t, nil)
	d.Doctor.Post(t, "/api/orders", potion(e, "RARE")).WantProblem(t, 409, "rules.blocked")
	within(t, 10*time.Second, "the refusal in the audit trail", func() bool {
		for _, each := range d.Auditor.Get(t, "/api/audit/events?code=orders.refused").Want(t, 200).List("results") {
			detail, _ := each.(object)["detail"].(object)
			if detail["reason"] == "rules.blocked" && fmt.Sprint(detail["rules"]) == "[rulebook.never]" && each.(object)["outcome"] == "refused" {
				return true
			}
		}
		return false
	})
	if kept := d.Doctor.Get(t, "/api/rules/firings?encounter_id="+e).Want(t, 200); len(kept.List("results")) != 0 {
		t.Errorf("a refused act left %s", kept.Body)
	}
}

func aTenantTunesAndTriesRules(t *testing.T, d *day) {
	listed := d.Nurse.Get(t, "/api/rules?on=task.complete&pack=rulebook").Want(t, 200)
	if got := codes(listed.List("results"), "code"); !slices.Equal(got, []string{"rulebook.task"}) {
		t.Errorf("the rules are %v", got)
	}
	d.Nurse.Put(t, "/api/rules/rulebook.hot", object{}).WantProblem(t, 403, "auth.permission_denied")
	hot := d.register(t, object{"rulebook": object{"kind": "hot"}})
	e := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": hot, "pack": "rulebook"}).Want(t, 201).ID()
	wantRules(t, d.Doctor.Post(t, "/api/orders", potion(e, "MILD")).WantProblem(t, 409, "rules.reason_required"), "rulebook.hot true")
	d.Admin.Put(t, "/api/rules/rulebook.hot", object{"enabled": false}).Want(t, 200)
	d.Doctor.Post(t, "/api/orders", potion(e, "MILD")).Want(t, 201)
	tried := d.Admin.Post(t, "/api/rules/rulebook.hot/test", object{"facts": object{"patient": object{"system_specific_data": object{"rulebook": object{"kind": "hot"}}}}}).Want(t, 200)
	if tried.JSON["fires"] != true || tried.JSON["enabled"] != false || tried.Text("message") != "A hot person." {
		t.Errorf("tried: %s", tried.Body)
	}
}

func rulesSpeakTheCallersLanguage(t *testing.T, d *day) {
	task := d.Doctor.Post(t, "/api/tasks", object{"encounter_id": d.ruledEncounter(t, nil), "code": "operate"}).Want(t, 201).ID()
	for language, want := range map[string]string{"": "Why so soon?", "en": "Why so soon?", "hi-IN, en;q=0.5": "इतनी जल्दी क्यों?", "hi": "इतनी जल्दी क्यों?", "ta": "Why so soon?"} {
		refused := d.Doctor.Post(t, "/api/tasks/"+task+"/complete", nil, "Accept-Language", language).WantProblem(t, 409, "rules.reason_required")
		shown := d.Doctor.Get(t, "/api/rules/rulebook.task", "Accept-Language", language).Want(t, 200)
		if refused.Path("rules.0.message") != want || shown.Text("message") != want {
			t.Errorf("%q: refused with %v, shown %v", language, refused.Path("rules.0.message"), shown.Text("message"))
		}
	}
}

func (d *day) register(t *testing.T, data object) string {
	t.Helper()
	return register(t, d, object{"system_specific_data": data}).Want(t, 201).ID()
}

func observationsAreListed(t *testing.T, d *day) {
	patient := d.Patient(t, "Observed")
	e := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "pack": "rulebook"}).Want(t, 201).ID()
	d.Nurse.Post(t, "/api/encounters/"+e+"/vitals", object{"weight_kg": 61.5, "pain": 2}).Want(t, 201)
	final := d.finalize(t, e, "measure", object{"creatinine": 1.1, "mood": "calm"})
	path := "/api/patients/" + patient + "/observations"
	all := d.Auditor.Get(t, path).Want(t, 200).List("results")
	values := map[string]any{}
	for _, each := range all {
		o := each.(object)
		values[fmt.Sprint(o["system"], " ", o["code"], " ", o["unit"])] = o["value"]
		if o["encounter_id"] != e || o["document_id"] == nil || o["at"] == nil {
			t.Errorf("got %v", o)
		}
	}
	if want := map[string]any{"loinc 29463-7 kg": 61.5, "loinc 72514-3 <nil>": 2.0, "loinc 2160-0 mg/dL": 1.1, "rulebook mood <nil>": "calm"}; !maps.Equal(values, want) {
		t.Errorf("got %v", values)
	}
	d.Doctor.Post(t, "/api/clinical-docs/amend", object{"document_id": final.ID(), "payload_patch": object{"creatinine": 1.2, "mood": nil}, "reason": "Slip"}).Want(t, 201)
	creatinine := d.Doctor.Get(t, path+"?code=2160-0&system=loinc&since=2000-01-01T00:00:00Z&count=true").Want(t, 200)
	if creatinine.JSON["count"] != 1.0 || creatinine.Path("results.0.value") != 1.2 {
		t.Errorf("got %s", creatinine.Body)
	}
	if gone := d.Doctor.Get(t, path+"?code=mood").Want(t, 200); len(gone.List("results")) != 0 {
		t.Errorf("got %s", gone.Body)
	}
	d.Doctor.Get(t, "/api/patients/"+e+"/observations").WantProblem(t, 404, "patients.not_found")
	d.Receptionist.Get(t, path).WantProblem(t, 403, "auth.permission_denied")
}

func aDocumentBeginsWithTheLast(t *testing.T, d *day) {
	patient := d.Patient(t, "Carried")
	open := func() string {
		return d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "pack": "rulebook"}).Want(t, 201).ID()
	}
	first := open()
	path := "/api/clinical-docs/carry-over?template_code=measure&encounter_id="
	if nothing := d.Doctor.Get(t, path+first).Want(t, 200); nothing.JSON["document_id"] != nil || fmt.Sprint(nothing.JSON["values"]) != "map[]" {
		t.Errorf("got %s", nothing.Body)
	}
	final := d.finalize(t, first, "measure", object{"creatinine": 1.1, "mood": "calm"})
	d.Receptionist.Post(t, "/api/encounters/"+first+"/cancel", object{"reason": "Gone"}).Want(t, 200)
	carried := d.Doctor.Get(t, path+open()).Want(t, 200)
	if carried.Text("document_id") != final.ID() || carried.Text("recorded_at") == "" || fmt.Sprint(carried.JSON["values"]) != "map[creatinine:1.1]" {
		t.Errorf("got %s", carried.Body)
	}
}

func packsDataAreCheckedAndSearched(t *testing.T, d *day) {
	r := register(t, d, object{"system_specific_data": object{"rulebook": object{"kind": "lukewarm", "colour": "red"}}}).Want(t, 422)
	if got := codes(r.List("errors"), "location"); !slices.Equal(got, []string{"body.system_specific_data.rulebook.colour", "body.system_specific_data.rulebook.kind"}) {
		t.Errorf("faults at %v", got)
	}
	register(t, d, object{"system_specific_data": object{"atlantis": object{}}}).Want(t, 422)
	cold := d.register(t, object{"rulebook": object{"kind": "cold"}})
	found := d.Receptionist.Get(t, "/api/patients?data=rulebook.kind:cold&count=true").Want(t, 200)
	if found.JSON["count"] != 1.0 || found.Path("results.0.id") != cold {
		t.Errorf("got %s", found.Body)
	}
	d.Receptionist.Get(t, "/api/patients?data=rulebook.note:x").WantProblem(t, 422, "request.invalid")
	e := d.Receptionist.Post(t, "/api/encounters", object{"patient_id": cold, "pack": "rulebook", "system_data": object{"season": "Monsoon"}}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters", object{"patient_id": d.Patient(t, "Other"), "pack": "rulebook", "system_data": object{"season": 7}}).Want(t, 422)
	if found := d.Receptionist.Get(t, "/api/encounters?data=rulebook.season:monsoon").Want(t, 200).List("results"); len(found) != 1 || found[0].(object)["id"] != e {
		t.Errorf("got %v", found)
	}
}
