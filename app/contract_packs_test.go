package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

func TestContractPacks(t *testing.T) {
	t.Parallel()
	section{
		"the built-in packs are listed":                 theBuiltInPacksAreListed,
		"a pack is installed, upgraded and shown":       aPackIsInstalled,
		"a faulty pack is told every fault":             aFaultyPackIsToldEveryFault,
		"a version never changes":                       aVersionNeverChanges,
		"old notes keep their forms":                    oldNotesKeepTheirForms,
		"an upgrade breaks no pack over it":             anUpgradeBreaksNoPackOverIt,
		"a facility chooses its packs":                  aFacilityChoosesItsPacks,
		"only whom the role allows installs":            onlyWhomTheRoleAllowsInstalls,
		"tools of third parties are allowed one by one": toolsAreAllowedOneByOne,
	}.hold(t, 2)
}

func TestContractWorkspace(t *testing.T) {
	t.Parallel()
	section{
		"the workspace is the caller's own":        theWorkspaceIsTheCallersOwn,
		"the workspace is not sent twice":          theWorkspaceIsNotSentTwice,
		"a site pack changes its facility's view":  aSitePackChangesItsFacility,
		"the workspace has the tools that may run": theWorkspaceHasTheToolsThatMayRun,
	}.hold(t, 1)
}

