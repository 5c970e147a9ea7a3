package faults_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// settle holds a finished load against what the database holds: the answers were those that HM promises, and every
// acknowledged write is there exactly once, whole.
func (s *site) settle(t *testing.T, l *load) {
	t.Helper()
	for what, n := range l.unexpected {
		t.Errorf("%d times: %s", n, what)
	}
	if l.slowest > answerTime {
		t.Errorf("an answer took %v", l.slowest)
	}
	if l.lost > 0 {
		t.Errorf("%d writes were never acknowledged in %v", l.lost, patience)
	}
	if len(l.acts) == 0 {
		t.Error("nothing was acknowledged")
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	// What there is, by what the writers know of it: kind, then the name or parent, with the id of the one that there is.
	there := map[string][]string{}
	rows, err := conn.Query(ctx, `
		SELECT 'patient', full_name, id::text FROM patients.patient
		UNION ALL SELECT 'encounter', patient_id::text, id::text FROM encounters.encounter
		UNION ALL SELECT 'check-in', entity_id::text, entity_id::text FROM events.event WHERE name = 'encounters.checked_in.v1'
		UNION ALL SELECT 'vitals', encounter_id::text, id::text FROM encounters.document WHERE kind = 'VITALS'`)
	if err != nil {
		t.Fatal(err)
	}
	var kind, of, id string
	if _, err := pgx.ForEachRow(rows, []any{&kind, &of, &id}, func() error {
		there[kind+" "+of] = append(there[kind+" "+of], id)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, a := range l.acts {
		ids := there[a.kind+" "+a.parent+a.name]
		if len(ids) != 1 || a.kind != "vitals" && ids[0] != a.id {
			t.Errorf("%s %s of %s%s, acknowledged at attempt %d, is there as %v", a.kind, a.id, a.parent, a.name, a.attempts, ids)
		}
	}
	s.nothingHalf(t, conn)
	awaitTrue(t, 20*time.Second, func() error {
		if n := query[int](t, s, unsealed); n != 0 {
			return fmt.Errorf("%d records are not sealed", n)
		}
		return nil
	})
}

// nothingHalf looks for events without the rows they tell of, and rows without the events that tell of them.
func (s *site) nothingHalf(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	// What is on one side only, or more than once: rows and the events that tell of them, by what they are about.
	const unpaired = `SELECT count(*) FROM (SELECT %s AS id, count(*) AS n FROM %s GROUP BY 1) a FULL JOIN (SELECT %s AS id, count(*) AS n FROM %s GROUP BY 1) b USING (id)
		WHERE a.n IS DISTINCT FROM b.n`
	pair := func(oneID, one, otherID, other string) string {
		return fmt.Sprintf(unpaired, oneID, one, otherID, other)
	}
	named := func(name string) string { return "events.event WHERE name = '" + name + "'" }
	for what, sql := range map[string]string{
		"patients and their events":              pair("id", "patients.patient", "entity_id", named("patients.registered.v1")),
		"encounters and their events":            pair("id", "encounters.encounter", "entity_id", named("encounters.created.v1")),
		"check-ins and their events":             pair("id", "encounters.encounter WHERE status <> 'CREATED'", "entity_id", named("encounters.checked_in.v1")),
		"vitals and their events":                pair("encounter_id", "encounters.document WHERE kind = 'VITALS'", "encounter_id", named("encounters.vitals_recorded.v1")),
		"tasks and their events":                 pair("id", "tasks.task", "entity_id", named("tasks.created.v1")),
		"encounters and their tasks for a nurse": pair("id", "encounters.encounter", "encounter_id", "tasks.task WHERE code = 'record-vitals'"),
		"events and the audit trail":             `SELECT count(*) FROM events.event WHERE origin IS NULL`,
	} {
		var n int
		if err := conn.QueryRow(context.Background(), sql).Scan(&n); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if n != 0 {
			t.Errorf("%s: %d are without the other, or not as many", what, n)
		}
	}
}

// unsealed is how many records of the audit trail are not in its trees yet.
const unsealed = `SELECT (SELECT count(*) FROM audit.record) - (SELECT coalesce(sum(size), 0) FROM (SELECT max(tree_size) AS size FROM audit.seal GROUP BY tenant_id) t)`

// verifyAudit recomputes the audit trail by the command for it.
func (s *site) verifyAudit(t *testing.T) {
	t.Helper()
	s.command(t, "", "audit", "verify", "--tenant", "asha")
}

// awaitTrue waits for what should come about by itself.
func awaitTrue(t *testing.T, within time.Duration, holds func() error) {
	t.Helper()
	var err error
	for began := time.Now(); time.Since(began) < within; time.Sleep(100 * time.Millisecond) {
		if err = holds(); err == nil {
			return
		}
	}
	t.Errorf("not within %v: %v", within, err)
}

// noTransactionLeft waits until PostgreSQL has no open transaction of HM's, which would hold its locks.
func (s *site) noTransactionLeft(t *testing.T, within time.Duration) {
	t.Helper()
	awaitTrue(t, within, func() error {
		n := query[int](t, s, `SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'hm_login%' AND state LIKE 'idle in transaction%'
			AND now() - state_change > interval '1 second'`)
		if n > 0 {
			return fmt.Errorf("%d transactions are left open", n)
		}
		return nil
	})
}
