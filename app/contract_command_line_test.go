package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/testkit"
)

// operator runs the binary against a database of its own, told by the environment.
type operator struct {
	path        string
	database    *testkit.Database
	environment []string
}

func newOperator(t *testing.T) *operator {
	t.Helper()
	path, err := plant.Built()
	if err != nil {
		t.Fatal(err)
	}
	o := &operator{path: path, database: testkit.NewDatabase(t)}
	o.environment = append(os.Environ(), "HM_DATABASE_URL="+o.database.OwnerURL, "HM_DATA_DIR="+t.TempDir(), "HM_SECRET_KEY="+strings.Repeat("0123456789abcdef", 4))
	return o
}

// command runs one and gives what it printed and its exit code.
func (o *operator) command(t *testing.T, input string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.Command(o.path, args...)
	var out, faults bytes.Buffer
	command.Env, command.Stdin, command.Stdout, command.Stderr = o.environment, strings.NewReader(input), &out, &faults
	var exited *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return out.String(), faults.String(), command.ProcessState.ExitCode()
}

// does stops the test unless the command ends well and says nothing else than its output.
func (o *operator) does(t *testing.T, input string, args ...string) (stdout string) {
	t.Helper()
	out, faults, code := o.command(t, input, args...)
	if code != 0 || faults != "" {
		t.Fatalf("hm %s: exit %d: %s", strings.Join(args, " "), code, faults)
	}
	return out
}

// fails stops the test unless the command fails with one clear line.
func (o *operator) fails(t *testing.T, input, says string, args ...string) {
	t.Helper()
	out, faults, code := o.command(t, input, args...)
	if code != 1 || strings.Count(faults, "\n") != 1 || !strings.HasPrefix(faults, "hm: ") || !strings.Contains(faults, says) {
		t.Errorf("hm %s: exit %d, says %q %q", strings.Join(args, " "), code, out, faults)
	}
}

// one reads a value past every wall.
func (o *operator) one(t *testing.T, sql string, args ...any) (value int64) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, o.database.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

// serve runs hm serve until the test ends, on an address that the environment names.
func (o *operator) serve(t *testing.T, args ...string) (address string, log *lockedBuffer) {
	t.Helper()
	address, err := plant.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	log = &lockedBuffer{}
	command := exec.Command(o.path, append([]string{"serve"}, args...)...)
	command.Env, command.Stderr = append(slices.Clone(o.environment), "HM_ADDR="+address, "HM_LOG_LEVEL=debug"), log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		if err := command.Wait(); err != nil {
			t.Errorf("hm serve ended with %v: %s", err, log.String())
		}
	})
	within(t, 6*time.Second, "hm serve is ready", func() bool {
		response, err := http.Get("http://" + address + "/readyz") //nolint:noctx // over loopback, and the test has a deadline
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == 200
	})
	return address, log
}

const newPassword = "correct horse battery\n"

func TestContractCommandLine(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	// In order: what one command leaves the next one finds.
	for _, step := range []struct {
		name string
		test func(t *testing.T, o *operator)
	}{
		{"migrating twice", migratingTwice}, {"the version", theVersion}, {"wrong usage", wrongUsage}, {"creating a tenant", creatingATenant}, {"ensuring roles", ensuringRoles},
		{"seeding the demo twice", seedingTheDemoTwice}, {"checking packs", checkingPacks}, {"the roles of a node", theRolesOfANode}, {"backfilling twice", backfillingTwice}, {"verifying the audit trail", verifyingTheAuditTrail}, {"installing packs", installingPacks},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.test(t, o) }) {
			return
		}
	}
}