func theBuiltInPacksAreListed(t *testing.T, d *day) {
	page := d.Nurse.Get(t, "/api/packs?limit=200&count=true").Want(t, 200)
	results := page.List("results")
	ids := codes(results, "id")
	if !slices.Contains(ids, "base") || !slices.Contains(ids, "ayurveda") || !slices.IsSorted(ids) {
		t.Fatalf("the packs are %v", ids)
	}
	base := results[slices.Index(ids, "base")].(object)
	for name, want := range (object{"kind": "base", "origin": "built_in", "installed_at": nil, "problem": nil}) {
		if got, there := base[name]; !there || got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if base["version"] == "" || base["name"] == "" || len(base["locales"].([]any)) == 0 {
		t.Errorf("base is %v", base)
	}
	var paged []string
	for path := "/api/packs?limit=1"; ; {
		r := d.Nurse.Get(t, path).Want(t, 200)
		paged = append(paged, codes(r.List("results"), "id")...)
		next, more := r.JSON["next"].(string)
		if !more {
			break
		}
		path = "/api/packs?limit=1&cursor=" + next
	}
	for _, id := range []string{"base", "ayurveda"} {
		if !slices.Contains(paged, id) {
			t.Errorf("page by page the packs are %v", paged)
		}
	}
	one := d.Nurse.Get(t, "/api/packs/base").Want(t, 200)
	if one.Header.Get("ETag") == "" || one.JSON["rules"].(float64) == 0 || !slices.Contains(codes(one.List("templates"), "code"), "progress_note") {
		t.Errorf("base holds %s", one.Body)
	}
	if versions := one.List("versions"); len(versions) != 1 || versions[0].(object)["origin"] != "built_in" {
		t.Errorf("the versions are %v", versions)
	}
	d.Nurse.Get(t, "/api/packs/no_such_pack").WantProblem(t, 404, "packs.unknown_pack")
}

func aPackIsInstalled(t *testing.T, d *day) {
	first := apptest.Clinic("siddha", "1.0.0", "Siddha")
	made := d.Admin.Install(t, first, "Idempotency-Key", "siddha-1").Want(t, 201)
	if made.Text("id") != "siddha" || made.Text("origin") != "tenant" || made.Text("installed_at") == "" || made.Text("version") != "1.0.0" {
		t.Errorf("installed: %s", made.Body)
	}
	again := d.Admin.Install(t, first, "Idempotency-Key", "siddha-1").Want(t, 201)
	if again.Header.Get("Idempotency-Replayed") != "true" || string(again.Body) != string(made.Body) {
		t.Errorf("the repetition answers %s", again.Body)
	}
	if same := d.Admin.Install(t, first).Want(t, 200); string(same.Body) != string(made.Body) {
		t.Errorf("the same content again answers %s", same.Body)
	}
	// At once on the node that installed it, within a second on the other.
	d.Nurse.Get(t, "/api/packs/siddha").Want(t, 200)
	form := d.Nurse.Get(t, "/api/templates/first_look?pack=siddha").Want(t, 200)
	if form.Text("title") != "Siddha look" || form.Text("version") != "1.0.0" {
		t.Errorf("the form is %s", form.Body)
	}
	time.Sleep(time.Second)
	d.Nurse.On(1).Get(t, "/api/packs/siddha").Want(t, 200)

	second := apptest.Clinic("siddha", "1.1.0", "Newer")
	upgraded := d.Admin.Install(t, second).Want(t, 200)
	if upgraded.Text("version") != "1.1.0" || !slices.Equal(codes(upgraded.List("versions"), "version"), []string{"1.1.0", "1.0.0"}) {
		t.Errorf("upgraded: %s", upgraded.Body)
	}
	if form = d.Nurse.Get(t, "/api/templates/first_look?pack=siddha").Want(t, 200); form.Text("title") != "Newer look" {
		t.Errorf("the form is still %s", form.Body)
	}
	// The first version is in the tenant's past, and is no downgrade either.
	d.Admin.Install(t, first).Want(t, 200)
	if now := d.Nurse.Get(t, "/api/packs/siddha").Want(t, 200); now.Text("version") != "1.1.0" {
		t.Errorf("the version in use is %s", now.Text("version"))
	}
	events := d.Auditor.Get(t, "/api/audit/events?entity_type=pack").Want(t, 200)
	if found := events.List("results"); len(found) < 2 {
		t.Errorf("the audit trail has %v", found)
	}
}

func aFaultyPackIsToldEveryFault(t *testing.T, d *day) {
	faulty := apptest.Clinic("faulty", "1.0.0", "Faulty").With(apptest.Pack{
		"templates/first_look.yaml": "code: first_look\nversion: 1.0.0\ntitle: x\nschema:\n  type: object\n  properties:\n    warmth: {type: integer}\ncomputed:\n  doubled: doc.wramth * 2\n",
		"rules/cold.yaml":           "- code: faulty.cold\n  on: no.such.moment\n  when: 'true'\n  then: {effect: warn}\n  severity: info\n  message: x\n",
	})
	refused := d.Admin.Install(t, faulty).WantProblem(t, 422, "packs.invalid")
	locations := codes(refused.List("errors"), "location")
	for _, want := range []string{"templates/first_look.yaml:9", "rules/cold.yaml:2"} {
		if !slices.Contains(locations, want) {
			t.Errorf("%s is not among %v", want, refused.List("errors"))
		}
	}
	d.Admin.Get(t, "/api/packs/faulty").WantProblem(t, 404, "packs.unknown_pack")
	for name, body := range map[string]string{
		"no zip": "id: x", "half a zip": faulty.Zip(t)[:200],
		"a path that leads out": apptest.Pack{"../pack.yaml": "id: x"}.Zip(t),
		"no pack in it":         apptest.Pack{"readme.txt": "x"}.Zip(t),
	} {
		r := d.Admin.Post(t, "/api/packs", body, "Content-Type", "application/zip").WantProblem(t, 422, "packs.invalid")
		if len(r.List("errors")) == 0 {
			t.Errorf("%s: no reason in %s", name, r.Body)
		}
	}
	if r := d.Admin.Post(t, "/api/packs", strings.Repeat("x", 17<<20), "Content-Type", "application/zip"); r.StatusCode != 413 {
		t.Errorf("17 MiB: %d %s", r.StatusCode, r.Body)
	}
	unknown := apptest.Clinic("lost", "1.0.0", "Lost").With(apptest.Pack{"pack.yaml": strings.Replace(apptest.Clinic("lost", "1.0.0", "Lost")["pack.yaml"], "[base]", "[nowhere]", 1)})
	d.Admin.Install(t, unknown).WantProblem(t, 422, "packs.invalid")
}

func aVersionNeverChanges(t *testing.T, d *day) {
	first := apptest.Clinic("unani", "1.2.0", "Unani")
	d.Admin.Install(t, first).Want(t, 201)
	other := first.With(apptest.Pack{"labels/en.yaml": "diagnosis: Other\n"})
	d.Admin.Install(t, other).WantProblem(t, 409, "packs.version_exists")
	older := d.Admin.Install(t, apptest.Clinic("unani", "1.1.9", "Older")).WantProblem(t, 409, "packs.version_older")
	if older.Text("current_version") != "1.2.0" {
		t.Errorf("got %s", older.Body)
	}
	// A built-in pack is a version too.
	d.Admin.Install(t, apptest.Clinic("ayurveda", "0.1.0", "Mine")).WantProblem(t, 409, "packs.version_older")
	// A form that changed must have a version of its own, or old notes would change with it.
	silent := first.With(apptest.Pack{"pack.yaml": strings.Replace(first["pack.yaml"], "1.2.0", "1.3.0", 1),
		"templates/first_look.yaml": strings.Replace(first["templates/first_look.yaml"], "maximum: 10", "maximum: 9", 1)})
	refused := d.Admin.Install(t, silent).WantProblem(t, 422, "packs.invalid")
	if faults := refused.List("errors"); len(faults) != 1 || faults[0].(object)["location"] != "templates/first_look.yaml:3" ||
		!strings.Contains(faults[0].(object)["message"].(string), "higher version") {
		t.Errorf("got %s", refused.Body)
	}
	// A comment changes nothing of it.
	d.Admin.Install(t, first.With(apptest.Pack{"pack.yaml": strings.Replace(first["pack.yaml"], "1.2.0", "1.3.0", 1),
		"templates/first_look.yaml": "# As before.\n" + first["templates/first_look.yaml"]})).Want(t, 200)
}

// inPack gives the facility of the day's people a pack, and an encounter in it.
func (d *day) inPack(t *testing.T, pack string) (encounterID string) {
	t.Helper()
	facility := "/api/facilities/" + d.Doctor.FacilityID.String()
	var chosen []any
	for _, id := range d.Admin.Get(t, facility).Want(t, 200).List("packs") {
		if id != pack {
			chosen = append(chosen, id)
		}
	}
	d.Admin.Put(t, facility+"/packs", object{"packs": append(chosen, pack)}).Want(t, 200)
	patient := d.Patient(t, "Somebody in "+pack)
	encounterID = d.Receptionist.Post(t, "/api/encounters", object{"patient_id": patient, "pack": pack}).Want(t, 201).ID()
	d.Receptionist.Post(t, "/api/encounters/"+encounterID+"/check-in", nil).Want(t, 200)
	d.Doctor.Post(t, "/api/encounters/"+encounterID+"/start-consult", nil).Want(t, 200)
	return encounterID
}

func oldNotesKeepTheirForms(t *testing.T, d *day) {
	d.Admin.Install(t, apptest.Clinic("kampo", "1.0.0", "Kampo")).Want(t, 201)
	encounter := d.inPack(t, "kampo")
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "first_look", "payload": object{"warmth": 5}}).Want(t, 201)
	final := d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 201)
	if final.Text("summary") != "Kampo 10" || final.Text("template_version") != "1.0.0" {
		t.Errorf("final: %s", final.Body)
	}
	// The next version no longer has the form at all, the one after has a newer one. The form's safety rule goes with it,
	// which a pack says aloud.
	bare := apptest.Clinic("kampo", "2.0.0", "Bare").With(apptest.Pack{"templates/first_look.yaml": "", "rules/cold.yaml": "",
		"workflows/opd.yaml": "encounter_type: OPD\nsteps:\n  - {code: look-first, title: Look, role: doctor, opens_on: encounter.created}\nclose: {tasks: [look-first]}\n"})
	d.Admin.Install(t, bare).WantProblem(t, 422, "packs.invalid")
	d.Admin.Install(t, bare.With(apptest.Pack{"rules/cold.yaml": "- {code: kampo.too_cold, hidden: true}\n"})).Want(t, 200)
	d.Doctor.Get(t, "/api/templates/first_look?pack=kampo").WantProblem(t, 404, "packs.unknown_template")
	d.Admin.Install(t, apptest.Clinic("kampo", "3.0.0", "Third")).Want(t, 200)
	for version, title := range map[string]string{"": "Third look", "3.0.0": "Third look", "1.0.0": "Kampo look"} {
		if form := d.Doctor.Get(t, "/api/templates/first_look?pack=kampo&version="+version).Want(t, 200); form.Text("title") != title {
			t.Errorf("version %q is %s", version, form.Body)
		}
	}
	d.Doctor.Get(t, "/api/templates/first_look?pack=kampo&version=2.0.0").WantProblem(t, 404, "packs.unknown_template")
	// The note is still corrected by the form it was written with.
	amended := d.Doctor.Post(t, "/api/clinical-docs/amend", object{"document_id": final.ID(), "payload_patch": object{"warmth": 6}, "reason": "Measured again"}).Want(t, 201)
	if amended.Text("summary") != "Kampo 12" || amended.Text("template_version") != "1.0.0" {
		t.Errorf("amended: %s", amended.Body)
	}
}

