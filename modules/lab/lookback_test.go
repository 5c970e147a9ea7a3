package lab_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func suspects(limit int) lab.SuspectInput {
	return lab.SuspectInput{ByID: byID(unknown), PageParams: first(limit)}
}

// What was entered or vouched for between the last good run and the end of the hold is suspect, be it superseded since; what
// was vouched for before is not, nor what is of another analyte.
func TestAFailedControlCastsDoubtOnWhatWasFoundSince(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	var wanted []uuid.UUID // the first entered first
	during := func(fn func(ctx context.Context, tx db.Tx)) {
		t.Helper()
		inDatabase(ctx, t, d, fn)
		d.Clock.Advance(10 * time.Minute)
	}
	var waiting, superseded labapi.Result
	during(func(ctx context.Context, tx db.Tx) {
		b.released(ctx, t, tx, "POTASSIUM", "K", 4.1) // good: a good run came after
		waiting = b.enter(ctx, t, tx, b.received(ctx, t, tx, "POTASSIUM"), "K", 4.2)
		wanted = append(wanted, waiting.ID)
	})
	since := d.Clock.Now()
	during(func(ctx context.Context, tx db.Tx) {
		b.verify(ctx, t, tx, waiting.ID)
		superseded = b.released(ctx, t, tx, "POTASSIUM", "K", 4.3)
		b.released(ctx, t, tx, "BLOOD", "HGB", 13)
		b.enter(ctx, t, tx, b.received(ctx, t, tx, "RENAL"), "NA", 140)
		wanted = append(wanted, superseded.ID)
	})
	during(func(ctx context.Context, tx db.Tx) {
		wanted = append(wanted, b.enter(ctx, t, tx, superseded.OrderItemID, "K", 4.4).ID)
	})
	during(func(ctx context.Context, tx db.Tx) {
		item := b.received(ctx, t, tx, "RENAL")
		wanted = append(wanted, b.enter(ctx, t, tx, item, "K", 4.5, "NA", 140).ID)
	})
	until := d.Clock.Now()
	during(func(ctx context.Context, tx db.Tx) { b.released(ctx, t, tx, "POTASSIUM", "K", 4.6) })

	for name, setting := range map[string]struct {
		since, until *time.Time
		wanted       int // of those of the middle; more where a bound is missing
		more         int
	}{
		"resolved": {&since, &until, 4, 0}, "still open": {&since, nil, 4, 1}, "never a good run": {nil, &until, 4, 1}, "neither": {nil, nil, 4, 2},
	} {
		inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
			b.quality.suspect.Analyte, b.quality.suspect.Since, b.quality.suspect.Until = "K", setting.since, setting.until
			seen, in := []uuid.UUID{}, suspects(2)
			for {
				page := must[httpx.Page[labapi.Result]](t)(b.SuspectResults(ctx, tx, in))
				if *page.Count != int64(setting.wanted+setting.more) {
					t.Errorf("%s: %d are counted", name, *page.Count)
				}
				for _, r := range page.Results {
					if r.Patient.FullName != "Meera Nair" || r.AuditSubject().PatientIDs[0] != r.PatientID {
						t.Errorf("%s: is of %+v", name, r.Patient)
					}
					seen = append([]uuid.UUID{r.ID}, seen...)
				}
				if page.Next == nil {
					break
				}
				in.Cursor = *page.Next
			}
			if len(seen) != setting.wanted+setting.more {
				t.Fatalf("%s: %d are listed", name, len(seen))
			}
			if setting.more == 0 {
				for i, id := range wanted {
					if seen[i] != id {
						t.Errorf("%s: the %d. is %s, not %s", name, i+1, seen[i], id)
					}
				}
			}
		})
	}
}

func TestAWithdrawnValueIsNotSuspect(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		item := b.received(ctx, t, tx, "RENAL")
		b.enter(ctx, t, tx, item, "K", 4.1, "NA", 140)
		withdrawn := must[labapi.Result](t)(b.Enter(ctx, tx, entering(item, "K", nil)))
		b.quality.suspect.Analyte = "K"
		page := must[httpx.Page[labapi.Result]](t)(b.SuspectResults(ctx, tx, suspects(10)))
		if len(page.Results) != 1 || page.Results[0].ID == withdrawn.ID || page.Results[0].IsLatest {
			t.Errorf("%+v", page.Results)
		}
	})
}