func migratingTwice(t *testing.T, o *operator) {
	name := unique("hm_empty_")
	o.database.AsSuperuser(t, `CREATE DATABASE `+name+` TEMPLATE template0`)
	u, err := url.Parse(o.database.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	empty := &operator{path: o.path, database: &testkit.Database{OwnerURL: u.String()}, environment: append(slices.Clone(o.environment), "HM_DATABASE_URL="+u.String())}
	const version = `SELECT max(version_id) FROM public.hm_migration WHERE is_applied`
	for range 2 {
		if out := empty.does(t, "", "migrate"); strings.Count(out, "\n") != 1 {
			t.Errorf("it says %q", out)
		}
		if got, want := empty.one(t, version), o.one(t, version); got != want {
			t.Errorf("migrated to %d, want %d", got, want)
		}
	}
	empty.database.AsSuperuser(t, `INSERT INTO public.hm_migration (version_id, is_applied) VALUES (99991231235959, true)`)
	empty.fails(t, "", "", "migrate")
}

func theVersion(t *testing.T, o *operator) {
	if out := o.does(t, "", "version"); !regexp.MustCompile(`^\S+\n$`).MatchString(out) {
		t.Errorf("version %q", out)
	}
}

func wrongUsage(t *testing.T, o *operator) {
	for _, args := range [][]string{
		{}, {"heal"}, {"serve", "--role", "janitor"}, {"serve", "--addr", "nowhere"}, {"seed"}, {"audit", "verify"}, {"migrate", "--sideways"}, {"version", "now"},
		{"tenants", "create", "c", "C", "--facility", "M=Main", "--password-stdin"}, {"tenants", "create", "c", "C", "--admin", "a", "--password-stdin"},
		{"tenants", "create", "c", "C", "--facility", "M=Main", "--admin", "a"}, {"tenants", "create", "c", "C", "--facility", "Main", "--admin", "a", "--password-stdin"},
		{"tenants", "create", "c", "--facility", "M=Main", "--admin", "a", "--password-stdin"},
	} {
		if out, faults, code := o.command(t, "", args...); code != 2 || faults == "" || out != "" {
			t.Errorf("hm %s: exit %d %q %q", strings.Join(args, " "), code, out, faults)
		}
	}
}

func creatingATenant(t *testing.T, o *operator) {
	create := func(code, admin string) []string {
		return []string{"tenants", "create", code, "Cedar Hospital", "--facility", "MAIN=Cedar Main", "--facility", "EAST=Cedar, East", "--admin", admin, "--password-stdin"}
	}
	var made struct {
		TenantID   uuid.UUID `json:"tenant_id"`
		FacilityID uuid.UUID `json:"facility_id"`
		UserID     uuid.UUID `json:"user_id"`
	}
	out := o.does(t, newPassword, create("cedar", "admin.cedar")...)
	if err := json.Unmarshal([]byte(out), &made); err != nil || strings.Count(out, "\n") != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	if n := o.one(t, `SELECT count(*) FROM facilities.facility f JOIN tenants.tenant t ON t.id = f.tenant_id WHERE t.id = $1 AND t.code = 'cedar' AND f.id = $2 AND f.code = 'MAIN' AND f.name = 'Cedar Main'`, made.TenantID, made.FacilityID); n != 1 {
		t.Errorf("not the first facility: %s", out)
	}
	if n := o.one(t, `SELECT count(*) FROM iam.membership WHERE tenant_id = $1 AND user_id = $2 AND is_active`, made.TenantID, made.UserID); n != 2 {
		t.Errorf("the administrator works in %d facilities", n)
	}
	if n := o.one(t, `SELECT count(*) FROM iam.role WHERE tenant_id = $1 AND built_in`, made.TenantID); n != 11 {
		t.Errorf("%d built-in roles", n)
	}
	before := o.one(t, `SELECT count(*) FROM tenants.tenant`)
	o.fails(t, newPassword, "Another tenant has this code", create("cedar", "admin.again")...)
	o.fails(t, newPassword, "taken", create("fir", "admin.cedar")...)
	o.fails(t, "\n", "password", create("fir", "admin.fir")...)
	o.fails(t, "short\n", "password", create("fir", "admin.fir")...)
	o.fails(t, newPassword, "code", create("f r", "admin.fir")...)
	if after := o.one(t, `SELECT count(*) FROM tenants.tenant`); after != before {
		t.Errorf("a failure left %d tenants", after-before)
	}
}

func ensuringRoles(t *testing.T, o *operator) {
	granted := func() int64 { return o.one(t, `SELECT count(*) FROM iam.role_permission`) }
	whole := granted()
	o.database.AsSuperuser(t, `DELETE FROM iam.role_permission p USING iam.role r WHERE r.id = p.role_id AND r.code = 'doctor'`)
	if granted() == whole {
		t.Fatal("nothing was taken away")
	}
	for range 2 {
		o.does(t, "", "ensure-roles")
		if now := granted(); now != whole {
			t.Errorf("%d grants, were %d", now, whole)
		}
	}
}

func seedingTheDemoTwice(t *testing.T, o *operator) {
	counts := func() (all []int64) {
		for _, table := range []string{"tenants.tenant", "facilities.facility", "iam.user_account", "iam.membership", "patients.patient", "encounters.encounter", "encounters.document", "tasks.task", "clinicaldocs.document",
			"orders.item", "lab.sample", "lab.result", "qualitycontrol.run", "alerts.alert", "events.event", "audit.entry"} {
			all = append(all, o.one(t, `SELECT count(*) FROM `+table))
		}
		return all
	}
	first := o.does(t, "", "seed", "demo")
	once := counts()
	second := o.does(t, "", "seed", "demo")
	if twice := counts(); !slices.Equal(once, twice) || first != second || !strings.Contains(first, "doctor@asha") {
		t.Errorf("once %v, twice %v: %q", once, twice, second)
	}
	if n := o.one(t, `SELECT count(*) FROM patients.patient`); n < 270 || n > 300 { // with those who come for the laboratory
		t.Errorf("%d patients", n)
	}
	for what, sql := range map[string]string{
		"statuses of encounters":     `SELECT 5 - count(DISTINCT status) FROM encounters.encounter`,
		"tenants":                    `SELECT 2 - count(*) FROM tenants.tenant WHERE code IN ('asha', 'birch')`,
		"facilities of asha":         `SELECT 7 - count(*) FROM facilities.facility f JOIN tenants.tenant t ON t.id = f.tenant_id WHERE t.code = 'asha'`,
		"roles that somebody has":    `SELECT 11 - count(DISTINCT r.code) FROM iam.membership_role m JOIN iam.role r ON r.id = m.role_id JOIN tenants.tenant t ON t.id = r.tenant_id WHERE t.code = 'asha'`,
		"encounters out of the week": `SELECT count(*) FROM encounters.encounter WHERE created_at < now() - interval '9 days' OR created_at > now()`,
	} {
		if n := o.one(t, sql); n != 0 {
			t.Errorf("%s: %d off", what, n)
		}
	}
}

// theRolesOfANode lets one process answer requests and another do the jobs, on one database.
func theRolesOfANode(t *testing.T, o *operator) {
	api, log := o.serve(t, "--role", "api")
	auditor := (&apptest.House{Servers: []*httptest.Server{{URL: "http://" + api}}}).SignIn(t, "auditor@asha", "hm-demo-2026")
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+api+"/api/patients", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+auditor.Access)
	request.Header.Set("X-Request-ID", "looked-for-in-the-log")
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("patients: %v %v", response, err)
	}
	_ = response.Body.Close()
	within(t, time.Second, "the request's id is in the log", func() bool {
		log.mu.Lock()
		defer log.mu.Unlock()
		return strings.Contains(log.String(), `"looked-for-in-the-log"`)
	})
	page, err := http.Get("http://" + api + "/") //nolint:noctx // over loopback, and the test has a deadline
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	if page.StatusCode != 200 && page.StatusCode != 404 { // 404 where the web app was not built
		t.Errorf("the web app: %d", page.StatusCode)
	}
	verify := func() object {
		return auditor.Get(t, "/api/audit/verify").JSON
	}
	if before := verify(); before["tree_size"] != 0.0 || before["ok"] != true {
		t.Errorf("somebody does jobs already: %v", before)
	}
	worker, _ := o.serve(t, "--role", "worker")
	within(t, 6*time.Second, "the worker seals", func() bool { r := verify(); return r["tree_size"].(float64) > 0 && r["unsealed"].(float64) < 10 })
	health, err := http.Get("http://" + worker + "/healthz") //nolint:noctx // over loopback, and the test has a deadline
	if err != nil || health.StatusCode != 200 {
		t.Errorf("the worker's health: %v %v", health, err)
	}
	_ = health.Body.Close()
}

