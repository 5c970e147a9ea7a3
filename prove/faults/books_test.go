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
}

// nothingHalf looks for events without the rows they tell of, and rows without the events that tell of them.
func (s *site) nothingHalf(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	for what, sql := range map[string]string{
		"patients without one event":                `SELECT count(*) FROM patients.patient p WHERE (SELECT count(*) FROM events.event e WHERE e.entity_id = p.id AND e.name = 'patients.registered.v1') <> 1`,
		"events without their patient":              `SELECT count(*) FROM events.event e WHERE e.name = 'patients.registered.v1' AND NOT EXISTS (SELECT FROM patients.patient p WHERE p.id = e.entity_id)`,
		"encounters without one event":              `SELECT count(*) FROM encounters.encounter n WHERE (SELECT count(*) FROM events.event e WHERE e.entity_id = n.id AND e.name = 'encounters.created.v1') <> 1`,
		"events without their encounter":            `SELECT count(*) FROM events.event e WHERE e.name = 'encounters.created.v1' AND NOT EXISTS (SELECT FROM encounters.encounter n WHERE n.id = e.entity_id)`,
		"encounters not as their events say":        `SELECT count(*) FROM encounters.encounter n WHERE (n.status <> 'CREATED') <> EXISTS (SELECT FROM events.event e WHERE e.entity_id = n.id AND e.name = 'encounters.checked_in.v1')`,
		"encounters without their workflow's tasks": `SELECT count(*) FROM encounters.encounter n WHERE (SELECT count(*) FROM tasks.task k WHERE k.encounter_id = n.id AND k.code IN ('record-vitals', 'doctor-consult')) <> 2`,
		"tasks without one event":                   `SELECT count(*) FROM tasks.task k WHERE (SELECT count(*) FROM events.event e WHERE e.entity_id = k.id AND e.name = 'tasks.created.v1') <> 1`,
		"vitals and events that are not as many":    `SELECT abs((SELECT count(*) FROM encounters.document WHERE kind = 'VITALS') - (SELECT count(*) FROM events.event WHERE name = 'encounters.vitals_recorded.v1'))`,
		"events that are not in the audit trail":    `SELECT count(*) FROM events.event e WHERE (SELECT count(*) FROM audit.entry a WHERE a.tenant_id = e.tenant_id AND a.event_id = e.id) <> 1`,
		"audit entries of events that are not":      `SELECT count(*) FROM audit.entry a WHERE a.event_id IS NOT NULL AND NOT EXISTS (SELECT FROM events.event e WHERE e.tenant_id = a.tenant_id AND e.id = a.event_id)`,
	} {
		var n int
		if err := conn.QueryRow(context.Background(), sql).Scan(&n); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

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
