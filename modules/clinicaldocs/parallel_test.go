package clinicaldocs_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/clinicaldocs"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
)

const rivals = 12

// race runs act in as many transactions at once, and gives what each got.
func race(t testing.TB, d *testkit.Database, scope db.Scope, act func(ctx context.Context, tx db.Tx) (clinicaldocs.Document, error)) (won []clinicaldocs.Document, codes map[string]int) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	codes = map[string]int{}
	ctx := db.WithScope(t.Context(), scope)
	start := make(chan struct{})
	for range rivals {
		all.Go(func() {
			<-start
			var got clinicaldocs.Document
			err := d.Pool.InTx(ctx, func(tx db.Tx) (err error) {
				got, err = act(ctx, tx)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if e := errs.Of(err); e != nil {
				codes[e.Code]++
			} else if err != nil {
				t.Error(err)
			} else {
				won = append(won, got)
			}
		})
	}
	close(start)
	all.Wait()
	return won, codes
}

func TestOfParallelAmendmentsOneWins(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var newest clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		newest = w.final(ctx, t, tx, whole())
	})
	for range 5 {
		won, codes := race(t, d, scope, func(ctx context.Context, tx db.Tx) (clinicaldocs.Document, error) {
			return w.Amend(ctx, tx, patch(newest.ID, object{"vata": 1.0}))
		})
		if len(won) != 1 || codes["clinicaldocs.not_current"] != rivals-1 {
			t.Fatalf("%d won, the others got %v", len(won), codes)
		}
		newest = won[0]
	}
	ctx := db.WithScope(t.Context(), scope)
	latest, err := w.Latest(ctx, d.Pool.Read(ctx), clinicaldocs.LatestInput{Of: clinicaldocs.Of{PatientID: w.patient}})
	if err != nil || len(latest.Results) != 1 || latest.Results[0].ID != newest.ID || newest.Version != 6 {
		t.Errorf("latest is %+v, %v", latest.Results, err)
	}
}

func TestParallelFinalisationsAreOneDocument(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var draft clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		draft = w.draft(ctx, t, tx, whole())
	})
	won, codes := race(t, d, scope, func(ctx context.Context, tx db.Tx) (clinicaldocs.Document, error) {
		return w.Finalize(ctx, tx, finalize(draft.ID))
	})
	one(t, won, codes)
}

func TestParallelDraftsOfOneKeyAreOneDraft(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	later(t, d, scope, func(ctx context.Context, tx db.Tx) { w = newWard(ctx, t, tx) })
	in := w.input("score", whole())
	in.Body.IdempotencyKey = "k"
	won, codes := race(t, d, scope, func(ctx context.Context, tx db.Tx) (clinicaldocs.Document, error) { return w.Draft(ctx, tx, in) })
	one(t, won, codes)
}

// one wants every rival to have got the same document, which one of them made.
func one(t testing.TB, won []clinicaldocs.Document, codes map[string]int) {
	t.Helper()
	seen, created := map[uuid.UUID]bool{}, 0
	for _, d := range won {
		seen[d.ID] = true
		if d.WasCreated() {
			created++
		}
	}
	if len(won) != rivals || len(seen) != 1 || created != 1 {
		t.Errorf("%d answers, %d documents, %d made; refused: %v", len(won), len(seen), created, codes)
	}
}

func TestNothingSlipsInWhileTheEncounterCloses(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var draft clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWard(ctx, t, tx)
		draft = w.draft(ctx, t, tx, whole())
	})
	err := whileClosing(t, d, scope, w.encounter, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Finalize(ctx, tx, finalize(draft.ID))
		return err
	})
	wantCode(t, err, "encounters.not_open")
}

// An amendment meets its rules with the encounter in hand: what they weigh, its status too, stands until it is through.
func TestAnAmendmentHoldsItsEncounter(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	const afterwards = "- {code: base.afterwards, on: document.finalize, when: encounter.status == 'CLOSED', then: {effect: warn}, severity: info, message: It is closed.}"
	var w ward
	var final, amended clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWardWith(ctx, t, tx, libraryOf(t, fstest.MapFS{"base/rules/closed.yaml": {Data: []byte(afterwards)}}, scoreYAML))
		final = w.final(ctx, t, tx, whole())
	})
	err := whileClosing(t, d, scope, w.encounter, func(ctx context.Context, tx db.Tx) (err error) {
		amended, err = w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0}))
		return err
	})
	if err != nil || len(amended.Warnings) != 1 || amended.Warnings[0].Code != "base.afterwards" {
		t.Errorf("got %+v, %v", amended.Warnings, err)
	}
}

// A slip of the pen that is mended years later does not make the patient of that day older.
func TestAnAmendmentReckonsAsOfTheDayOfTheFinding(t *testing.T) {
	t.Parallel()
	d, scope := testkit.NewDatabase(t), testkit.NewScope()
	var w ward
	var final clinicaldocs.Document
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		w = newWardWith(ctx, t, tx, library(t, scoreYAML))
		final = w.final(ctx, t, tx, whole())
	})
	d.Clock.Advance(2 * 366 * 24 * time.Hour)
	later(t, d, scope, func(ctx context.Context, tx db.Tx) {
		amended := must(t)(w.Amend(ctx, tx, patch(final.ID, object{"vata": 1.0})))
		was, is := computed(t, final), computed(t, amended)
		if was.Age == 0 || was.Age != is.Age || was.Drawn == "" || was.Drawn != is.Drawn || is.Total != 11 {
			t.Errorf("it was %+v, it is %+v", was, is)
		}
	})
}

type score struct {
	Age, Total int
	Drawn      string
}

func computed(t testing.TB, d clinicaldocs.Document) (s score) {
	t.Helper()
	if err := json.Unmarshal(d.Computed, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// whileClosing begins act while another transaction closes the encounter, sees that it waits for it, and gives what act
// got after that.
func whileClosing(t *testing.T, d *testkit.Database, scope db.Scope, encounterID uuid.UUID, act func(ctx context.Context, tx db.Tx) error) error {
	t.Helper()
	observer, err := pgx.Connect(t.Context(), d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close(t.Context())
	ctx := db.WithScope(t.Context(), scope)
	acted := make(chan error, 1)
	err = d.Pool.InTx(ctx, func(closing db.Tx) error {
		encounterstest.SetStatus(ctx, t, closing, encounterID, encountersapi.StatusClosed)
		go func() { acted <- d.Pool.InTx(ctx, func(tx db.Tx) error { return act(ctx, tx) }) }()
		for waiting := false; !waiting; {
			if err := observer.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting); err != nil {
				return err
			}
			select {
			case err := <-acted:
				t.Fatalf("it did not wait: %v", err)
			default:
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return <-acted
}
