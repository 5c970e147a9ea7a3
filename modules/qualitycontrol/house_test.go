package qualitycontrol_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/qualitycontrol"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// shelf is a base pack whose laboratory measures glucose, urea and sodium, and says in words what was grown.
type shelf struct{}

func (shelf) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return library{}, nil }

type library struct{ packsapi.Library }

func (library) Laboratory(string) (packsapi.Laboratory, error) { return laboratory{}, nil }

type laboratory struct{ packsapi.Laboratory }

func (laboratory) Analyte(code string) (*packsapi.Analyte, bool) {
	analyte, known := map[string]*packsapi.Analyte{
		"GLU":     {Code: "GLU", Name: packsapi.Text{"en": "Glucose"}, Kind: packsapi.ValueNumber, Unit: "mg/dL"},
		"UREA":    {Code: "UREA", Name: packsapi.Text{"en": "Urea"}, Kind: packsapi.ValueNumber, Unit: "mg/dL"},
		"NA":      {Code: "NA", Name: packsapi.Text{"en": "Sodium"}, Kind: packsapi.ValueNumber, Unit: "mmol/L"},
		"CULTURE": {Code: "CULTURE", Name: packsapi.Text{"en": "Culture"}, Kind: packsapi.ValueText},
	}[code]
	return analyte, known
}

// module is the one under test, on a clock that stands at testkit.Epoch.
func module() *qualitycontrol.Module {
	return qualitycontrol.New(qualitycontrol.Deps{Bus: events.NewBus(), Clock: clock.NewManual(testkit.Epoch), Facilities: facilities.Reader{}, Packs: shelf{}, Users: iam.Reader{}})
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refusedAs fails unless err has the code.
func refusedAs(t testing.TB, err error, code string) {
	t.Helper()
	if e := errs.Of(err); e == nil || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func number(text string) (n qualitycontrol.Number) {
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		panic(err)
	}
	return n
}

func glucose() qualitycontrol.TargetInput {
	return qualitycontrol.TargetInput{Analyte: "GLU", Mean: number("100"), SD: number("2"), Unit: "mg/dL"}
}

func opening(level int, targets ...qualitycontrol.TargetInput) (in qualitycontrol.OpenLotInput) {
	if len(targets) == 0 {
		targets = []qualitycontrol.TargetInput{glucose()}
	}
	in.Body.Material, in.Body.LotNumber, in.Body.Level = "Chemistry control", "A1", level
	in.Body.ExpiresOn, in.Body.Targets = clock.DateOf(testkit.Epoch.AddDate(0, 6, 0)), targets
	return in
}

// bench is a laboratory with lots, in a transaction.
type bench struct {
	*qualitycontrol.Module
	t    testing.TB
	ctx  context.Context //nolint:containedctx // of one test
	tx   db.Tx
	past time.Time // when the next run was measured
}

func onBench(t *testing.T, fn func(b *bench)) {
	t.Helper()
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
		fn(&bench{module(), t, ctx, tx, testkit.Epoch.Add(-72 * time.Hour)})
	})
}

func (b *bench) lot(level int, targets ...qualitycontrol.TargetInput) qualitycontrol.Lot {
	b.t.Helper()
	return must[qualitycontrol.Lot](b.t)(b.OpenLot(b.ctx, b.tx, opening(level, targets...)))
}

func running(lot qualitycontrol.Lot, value string) (in qualitycontrol.RecordRunInput) {
	in.ID, in.Body.Analyte, in.Body.Value = lot.ID, lot.Targets[0].Analyte, number(value)
	return in
}

// run enters a value as of a minute after the one before it.
func (b *bench) run(lot qualitycontrol.Lot, value string) qualitycontrol.Run {
	b.t.Helper()
	b.past = b.past.Add(time.Minute)
	in, at := running(lot, value), b.past
	in.Body.At = &at
	return must[qualitycontrol.Run](b.t)(b.RecordRun(b.ctx, b.tx, in))
}

// series enters values and gives what became of the last.
func (b *bench) series(lot qualitycontrol.Lot, values string) (last qualitycontrol.Run) {
	b.t.Helper()
	for value := range strings.FieldsSeq(values) {
		last = b.run(lot, value)
	}
	return last
}

func (b *bench) holds(status ...string) []qualitycontrol.Hold {
	b.t.Helper()
	in := qualitycontrol.HoldsInput{Status: status}
	in.Limit = 50
	return must[struct{ Results []qualitycontrol.Hold }](b.t)(func() (struct{ Results []qualitycontrol.Hold }, error) {
		page, err := b.ListHolds(b.ctx, b.tx, in)
		return struct{ Results []qualitycontrol.Hold }{page.Results}, err
	}()).Results
}

func resolving(hold qualitycontrol.Hold) (in qualitycontrol.ResolveHoldInput) {
	in.ID, in.Body.Reason = hold.ID, "New vial; the old one had stood open over night."
	return in
}

// told lists the names of the events so far with their payloads.
func (b *bench) told(name string) []string {
	b.t.Helper()
	if err := b.tx.Flush(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	rows, err := b.tx.Query(b.ctx, `SELECT payload::text FROM events.event WHERE tenant_id = $1 AND name = $2 ORDER BY id`, b.tx.Scope().TenantID, name)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}