func anUpgradeBreaksNoPackOverIt(t *testing.T, d *day) {
	below := apptest.Clinic("below", "1.0.0", "Below")
	d.Admin.Install(t, below).Want(t, 201)
	over := apptest.Pack{
		"pack.yaml":          strings.NewReplacer("id: over_it", "id: over_it", "[base]", "[below]", "system", "specialty").Replace(apptest.Clinic("over_it", "1.0.0", "Over")["pack.yaml"]),
		"workflows/opd.yaml": "encounter_type: OPD\nsteps:\n  - {code: look-again, title: Again, role: doctor, opens_on: encounter.created, completed_by: {template: first_look}}\nclose: {documents: [first_look]}\n",
	}
	d.Admin.Install(t, over).Want(t, 201)
	bare := apptest.Clinic("below", "2.0.0", "Bare").With(apptest.Pack{"templates/first_look.yaml": "", "rules/cold.yaml": "",
		"workflows/opd.yaml": "encounter_type: OPD\nsteps:\n  - {code: look-first, title: Look, role: doctor, opens_on: encounter.created}\nclose: {tasks: [look-first]}\n"})
	refused := d.Admin.Install(t, bare).WantProblem(t, 422, "packs.invalid")
	for _, location := range codes(refused.List("errors"), "location") {
		if !strings.HasPrefix(location, "over_it/workflows/opd.yaml:") {
			t.Errorf("the fault is said to be at %s", location)
		}
	}
	if now := d.Doctor.Get(t, "/api/packs/below").Want(t, 200); now.Text("version") != "1.0.0" {
		t.Errorf("the refused version is in use: %s", now.Body)
	}
}

