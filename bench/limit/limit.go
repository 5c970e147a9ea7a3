// Package limit measures what PostgreSQL itself can do: pgbench runs HM's own writes and reads, prepared and each in
// one pipeline, as HM's role and so under the same row-level security. It is the ground on which HM's rates stand.
//
// A script's first statement looks up, by number and in a small table of schema bench, whose row it is about; the
// limit pays for that look-up, which takes the place of parsing a token and a path.
package limit

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
)

//go:embed *.sql
var files embed.FS

// Script is an act as PostgreSQL alone would do it.
type Script struct {
	// Act is the name of the act of bench/acts it is held against.
	Act  string
	file string
	// Event is the event that the act writes, "" for a read.
	Event string
	// path of the act's answer among those kept for idempotency keys.
	path string
	// uses is the table, and variable, that the script draws from.
	uses []string
}

// The scripts, one for each of acts.Compared.
var (
	PatientByID    = Script{Act: "patient by id", file: "patient_by_id.sql", uses: []string{"patient"}}
	NewestPatients = Script{Act: "newest 50", file: "newest_patients.sql", uses: []string{"site"}}
	Register       = Script{Act: "register", file: "register.sql", Event: "patients.registered.v1", path: "/api/patients", uses: []string{"site", "sample"}}
	RecordVitals   = Script{Act: "vitals", file: "record_vitals.sql", Event: "encounters.vitals_recorded.v1", path: "/api/encounters/%/vitals", uses: []string{"open"}}
	Close          = Script{Act: "close", file: "close.sql", Event: "encounters.closed.v1", path: "/api/encounters/%/close"}
)

// Scripts are all of them, in the order of acts.Compared.
func Scripts() []Script {
	return []Script{PatientByID, NewestPatients, Register, RecordVitals, Close}
}

// Text is what pgbench runs.
func (s Script) Text() (string, error) {
	text, err := files.ReadFile(s.file)
	return string(text), err
}

const pgbenchAdvice = "pgbench was not found beside PostgreSQL in %s, and without it there is no limit to hold HM against: " +
	"it comes with the server's package of your system (Debian: apt-get install postgresql); the copy from npm lacks it"

// Find gives the pgbench that belongs to the PostgreSQL in bin, or else the one on the PATH.
func Find(bin string) (string, error) {
	path := filepath.Join(bin, "pgbench")
	if info, err := os.Stat(path); err == nil && info.Mode()&0o111 != 0 {
		return path, nil
	}
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path, nil
	}
	return "", fmt.Errorf(pgbenchAdvice, bin)
}

// Bench is a database with the schema that the scripts draw from. Not for several goroutines.
type Bench struct {
	owner   *pgx.Conn
	config  *pgconn.Config
	pgbench string
	folder  string
	sizes   map[string]int
}

// Open makes the schema. The URL is that of PostgreSQL's superuser.
func Open(ctx context.Context, ownerURL, pgbench string) (*Bench, error) {
	owner, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, err
	}
	b := &Bench{owner: owner, config: &owner.Config().Config, pgbench: pgbench, sizes: map[string]int{}}
	if b.folder, err = os.MkdirTemp("", "hm-limit-"); err != nil {
		_ = owner.Close(ctx)
		return nil, err
	}
	scratch, err := files.ReadFile("scratch.sql")
	if err == nil {
		_, err = owner.Exec(ctx, string(scratch))
	}
	if err != nil {
		return nil, errors.Join(err, b.Close(ctx))
	}
	return b, nil
}

// Close drops the schema.
func (b *Bench) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_ = os.RemoveAll(b.folder)
	if b.owner.IsClosed() { // a statement was interrupted
		owner, err := pgx.ConnectConfig(ctx, b.owner.Config())
		if err != nil {
			return err
		}
		b.owner = owner
	}
	_, err := b.owner.Exec(ctx, `DROP SCHEMA IF EXISTS bench CASCADE`)
	return errors.Join(err, b.owner.Close(ctx))
}

