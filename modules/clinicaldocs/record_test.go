package clinicaldocs_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

func TestTheApplicationCannotChangeADocument(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		final := w.final(ctx, t, tx, whole())
		for what, sql := range map[string]string{
			"changing the payload": `UPDATE clinicaldocs.document SET payload = '{}' WHERE id = $1`,
			"changing the status":  `UPDATE clinicaldocs.document SET status = 'AMENDED' WHERE id = $1`,
			"deleting":             `DELETE FROM clinicaldocs.document WHERE id = $1`,
			"deleting the draft":   `DELETE FROM clinicaldocs.draft WHERE id <> $1`,
			"taking a draft over":  `UPDATE clinicaldocs.draft SET author_id = $1`,
			"moving a draft":       `UPDATE clinicaldocs.draft SET encounter_id = $1`,
			"changing what was finalised": `UPDATE clinicaldocs.draft SET payload = '{}'
				WHERE id = (SELECT draft_id FROM clinicaldocs.document WHERE id = $1)`,
			"changing it through the view": `UPDATE clinicaldocs.record SET payload = '{}' WHERE id = $1`,
		} {
			refused(ctx, t, tx, what, sql, final.ID)
		}
		refused(ctx, t, tx, "truncating", `TRUNCATE clinicaldocs.document CASCADE`)
		if kept := must(t)(w.Get(ctx, tx, clinicaldocs.ByID{ID: final.ID})); string(kept.Payload) != string(final.Payload) {
			t.Errorf("the payload is %s", kept.Payload)
		}
	})
}

func TestNotEvenTheOwnerChangesADocument(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	later(t, d, testkit.NewScope(), func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		w.final(ctx, t, tx, whole())
		if _, err := w.Discard(ctx, tx, clinicaldocs.ByID{ID: w.draft(ctx, t, tx, whole()).ID}); err != nil {
			t.Fatal(err)
		}
	})
	conn, err := pgx.Connect(t.Context(), d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, sql := range []string{
		`UPDATE clinicaldocs.document SET payload = '{}'`,
		`UPDATE clinicaldocs.document SET author_id = gen_random_uuid()`,
		`DELETE FROM clinicaldocs.document`,
		`TRUNCATE clinicaldocs.document CASCADE`,
		`UPDATE clinicaldocs.draft SET payload = '{}'`,
		`UPDATE clinicaldocs.draft SET discarded_at = NULL WHERE discarded_at IS NOT NULL`,
		`DELETE FROM clinicaldocs.draft`,
	} {
		if tag, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s changed %d rows", sql, tag.RowsAffected())
		}
	}
}

// What the code never writes, PostgreSQL would not take.
func TestAChainCannotForkSkipOrStray(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		w := newWard(ctx, t, tx)
		first := w.final(ctx, t, tx, whole())
		second := must(t)(w.Amend(ctx, tx, patch(first.ID, object{"vata": 1.0})))
		other := w.final(ctx, t, tx, whole())
		elsewhere := encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: w.patient, SeveralActive: true})
		insert := func(chain, supersedes clinicaldocs.Document, version int, status string, encounter uuid.UUID) error {
			return attempt(ctx, tx, `
				INSERT INTO clinicaldocs.document (tenant_id, facility_id, id, chain_id, version, status, supersedes_id, encounter_id, patient_id, pack,
					template_code, template_version, payload, computed, summary, author_id, reason, created_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'base', 'score', '1.0.0', '{}', '{}', '', $10, 'why', $11)`,
				tx.Scope().TenantID, tx.Scope().FacilityID, id.New(), chain.ID, version, status, supersedes.ID, encounter, w.patient, tx.Scope().UserID, tx.Now())
		}
		if err := insert(first, second, 3, "AMENDED", w.encounter); err != nil {
			t.Fatalf("the next version is refused: %v", err)
		}
		for what, err := range map[string]error{
			"a fork":                  insert(first, first, 2, "AMENDED", w.encounter),
			"a skipped version":       insert(first, second, 4, "AMENDED", w.encounter),
			"a repeated version":      insert(first, second, 2, "AMENDED", w.encounter),
			"another chain's version": insert(other, second, 3, "AMENDED", w.encounter),
			"another encounter":       insert(first, second, 3, "AMENDED", elsewhere.ID),
			"a FINAL that supersedes": insert(first, second, 3, "FINAL", w.encounter),
			"another status":          insert(first, second, 3, "DRAFT", w.encounter),
		} {
			var refusal *pgconn.PgError
			if !errors.As(err, &refusal) || refusal.Code[:2] != "23" {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestADraftBecomesOneDocumentOnly(t *testing.T) {
	t.Parallel()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		final := newWard(ctx, t, tx).final(ctx, t, tx, whole())
		refused(ctx, t, tx, "a second document", `
			INSERT INTO clinicaldocs.document (tenant_id, facility_id, id, chain_id, version, status, draft_id, encounter_id, patient_id, pack,
				template_code, template_version, payload, computed, summary, author_id, created_at)
			SELECT tenant_id, facility_id, $2, $2, 1, 'FINAL', draft_id, encounter_id, patient_id, pack,
				template_code, template_version, payload, computed, summary, author_id, created_at
			FROM clinicaldocs.document WHERE id = $1`, final.ID, id.New())
	})
}

func TestAnotherTenantAndFacilitySeeNothing(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var draft, final clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		draft, final = w.draft(ctx, t, tx, whole()), w.final(ctx, t, tx, whole())
	})
	neighbour := testkit.NewScope()
	neighbour.TenantID = scope.TenantID
	for name, stranger := range map[string]db.Scope{"tenant": testkit.NewScope(), "facility": neighbour} {
		stranger.UserID = scope.UserID
		later(t, d, stranger, func(ctx context.Context, tx db.Tx) {
			var visible int
			err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM clinicaldocs.draft) + (SELECT count(*) FROM clinicaldocs.document)
				+ (SELECT count(*) FROM clinicaldocs.latest) + (SELECT count(*) FROM clinicaldocs.record)`).Scan(&visible)
			if err != nil || visible != 0 {
				t.Errorf("another %s sees %d rows, %v", name, visible, err)
			}
			for _, document := range []clinicaldocs.Document{draft, final} {
				_, err := w.Get(ctx, tx, clinicaldocs.ByID{ID: document.ID})
				wantCode(t, err, "clinicaldocs.not_found")
				_, err = w.Finalize(ctx, tx, finalize(document.ID))
				wantCode(t, err, "clinicaldocs.not_found")
				_, err = w.Amend(ctx, tx, patch(document.ID, object{}))
				wantCode(t, err, "clinicaldocs.not_found")
			}
			latest, err := w.Latest(ctx, tx, clinicaldocs.LatestInput{Of: clinicaldocs.Of{PatientID: w.patient, IncludeDrafts: true}})
			if err != nil || len(latest.Results) != 0 {
				t.Errorf("another %s finds %d documents, %v", name, len(latest.Results), err)
			}
		})
	}
}