func aFacilityChoosesItsPacks(t *testing.T, d *day) {
	east := d.Admin.In(d.ID, d.Facilities[1])
	path := "/api/facilities/" + d.Facilities[1].String()
	before := east.Get(t, path).Want(t, 200)
	after := east.Put(t, path+"/packs", object{"packs": []string{"ayurveda", "base"}}, "If-Match", before.Header.Get("ETag")).Want(t, 200)
	if got := texts(after.List("packs")); !slices.Equal(got, []string{"ayurveda", "base"}) {
		t.Errorf("the packs are %v", got)
	}
	east.Put(t, path+"/packs", object{"packs": []string{"base"}}, "If-Match", before.Header.Get("ETag")).WantProblem(t, 412, "request.stale")
	workspace := east.Get(t, "/api/workspace").Want(t, 200)
	if workspace.Text("default_pack") != "ayurveda" || !slices.Equal(codes(workspace.List("packs"), "id"), []string{"ayurveda", "base"}) {
		t.Errorf("the workspace has %v, %v", workspace.JSON["default_pack"], codes(workspace.List("packs"), "id"))
	}
	for name, ids := range map[string][]string{"none": {}, "an unknown one": {"base", "no_such_pack"}, "one twice": {"base", "base"}} {
		if r := east.Put(t, path+"/packs", object{"packs": ids}); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	unknown := east.Put(t, path+"/packs", object{"packs": []string{"base", "no_such_pack"}}).WantProblem(t, 422, "facilities.invalid")
	if unknown.Path("errors.0.location") != "body.packs[1]" {
		t.Errorf("got %s", unknown.Body)
	}
	d.Doctor.Put(t, path+"/packs", object{"packs": []string{"base"}}).WantProblem(t, 403, "auth.permission_denied")
	// The first pack is that of an encounter which names none; one that the facility lacks is refused.
	receptionist := d.User(t, "reception.east", d.Facilities[1], "receptionist")
	patient := receptionist.Post(t, "/api/patients", object{"full_name": "Somebody", "gender": "male", "age_years": 40}).Want(t, 201).ID()
	if e := receptionist.Post(t, "/api/encounters", object{"patient_id": patient}).Want(t, 201); e.Text("pack") != "ayurveda" {
		t.Errorf("the encounter is %s", e.Body)
	}
}

func onlyWhomTheRoleAllowsInstalls(t *testing.T, d *day) {
	for _, c := range []*apptest.Client{d.Doctor, d.Nurse, d.Receptionist, d.Auditor} {
		c.Install(t, apptest.Clinic("mine", "1.0.0", "Mine")).WantProblem(t, 403, "auth.permission_denied")
		c.Get(t, "/api/tools/allowed").WantProblem(t, 403, "auth.permission_denied")
	}
}

func toolsAreAllowedOneByOne(t *testing.T, d *day) {
	const hash = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"
	tool := object{"url": "https://tools.example.org/pulse.js", "integrity": hash}
	if r := d.Admin.Get(t, "/api/tools/allowed").Want(t, 200); len(r.List("tools")) != 0 {
		t.Errorf("allowed at first: %s", r.Body)
	}
	allowed := d.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{tool, object{"url": "/own/tool.js", "integrity": hash}, tool}}).Want(t, 200)
	if len(allowed.List("tools")) != 2 || allowed.Header.Get("ETag") == "" {
		t.Errorf("allowed: %s", allowed.Body)
	}
	if read := d.Admin.Get(t, "/api/tools/allowed").Want(t, 200); string(read.Body) != string(allowed.Body) || read.Header.Get("ETag") != allowed.Header.Get("ETag") {
		t.Errorf("read: %s", read.Body)
	}
	d.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{}}, "If-Match", `"other"`).WantProblem(t, 412, "request.stale")
	for name, bad := range map[string]object{
		"plain http": {"url": "http://tools.example.org/x.js", "integrity": hash}, "another host's path": {"url": "//tools.example.org/x.js", "integrity": hash},
		"a script": {"url": "javascript:alert(1)", "integrity": hash}, "data": {"url": "data:text/javascript,1", "integrity": hash},
		"a password": {"url": "https://a:b@tools.example.org/x.js", "integrity": hash}, "no hash": {"url": "/x.js", "integrity": "sha384-"},
		"a weak hash": {"url": "/x.js", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, "a short hash": {"url": "/x.js", "integrity": "sha384-AAAA"},
		"two hashes": {"url": "/x.js", "integrity": hash + " " + hash}, "backslashes": {"url": `/\tools.example.org/x.js`, "integrity": hash},
	} {
		if r := d.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{bad}}); r.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Body)
		}
	}
	if cleared := d.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{}}, "If-Match", allowed.Header.Get("ETag")).Want(t, 200); len(cleared.List("tools")) != 0 {
		t.Errorf("cleared: %s", cleared.Body)
	}
}