// Place is a facility at which both sides act.
type Place struct {
	TenantID, FacilityID uuid.UUID
	// Patients is how many of its newest patients are asked for.
	Patients int
}

// samples is how many of HM's registrations lend their names and search keys.
const samples = 200

// Fill takes from HM's own rows what the scripts draw from. In each place HM must have registered a patient, recorded
// vitals in an open encounter and closed another, under an idempotency key and after since, for those rows are the models.
func (b *Bench) Fill(ctx context.Context, since time.Time, places []Place) error {
	for _, p := range places {
		for _, statement := range []string{
			`INSERT INTO bench.site SELECT (SELECT count(*) + 1 FROM bench.site), $1, $2,
				(SELECT actor_id FROM events.event WHERE tenant_id = $1 AND facility_id = $2 AND name = 'patients.registered.v1' ORDER BY id DESC LIMIT 1),
				split_part(mrn_series, '#', 1), split_part(mrn_series, '#', 2)
			 FROM patients.patient WHERE tenant_id = $1 AND facility_id = $2 AND mrn_series IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
			`INSERT INTO bench.open SELECT (SELECT count(*) FROM bench.open) + row_number() OVER (), tenant_id, facility_id, id, patient_id, consult_started_by_id
			 FROM (SELECT * FROM encounters.encounter WHERE tenant_id = $1 AND facility_id = $2 AND status = 'IN_CONSULT' ORDER BY consult_started_at DESC LIMIT 40) open`,
		} {
			if _, err := b.owner.Exec(ctx, statement, p.TenantID, p.FacilityID); err != nil {
				return err
			}
		}
		if _, err := b.owner.Exec(ctx, `INSERT INTO bench.patient SELECT (SELECT count(*) FROM bench.patient) + row_number() OVER (), tenant_id, facility_id, id
			FROM (SELECT * FROM patients.patient WHERE tenant_id = $1 AND facility_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3) newest`,
			p.TenantID, p.FacilityID, p.Patients); err != nil {
			return err
		}
	}
	if _, err := b.owner.Exec(ctx, `INSERT INTO bench.sample SELECT row_number() OVER (), p.full_name, p.date_of_birth, p.birth_date_estimated, p.gender, p.phone,
			p.phone_digits, p.email, p.address, p.blood_group, p.identifiers, p.system_specific_data, s.key_version, s.sort_name, s.keys
		FROM (SELECT p.* FROM patients.patient p JOIN bench.site USING (tenant_id, facility_id) WHERE p.created_at >= $2 ORDER BY p.created_at DESC LIMIT $1) p
		JOIN patients.search_entry s ON s.tenant_id = p.tenant_id AND s.patient_id = p.id`, samples, since); err != nil {
		return err
	}
	for _, s := range Scripts() {
		if s.path == "" {
			continue
		}
		tag, err := b.owner.Exec(ctx, `INSERT INTO bench.answer SELECT $1, request_hash, status, etag, body FROM httpx.idempotency
			WHERE method = 'POST' AND path LIKE $2 ORDER BY created_at DESC LIMIT 1`, s.Act, s.path)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("limit: HM has kept no answer of the act %s to take as a model", s.Act)
		}
	}
	for _, table := range []string{"site", "patient", "sample", "open"} {
		var size int
		if err := b.owner.QueryRow(ctx, `SELECT count(*) FROM bench.`+pgx.Identifier{table}.Sanitize()).Scan(&size); err != nil {
			return err
		}
		if size == 0 {
			return fmt.Errorf("limit: there is no %s to draw from", table)
		}
		b.sizes[table] = size
	}
	_, err := b.owner.Exec(ctx, `ANALYZE bench.site, bench.patient, bench.sample, bench.open, bench.answer`)
	return err
}

// Ready makes n encounters that Close may close, with their tasks: copies of one in which everything is done. Those
// made before are used up.
func (b *Bench) Ready(ctx context.Context, n int) error {
	return pgx.BeginFunc(ctx, b.owner, func(tx pgx.Tx) error {
		var made int
		err := tx.QueryRow(ctx, `WITH model AS (
				SELECT e.* FROM encounters.encounter e JOIN bench.site s USING (tenant_id, facility_id)
				WHERE e.status = 'CLOSED' AND NOT EXISTS (SELECT FROM tasks.task t WHERE t.tenant_id = e.tenant_id AND t.encounter_id = e.id AND t.status <> 'DONE')
				ORDER BY e.closed_at DESC LIMIT 1
			), copy AS MATERIALIZED (
				SELECT place, bench.new_id() AS id FROM generate_series(1, $1) AS place
			), encounter AS (
				INSERT INTO encounters.encounter
				SELECT (jsonb_populate_record(e, jsonb_build_object('id', copy.id, 'exclusive', false, 'status', 'IN_CONSULT', 'closed_at', NULL, 'closed_by_id', NULL))).*
				FROM copy, model JOIN encounters.encounter e ON e.tenant_id = model.tenant_id AND e.id = model.id
			), task AS (
				INSERT INTO tasks.task
				SELECT (jsonb_populate_record(t, jsonb_build_object('id', bench.new_id(), 'encounter_id', copy.id, 'encounter_over', false))).*
				FROM copy, model JOIN tasks.task t ON t.tenant_id = model.tenant_id AND t.encounter_id = model.id
			), emptied AS (
				DELETE FROM bench.ready
			), listed AS (
				INSERT INTO bench.ready SELECT copy.place + coalesce((SELECT max(n) FROM bench.ready), 0), model.tenant_id, model.facility_id, copy.id, model.patient_id, model.consult_started_by_id
				FROM copy, model RETURNING 1
			) SELECT count(*) FROM listed`, n).Scan(&made)
		if err != nil {
			return err
		}
		if made < n {
			return errors.New("limit: HM has closed no encounter whose copy could be closed")
		}
		_, err = tx.Exec(ctx, `SELECT setval('bench.ready_n', (SELECT min(n) FROM bench.ready), false)`)
		return err
	})
}

// CheckReads proves that the reading scripts find what they ask for: without it a limit of nothing would be a fast one.
func (b *Bench) CheckReads(ctx context.Context, want map[string]int) error {
	config := b.owner.Config()
	config.RuntimeParams["role"] = db.RoleApp
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, s := range Scripts() {
		if s.Event != "" {
			continue
		}
		text, err := s.Text()
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for _, statement := range statements(text) {
			batch.Queue(strings.ReplaceAll(statement, ":n", "1"))
		}
		results := conn.SendBatch(ctx, batch)
		var tag pgconn.CommandTag
		for range batch.Len() {
			if tag, err = results.Exec(); err != nil {
				break
			}
		}
		if closeErr := results.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return fmt.Errorf("limit: %s: %w", s.file, err)
		}
		if got := int(tag.RowsAffected()); got != want[s.Act] {
			return fmt.Errorf("limit: %s finds %d rows, want %d", s.file, got, want[s.Act])
		}
	}
	return nil
}

// statements of a script, without what is told to pgbench itself.
func statements(text string) (all []string) {
	var sql strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, `\`) && !strings.HasPrefix(line, "--") {
			sql.WriteString(line)
		}
	}
	for statement := range strings.SplitSeq(sql.String(), ";\n") {
		if strings.TrimSpace(statement) != "" {
			all = append(all, statement)
		}
	}
	return all
}

// CheckScope proves that row-level security binds the limit as it binds HM: in one place's scope, another's row is not
// to be seen.
func (b *Bench) CheckScope(ctx context.Context) error {
	config := b.owner.Config()
	config.RuntimeParams["role"] = db.RoleApp
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var active bool
		var own, foreign int
		err := tx.QueryRow(ctx, `SELECT row_security_active('patients.patient') FROM (
			SELECT set_config('app.tenant_id', tenant_id::text, true), set_config('app.facility_id', facility_id::text, true), set_config('app.tenant_wide', 'off', true)
			FROM bench.site ORDER BY n LIMIT 1) scope`).Scan(&active)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE here), count(*) FILTER (WHERE NOT here) FROM (
			SELECT (p.tenant_id, p.facility_id) = (s.tenant_id, s.facility_id) AS here
			FROM (SELECT * FROM bench.site ORDER BY n LIMIT 1) s, bench.patient b JOIN patients.patient p ON p.id = b.id) seen`).Scan(&own, &foreign)
		if err != nil {
			return err
		}
		if !active || own == 0 || foreign > 0 {
			return fmt.Errorf("limit: row-level security does not bind pgbench: active %v, %d own rows and %d of others seen", active, own, foreign)
		}
		return nil
	})
}

