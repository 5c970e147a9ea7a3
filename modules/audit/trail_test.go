package audit_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/audit"
	"hmsoftware.com/hm/modules/audit/auditapi"
)

// list gives the entries a filter finds in the scope of ctx.
func (tr *trail) list(ctx context.Context, f audit.Filter) []audit.Entry {
	tr.t.Helper()
	page, err := tr.List(ctx, tr.db.Pool.Read(ctx), audit.ListInput{PageParams: httpx.PageParams{Limit: 100, Count: true}, Filter: f})
	if err != nil {
		tr.t.Fatal(err)
	}
	if int(*page.Count) != len(page.Results) {
		tr.t.Errorf("counted %d of %d", *page.Count, len(page.Results))
	}
	return page.Results
}

func TestAnEventBecomesAnEntry(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, bedID := uuid.New(), uuid.New()
	tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
		return tr.bus.Publish(telemetry.WithRequestID(ctx, "r-1"), tx, bedMoved{BedID: bedID, PatientID: patientID, Floor: 3})
	})
	entries := tr.list(tr.ctx, audit.Filter{})
	if len(entries) != 1 {
		t.Fatalf("got %+v", entries)
	}
	e := entries[0]
	if e.Code != "wards.bed_moved" || e.Outcome != "ok" || e.EntityType != "bed" || *e.EntityID != bedID || e.PatientIDs[0] != patientID || e.RequestID != "r-1" ||
		e.Actor == nil || *e.Actor != (audit.Actor{ID: tr.scope.UserID, Name: "Asha Rao"}) || *e.FacilityID != tr.scope.FacilityID || !e.At.Equal(testkit.Epoch) {
		t.Errorf("got %+v", e)
	}
	if e.EventID == nil || e.Detail["bed_id"] != bedID.String() || e.Detail["floor"] != 3.0 || e.LeafIndex != nil {
		t.Errorf("got %+v", e)
	}
	tr.seal()
	if e := tr.list(tr.ctx, audit.Filter{})[0]; e.LeafIndex == nil || *e.LeafIndex != 0 {
		t.Errorf("after sealing: %+v", e.LeafIndex)
	}
}

func TestARolledBackActLeavesNoEntry(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	err := tr.db.Pool.InTx(tr.ctx, func(tx db.Tx) error {
		if err := tr.bus.Publish(tr.ctx, tx, bedMoved{BedID: uuid.New()}); err != nil {
			return err
		}
		if err := (audit.Recorder{}).Record(tr.ctx, tx, signInOfNobody); err != nil {
			return err
		}
		return context.Canceled
	})
	if err == nil || len(tr.list(tr.ctx, audit.Filter{})) != 0 {
		t.Errorf("%v, %+v", err, tr.list(tr.ctx, audit.Filter{}))
	}
}

func TestRecorderTakesTheActorWhoHasNoScopeYet(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	userID := uuid.New()
	tr.act(db.Scope{TenantID: tr.scope.TenantID, FacilityID: tr.scope.FacilityID}, func(ctx context.Context, tx db.Tx) error {
		return audit.Recorder{}.Record(ctx, tx, auditapi.Entry{
			Code: auditapi.SignInFailed, Outcome: auditapi.Failed, ActorID: userID, EntityType: "user", EntityID: userID, TenantLevel: true,
			Detail: map[string]any{"attempt": 2},
		})
	})
	e := tr.list(tr.ctx, audit.Filter{ActorID: userID})
	if len(e) != 1 || e[0].Outcome != "failed" || e[0].Actor.Name != "" || e[0].FacilityID != nil || e[0].Detail["attempt"] != 2.0 {
		t.Errorf("got %+v", e)
	}
}