func backfillingTwice(t *testing.T, o *operator) {
	const closed = `SELECT count(*) FROM events.event WHERE name LIKE 'encounters.%' OR name LIKE 'tasks.%' OR name LIKE 'clinicaldocs.%'`
	before := o.one(t, closed)
	if out := o.does(t, "", "backfill-encounter-events"); out != "events added: 0\n" {
		t.Errorf("nothing is missing: %q", out)
	}
	o.database.AsSuperuser(t, `CREATE TABLE kept AS SELECT name, entity_id, occurred_at, actor_id, facility_id, patient_id, encounter_id, payload FROM events.event
		WHERE encounter_id IN (SELECT id FROM encounters.encounter WHERE status = 'CLOSED' ORDER BY id LIMIT 3) AND name IN ('encounters.created.v1', 'encounters.closed.v1', 'tasks.done.v1', 'encounters.vitals_recorded.v1')`)
	o.database.AsSuperuser(t, `DO $$ BEGIN SET LOCAL session_replication_role = replica;
		DELETE FROM events.event e USING kept k WHERE k.name = e.name AND k.entity_id = e.entity_id AND k.occurred_at = e.occurred_at; END $$`)
	missing := before - o.one(t, closed)
	if missing < 9 {
		t.Fatalf("only %d events were taken away", missing)
	}
	if out := o.does(t, "", "backfill-encounter-events"); out != fmt.Sprintf("events added: %d\n", missing) {
		t.Errorf("%d were missing: %q", missing, out)
	}
	if out := o.does(t, "", "backfill-encounter-events"); out != "events added: 0\n" {
		t.Errorf("a second time: %q", out)
	}
	// Whether a person ended a task or what happened elsewhere did, its row does not tell.
	if n := o.one(t, `SELECT (SELECT count(*) FROM kept) - (SELECT count(*) FROM events.event e JOIN kept k USING (name, entity_id, occurred_at)
		WHERE e.payload - 'followed' = k.payload - 'followed' AND e.actor_id IS NOT DISTINCT FROM k.actor_id AND e.facility_id = k.facility_id AND e.patient_id = k.patient_id AND e.encounter_id = k.encounter_id)`); n != 0 {
		t.Errorf("%d events are not as they were", n)
	}
}

func verifyingTheAuditTrail(t *testing.T, o *operator) {
	if out := o.does(t, "", "audit", "verify", "--tenant", "birch"); !regexp.MustCompile(`^ok: [1-9]\d* entries, root \S{44}\n$`).MatchString(out) {
		t.Errorf("birch: %q", out)
	}
	o.fails(t, "", "tenant", "audit", "verify", "--tenant", "nobody")
	o.database.AsSuperuser(t, `DO $$ BEGIN SET LOCAL session_replication_role = replica;
		UPDATE events.event SET origin = '203.0.113.9' WHERE id = (SELECT e.id FROM events.event e JOIN tenants.tenant t ON t.id = e.tenant_id WHERE t.code = 'birch' AND e.origin IS NOT NULL ORDER BY e.xid, e.id LIMIT 1); END $$`)
	out, faults, code := o.command(t, "", "audit", "verify", "--tenant", "birch")
	if code != 1 || strings.Count(faults, "\n") != 1 || !regexp.MustCompile(`^[0-9a-f-]{36} The entry was altered`).MatchString(out) {
		t.Errorf("tampered: exit %d %q %q", code, out, faults)
	}
	o.does(t, "", "audit", "verify", "--tenant", "cedar")
}