func theWorkspaceIsTheCallersOwn(t *testing.T, d *day) {
	reply := d.Doctor.Get(t, "/api/workspace").Want(t, 200)
	if reply.Text("locale") != "en" || reply.Text("direction") != "ltr" || reply.Text("default_pack") != "base" {
		t.Errorf("got %s", reply.Body[:200])
	}
	if reply.Path("facility.code") != "MAIN" || reply.Path("facility.time_zone") != "Asia/Kolkata" || reply.Path("facility.id") != d.Facilities[0].String() {
		t.Errorf("the facility is %v", reply.JSON["facility"])
	}
	permissions := texts(reply.List("permissions"))
	if !slices.Contains(permissions, "encounters.can_start_consult") || slices.Contains(permissions, "iam.can_manage_users") || !slices.IsSorted(permissions) {
		t.Errorf("a doctor may %v", permissions)
	}
	if packs := codes(reply.List("packs"), "id"); packs[0] != "base" {
		t.Errorf("the packs are %v", packs)
	}
	templates, _ := reply.Path("packs.0.templates").([]any)
	if !slices.Contains(codes(templates, "code"), "progress_note") {
		t.Errorf("the forms are %v", templates)
	}
	workflows, _ := reply.Path("packs.0.workflows").([]any)
	if !slices.Contains(codes(workflows, "encounter_type"), "OPD") {
		t.Errorf("the workflows are %v", workflows)
	}
	// A menu leads only where its reader may go.
	screens := func(c *apptest.Client) []string {
		navigation, _ := c.Get(t, "/api/workspace").Want(t, 200).Path("packs.0.navigation").([]any)
		return codes(navigation, "screen")
	}
	if got := screens(d.Doctor); !slices.Contains(got, "queue") || slices.Contains(got, "administration") || slices.Contains(got, "audit") {
		t.Errorf("a doctor's menu leads to %v", got)
	}
	if got := screens(d.Receptionist); !slices.Contains(got, "desk") || slices.Contains(got, "queue") {
		t.Errorf("a receptionist's menu leads to %v", got)
	}
}