// Reads and refusals of several tenants are written together, each in its own tenant.
func TestJournalWritesReadsAndRefusals(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, encounterID, documentID := uuid.New(), uuid.New(), uuid.New()
	strangers := testkit.NewScope()
	for _, scope := range []db.Scope{tr.scope, strangers, db.System(), tr.scope} {
		ctx := db.WithScope(context.Background(), scope)
		err := tr.journal.Read(ctx, httpx.ReadRecord{Operation: "clinicaldocs.get-api-clinical-docs-id", Subject: httpx.Subject{
			Entity: "document", EntityID: documentID, EncounterID: encounterID, PatientIDs: []uuid.UUID{patientID, patientID},
		}})
		if err != nil {
			t.Fatal(err)
		}
		tr.journal.Refused(ctx, httpx.Refusal{Operation: "patients.post-api-patients", Code: "auth.permission_denied"})
	}
	entries := tr.list(tr.ctx, audit.Filter{})
	if len(entries) != 4 {
		t.Fatalf("got %d: %+v", len(entries), entries)
	}
	refused, read := entries[2], entries[3]
	if read.Code != "clinicaldocs.read" || read.Outcome != "ok" || read.EntityType != "document" || *read.EntityID != documentID || *read.EncounterID != encounterID ||
		len(read.PatientIDs) != 1 || read.Detail["operation"] != "get-api-clinical-docs-id" || read.Actor.ID != tr.scope.UserID || read.EventID != nil {
		t.Errorf("read: %+v", read)
	}
	if refused.Code != "patients.refused" || refused.Outcome != "refused" || refused.Detail["reason"] != "auth.permission_denied" {
		t.Errorf("refused: %+v", refused)
	}
	if theirs := tr.list(db.WithScope(context.Background(), strangers), audit.Filter{}); len(theirs) != 2 {
		t.Errorf("the other tenant has %d", len(theirs))
	}
	if platform := tr.list(db.WithScope(context.Background(), db.Tenant(uuid.Nil)), audit.Filter{}); len(platform) != 2 {
		t.Errorf("the platform has %d", len(platform))
	}
}

func TestJournalWritesInTheBackground(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.journal.Start(context.Background())
	tr.journal.Refused(tr.ctx, httpx.Refusal{Operation: "patients.get-api-patients", Code: "auth.permission_denied"})
	conn := tr.tamper()
	for deadline := time.Now().Add(20 * time.Second); one[int](t, conn, `SELECT count(*) FROM audit.entry`) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not written")
		}
	}
	tr.journal.Refused(tr.ctx, httpx.Refusal{Operation: "patients.get-api-patients", Code: "auth.permission_denied"})
	if err := tr.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if written := one[int](t, conn, `SELECT count(*) FROM audit.entry`); written != 2 {
		t.Errorf("%d entries after stopping", written)
	}
}

// A full journal makes readers wait and then refuses to show; it loses nothing.
func TestAFullJournalLosesNothing(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	record := httpx.ReadRecord{Operation: "patients.get-api-patients", Subject: httpx.Subject{Entity: "patient", PatientIDs: []uuid.UUID{uuid.New()}}}
	taken := 0
	for {
		ctx, cancel := context.WithTimeout(tr.ctx, 200*time.Millisecond)
		err := tr.journal.Read(ctx, record)
		cancel()
		if err != nil {
			wantCode(t, err, "audit.unavailable")
			break
		}
		taken++
	}
	canceled, cancel := context.WithCancel(tr.ctx)
	cancel()
	if err := tr.journal.Flush(canceled); err == nil {
		t.Error("flushed without a database")
	}
	waited := make(chan error, 1)
	go func() { waited <- tr.journal.Read(tr.ctx, record) }()
	if err := tr.journal.Flush(tr.ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("the reader who waited: %v", err)
	}
	if err := tr.journal.Flush(tr.ctx); err != nil {
		t.Fatal(err)
	}
	if written := one[int](t, tr.tamper(), `SELECT count(*) FROM audit.entry`); written != taken+1 {
		t.Errorf("%d written of %d", written, taken+1)
	}
}