// Result of a run.
type Result struct {
	// Rate is transactions a second, without the time that connecting took.
	Rate float64
	Done int
	// Mean is the average latency.
	Mean time.Duration
}

// Load of a run: for a while, or until a number of transactions is done by all clients together.
type Load struct {
	Clients int
	// For is in whole seconds, pgbench's unit; less means a few transactions only, where no time is told from them.
	For          time.Duration
	Transactions int
}

// fewest is how many transactions a client makes where time does not count.
const fewest = 5

// Run runs a script. Any failed statement fails the run.
func (b *Bench) Run(ctx context.Context, s Script, load Load) (Result, error) {
	text, err := s.Text()
	if err != nil {
		return Result{}, err
	}
	file := filepath.Join(b.folder, s.file)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return Result{}, err
	}
	args := []string{"--no-vacuum", "--protocol=prepared", "--client=" + strconv.Itoa(load.Clients), "--jobs=" + strconv.Itoa(min(load.Clients, 2)), "--file=" + file}
	if load.For < time.Second && load.Transactions == 0 {
		load.Transactions = fewest * load.Clients
	}
	if load.Transactions > 0 {
		args = append(args, "--transactions="+strconv.Itoa(max(load.Transactions/load.Clients, 1)))
	} else {
		args = append(args, "--time="+strconv.Itoa(max(int(load.For.Round(time.Second)/time.Second), 1)))
	}
	for _, table := range s.uses {
		args = append(args, fmt.Sprintf("--define=%s=%d", variableOf[table], b.sizes[table]))
	}
	command := exec.CommandContext(ctx, b.pgbench, args...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	command.Env = append(os.Environ(), "PGHOST="+b.config.Host, "PGPORT="+strconv.Itoa(int(b.config.Port)), "PGUSER="+b.config.User,
		"PGDATABASE="+b.config.Database, "PGPASSWORD="+b.config.Password, "PGOPTIONS=-c role="+db.RoleApp)
	out, err := command.CombinedOutput()
	if err != nil {
		return Result{}, fmt.Errorf("pgbench, %s: %w\n%s", s.Act, err, out)
	}
	return parse(string(out))
}

// variableOf names what a script calls the size of a table.
var variableOf = map[string]string{"site": "sites", "patient": "patients", "sample": "samples", "open": "open"}

var (
	doneLine   = regexp.MustCompile(`number of transactions actually processed: (\d+)`)
	failedLine = regexp.MustCompile(`number of failed transactions: (\d+)`)
	meanLine   = regexp.MustCompile(`latency average = ([\d.]+) ms`)
	rateLine   = regexp.MustCompile(`tps = ([\d.]+) \(without`)
)

// parse reads what pgbench prints at its end.
func parse(out string) (Result, error) {
	number := func(line *regexp.Regexp) float64 {
		if found := line.FindStringSubmatch(out); found != nil {
			value, _ := strconv.ParseFloat(found[1], 64)
			return value
		}
		return 0
	}
	r := Result{Rate: number(rateLine), Done: int(number(doneLine)), Mean: time.Duration(number(meanLine) * float64(time.Millisecond))}
	if r.Done == 0 || r.Rate == 0 || number(failedLine) > 0 || strings.Contains(out, "aborted") {
		return Result{}, fmt.Errorf("pgbench did not do what it was told:\n%s", out)
	}
	return r, nil
}