func theWorkspaceIsNotSentTwice(t *testing.T, d *day) {
	west := d.User(t, "nurse.east", d.Facilities[1], "nurse")
	d.Admin.In(d.ID, d.Facilities[1]).Put(t, "/api/facilities/"+d.Facilities[1].String()+"/packs", object{"packs": []string{"ayurveda"}}).Want(t, 200)
	first := d.Auditor.Get(t, "/api/workspace").Want(t, 200)
	tag := first.Header.Get("ETag")
	if tag == "" {
		t.Fatal("it has no ETag")
	}
	for _, sent := range []string{"W/" + tag, `"other", ` + tag, "*"} {
		if again := d.Auditor.Get(t, "/api/workspace", "If-None-Match", sent).Want(t, 304); len(again.Body) != 0 || again.Header.Get("ETag") == "" {
			t.Errorf("If-None-Match %s: %d bytes, ETag %s", sent, len(again.Body), again.Header.Get("ETag"))
		}
	}
	d.Auditor.Get(t, "/api/workspace", "If-None-Match", `"other"`).Want(t, 200)
	d.Nurse.Get(t, "/api/workspace", "If-None-Match", tag).Want(t, 200)
	west.Get(t, "/api/workspace", "If-None-Match", tag).Want(t, 200)
	inHindi := west.Get(t, "/api/workspace", "Accept-Language", "hi-IN, en;q=0.5").Want(t, 200)
	if inHindi.Text("locale") != "hi" || inHindi.Header.Get("ETag") == west.Get(t, "/api/workspace").Want(t, 200).Header.Get("ETag") {
		t.Errorf("in Hindi: %s", inHindi.Body[:200])
	}
}

// words gives the words of the first pack of a client's workspace.
func words(t *testing.T, c *apptest.Client) object {
	t.Helper()
	labels, _ := c.Get(t, "/api/workspace").Want(t, 200).Path("packs.0.labels").(object)
	return labels
}