// A day among many is read by the times of results, not all that ever was.
func TestTheLookBackComesFromIndexes(t *testing.T) {
	t.Parallel()
	ctx, d, b := atCommittedBench(t)
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) { manyResults(ctx, t, tx, b) })
	d.AsSuperuser(t, "ANALYZE lab.result, lab.value, lab.request, lab.sample")
	inDatabase(ctx, t, d, func(ctx context.Context, tx db.Tx) {
		since, until := testkit.Epoch.Add(-100*24*time.Hour), testkit.Epoch.Add(-99*24*time.Hour)
		b.quality.suspect.Analyte, b.quality.suspect.Since, b.quality.suspect.Until = "K", &since, &until
		heard := &listening{Tx: tx}
		begun := time.Now()
		page := must[httpx.Page[labapi.Result]](t)(b.SuspectResults(ctx, heard, lab.SuspectInput{ByID: byID(unknown), PageParams: httpx.PageParams{Limit: 50}}))
		t.Logf("%d of 20,000 take %s", len(page.Results), time.Since(begun))
		if len(page.Results) == 0 {
			t.Fatal("nothing was found")
		}
		if plan := heard.plan(ctx, t); !strings.Contains(plan, "result_entered") && !strings.Contains(plan, "result_verified") || strings.Contains(plan, "Seq Scan on result") || strings.Contains(plan, "Seq Scan on value") {
			t.Errorf("the plan:\n%s", plan)
		}
	})
}

// manyResults leaves 20,000 versions, a hundred a day into the past, of one test each.
func manyResults(ctx context.Context, t testing.TB, tx db.Tx, b *bench) {
	t.Helper()
	item := b.received(ctx, t, tx, "POTASSIUM")
	for _, sql := range []string{`
		INSERT INTO lab.request (tenant_id, facility_id, order_item_id, order_id, place, encounter_id, patient_id, encounter_type, pack, service_code, name,
			section, specimen_type, container, priority, status, ordered_at, updated_at, sample_id, collected_at, received_at, entered_at, verified_at,
			released_at, latest_version, latest_result_id, released_result_id)
		SELECT r.tenant_id, r.facility_id, md5('item' || n)::uuid, r.order_id, n, r.encounter_id, r.patient_id, r.encounter_type, r.pack, r.service_code, r.name,
			r.section, r.specimen_type, r.container, r.priority, 'RELEASED', at, at, r.sample_id, at, at, at, at, at, 1, md5('result' || n)::uuid, md5('result' || n)::uuid
		FROM lab.request r, generate_series(1, 20000) AS n, LATERAL (SELECT r.ordered_at - n * interval '15 minutes' AS at) AS moment WHERE r.order_item_id = $1`, `
		INSERT INTO lab.result (tenant_id, facility_id, id, order_item_id, sample_id, encounter_id, patient_id, version, is_correction, status, is_critical, is_abnormal,
			critical_reasons, missing, age_days, sex, pregnant, entered_at, verified_at, released_at)
		SELECT tenant_id, facility_id, latest_result_id, order_item_id, sample_id, encounter_id, patient_id, 1, false, 'RELEASED', false, false, '[]', '{}', 1, 'female', false,
			entered_at, verified_at, released_at
		FROM lab.request WHERE order_item_id <> $1`, `
		INSERT INTO lab.value (tenant_id, facility_id, result_id, place, order_item_id, patient_id, code, collected_at, shown)
		SELECT tenant_id, facility_id, latest_result_id, 0, order_item_id, patient_id, 'K', collected_at, '{"code": "K", "name": "Potassium", "value": 4.1, "display": "4.1"}'
		FROM lab.request WHERE order_item_id <> $1`} {
		if _, err := tx.Exec(ctx, sql, item); err != nil {
			t.Fatal(err)
		}
	}
}