// An entry the database will never take does not hold up the others.
func TestJournalPassesByAnImpossibleEntry(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	for _, operation := range []string{"patients.get-api-patients", "No Module.x", "tasks.get-api-tasks"} {
		tr.journal.Refused(tr.ctx, httpx.Refusal{Operation: operation, Code: "auth.permission_denied"})
	}
	if entries := tr.list(tr.ctx, audit.Filter{}); len(entries) != 2 {
		t.Errorf("got %+v", entries)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, other, bedID, colleague := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	tr.move(patientID)        // 1 s after the epoch
	tr.look(patientID)        // 2
	tr.look(other, patientID) // 3
	tr.look(other)            // 4
	tr.record(signInOfNobody) // 5
	mine := tr.scope
	tr.scope.UserID = colleague
	tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
		return tr.bus.Publish(ctx, tx, bedMoved{BedID: bedID, PatientID: other})
	}) // 5, too
	tr.scope = mine
	at := func(seconds int) time.Time { return testkit.Epoch.Add(time.Duration(seconds) * time.Second) }
	for name, c := range map[string]struct {
		filter audit.Filter
		want   int
	}{
		"nothing":                      {audit.Filter{}, 6},
		"who saw a patient":            {audit.Filter{PatientID: patientID}, 3},
		"reads of a patient":           {audit.Filter{PatientID: patientID, Code: "patients.read"}, 2},
		"a patient by a colleague":     {audit.Filter{PatientID: other, ActorID: colleague}, 1},
		"a patient and a bed":          {audit.Filter{PatientID: other, EntityID: bedID}, 1},
		"a patient in time":            {audit.Filter{PatientID: patientID, Since: at(2), Until: at(3)}, 1},
		"a patient by type":            {audit.Filter{PatientID: patientID, EntityType: "bed"}, 1},
		"an actor":                     {audit.Filter{ActorID: colleague}, 1},
		"an actor and a code":          {audit.Filter{ActorID: mine.UserID, Code: "patients.read"}, 3},
		"a code":                       {audit.Filter{Code: "wards.bed_moved"}, 2},
		"a code and a type":            {audit.Filter{Code: "wards.bed_moved", EntityType: "patient"}, 0},
		"a thing":                      {audit.Filter{EntityID: bedID}, 1},
		"a thing by nobody":            {audit.Filter{EntityID: bedID, ActorID: mine.UserID}, 0},
		"a type":                       {audit.Filter{EntityType: "patient"}, 3},
		"since, which is included":     {audit.Filter{Since: at(5)}, 2},
		"until, which is not included": {audit.Filter{Until: at(5)}, 4},
		"an unknown patient":           {audit.Filter{PatientID: uuid.New()}, 0},
	} {
		entries := tr.list(tr.ctx, c.filter)
		if len(entries) != c.want {
			t.Errorf("%s: %d, want %d", name, len(entries), c.want)
		}
		for i := 1; i < len(entries); i++ {
			if entries[i].At.After(entries[i-1].At) {
				t.Errorf("%s: not newest first", name)
			}
		}
	}
}