func aSitePackChangesItsFacility(t *testing.T, d *day) {
	tenant := d.House.Tenant(t, unique("site"), "NORTH", "SOUTH")
	north, south := tenant.Admin.In(tenant.ID, tenant.Facilities[0]), tenant.Admin.In(tenant.ID, tenant.Facilities[1])
	north.Install(t, apptest.Clinic("siddha", "1.0.0", "Siddha")).Want(t, 201)
	for i, c := range []*apptest.Client{north, south} {
		c.Put(t, "/api/facilities/"+tenant.Facilities[i].String()+"/packs", object{"packs": []string{"siddha"}}).Want(t, 200)
	}
	site := func(id, version, facilities, word string) apptest.Pack {
		return apptest.Pack{"pack.yaml": "id: " + id + "\nversion: " + version + "\nname: " + id + "\nkind: site\nextends: [siddha]\nrequires_hm: \"^1\"\nlocales: [en]\n" + facilities +
			"sign_off: {clinician: \"\", date: \"\"}\n", "labels/en.yaml": "diagnosis: " + word + "\n"}
	}
	whole := north.Install(t, site("everywhere", "1.0.0", "", "House finding")).Want(t, 201)
	if whole.Text("kind") != "site" || whole.Text("origin") != "tenant" {
		t.Errorf("installed: %s", whole.Body)
	}
	for _, c := range []*apptest.Client{north, south} {
		if got := words(t, c)["diagnosis"]; got != "House finding" {
			t.Errorf("the word is %v", got)
		}
	}
	north.Install(t, site("only_south", "1.0.0", "facilities: [SOUTH]\n", "Southern finding")).Want(t, 201)
	if n, s := words(t, north)["diagnosis"], words(t, south)["diagnosis"]; n != "House finding" || s != "Southern finding" {
		t.Errorf("the words are %v and %v", n, s)
	}
	north.Install(t, site("only_south", "1.1.0", "facilities: [NORTH]\n", "Northern finding")).Want(t, 200)
	if n, s := words(t, north)["diagnosis"], words(t, south)["diagnosis"]; n != "Northern finding" || s != "House finding" {
		t.Errorf("now the words are %v and %v", n, s)
	}
	chosen := north.Put(t, "/api/facilities/"+tenant.Facilities[0].String()+"/packs", object{"packs": []string{"everywhere"}}).WantProblem(t, 422, "facilities.invalid")
	if chosen.Path("errors.0.location") != "body.packs[0]" {
		t.Errorf("choosing a site pack: %s", chosen.Body)
	}
	if listed := codes(north.Get(t, "/api/packs?limit=200").Want(t, 200).List("results"), "id"); !slices.Contains(listed, "everywhere") || !slices.Contains(listed, "only_south") {
		t.Errorf("listed are %v", listed)
	}
	// A form that stands below must not be changed under its version by a site pack either.
	form := strings.Replace(apptest.Clinic("siddha", "1.0.0", "Siddha")["templates/first_look.yaml"], "maximum: 10", "maximum: 5", 1)
	refused := north.Install(t, site("other_form", "1.0.0", "", "x").With(apptest.Pack{"templates/first_look.yaml": form})).WantProblem(t, 422, "packs.invalid")
	if refused.Path("errors.0.location") != "templates/first_look.yaml:3" {
		t.Errorf("a form under the same version: %s", refused.Body)
	}
}

func theWorkspaceHasTheToolsThatMayRun(t *testing.T, d *day) {
	const hash = "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="
	tenant := d.House.Tenant(t, unique("tools"), "MAIN")
	tenant.Admin.Install(t, apptest.Clinic("siddha", "1.0.0", "Siddha").With(apptest.Pack{
		"tools.yaml": "- {code: pulse, tool: custom, title: Pulse, url: \"https://tools.example.org/pulse.js\", integrity: \"" + hash + "\", element: x-pulse}\n- {code: wheel, tool: radar, title: Wheel}\n",
	})).Want(t, 201)
	tenant.Admin.Put(t, "/api/facilities/"+tenant.Facilities[0].String()+"/packs", object{"packs": []string{"siddha"}}).Want(t, 200)
	tools := func() []string {
		list, _ := tenant.Admin.Get(t, "/api/workspace").Want(t, 200).Path("packs.0.tools").([]any)
		return codes(list, "code")
	}
	allow := func(url, integrity string) {
		tenant.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{object{"url": url, "integrity": integrity}}}).Want(t, 200)
	}
	if got := tools(); slices.Contains(got, "pulse") || !slices.Contains(got, "wheel") {
		t.Errorf("before it is allowed: %v", got)
	}
	allow("https://tools.example.org/pulse.js", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
	if got := tools(); slices.Contains(got, "pulse") {
		t.Errorf("allowed with other content: %v", got)
	}
	allow("https://tools.example.org/pulse.js", hash)
	if got := tools(); !slices.Contains(got, "pulse") {
		t.Errorf("allowed: %v", got)
	}
	tenant.Admin.Put(t, "/api/tools/allowed", object{"tools": []any{}}).Want(t, 200)
	if got := tools(); slices.Contains(got, "pulse") {
		t.Errorf("no longer allowed: %v", got)
	}
}