func TestListPagesThroughEverythingOnce(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID := uuid.New()
	for range 7 {
		tr.look(patientID)
		tr.look(uuid.New(), patientID)
	}
	for name, filter := range map[string]audit.Filter{"all": {}, "patient": {PatientID: patientID}} {
		seen, in := map[uuid.UUID]bool{}, audit.ListInput{PageParams: httpx.PageParams{Limit: 4}, Filter: filter}
		for pages := 1; ; pages++ {
			page, err := tr.List(tr.ctx, tr.db.Pool.Read(tr.ctx), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Results {
				if seen[e.ID] {
					t.Errorf("%s: %s twice", name, e.ID)
				}
				seen[e.ID] = true
			}
			if page.Next == nil {
				if len(seen) != 14 || pages != 4 {
					t.Errorf("%s: %d entries on %d pages", name, len(seen), pages)
				}
				break
			}
			in.Cursor = *page.Next
		}
	}
}

func TestAnotherFacilitysEntriesAreNotShown(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	patientID, other := uuid.New(), uuid.New()
	tr.look(patientID)
	tr.look(patientID, other)
	tr.act(tr.scope, func(ctx context.Context, tx db.Tx) error {
		return tr.bus.Publish(ctx, tx, bedMoved{BedID: uuid.New(), PatientID: patientID, Whole: true})
	})
	elsewhere := db.WithScope(context.Background(), db.Scope{TenantID: tr.scope.TenantID, FacilityID: uuid.New(), UserID: tr.scope.UserID})
	for _, filter := range []audit.Filter{{}, {PatientID: patientID}} {
		if e := tr.list(elsewhere, filter); len(e) != 1 || e[0].FacilityID != nil {
			t.Errorf("got %+v", e)
		}
	}
}

func TestTheApplicationCannotChangeTheTrail(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.mixture(1)
	for _, sql := range []string{
		`UPDATE audit.entry SET origin = ''`, `DELETE FROM audit.entry`, `TRUNCATE audit.entry`,
		`UPDATE audit.leaf SET hashes = hashes`, `DELETE FROM audit.leaf`, `UPDATE audit.batch SET hashes = hashes`, `DELETE FROM audit.batch`, `INSERT INTO audit.leaf SELECT tenant_id, 1000, gen_random_uuid(), NULL, hashes FROM audit.batch`, `DELETE FROM audit.seal`, `UPDATE audit.seal SET tree_size = 1`, `DELETE FROM audit.mention`, `UPDATE audit.mention SET at = at`,
	} {
		err := tr.db.Pool.InTx(db.WithScope(context.Background(), db.Tenant(tr.scope.TenantID)), func(tx db.Tx) error {
			_, err := tx.Exec(context.Background(), sql)
			return err
		})
		if err == nil {
			t.Errorf("%s was not refused", sql)
		}
	}
	// Nor can the superuser by mistake: that takes a deliberate step.
	for _, table := range []string{"entry", "mention", "batch", "seal"} {
		err := func() error {
			conn := tr.superuser()
			_, err := conn.Exec(context.Background(), `DELETE FROM audit.`+table)
			return err
		}()
		if err == nil {
			t.Errorf("deleting from audit.%s was not refused", table)
		}
	}
}

// The digest of an event covers every one of its columns.
func TestEventDigestCoversTheWholeRow(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.move(uuid.New())
	conn := tr.tamper()
	eventID := one[uuid.UUID](t, conn, `SELECT id FROM events.event`)
	ctx := db.WithScope(context.Background(), db.Tenant(tr.scope.TenantID))
	digest := func() events.Digest {
		digests, err := events.Digests(ctx, tr.db.Pool.Read(ctx), tr.scope.TenantID, []uuid.UUID{eventID})
		if err != nil || len(digests) != 1 {
			t.Fatalf("%v, %v", digests, err)
		}
		return digests[eventID]
	}
	seen := map[events.Digest]string{digest(): "untouched"}
	for _, set := range []string{"xid = '9'", "name = 'wards.bed_moved.v2'", "facility_id = NULL", "entity = 'ward'", "entity_id = gen_random_uuid()",
		"patient_id = NULL", "encounter_id = gen_random_uuid()", "actor_id = NULL", "request_id = 'r'", "occurred_at = occurred_at + interval '1 microsecond'",
		"occurred_at = 'infinity'", `payload = payload || '{"floor": 3.0}'`} {
		change(t, conn, 1, `UPDATE events.event SET `+set)
		if before, same := seen[digest()]; same {
			t.Errorf("after %s the digest is that of %s", set, before)
		}
		seen[digest()] = set
	}
}

func TestDetailIsKeptToTheLetter(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.record(auditapi.Entry{Code: "a.b", Detail: map[string]any{"z": 1.50, "a": "é<"}})
	want, err := json.Marshal(map[string]any{"z": 1.50, "a": "é<"})
	if err != nil {
		t.Fatal(err)
	}
	if got := one[string](t, tr.tamper(), `SELECT detail::text FROM audit.entry`); got != string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
