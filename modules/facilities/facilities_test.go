package facilities_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/tenants/tenantstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func create(code, timeZone, pattern string) facilities.CreateInput {
	var in facilities.CreateInput
	in.Body.Code, in.Body.Name, in.Body.TimeZone, in.Body.MRNPattern = code, "Ward block", timeZone, pattern
	return in
}

func TestCreateFillsInDefaults(t *testing.T) {
	t.Parallel()
	m := facilities.New(facilities.Deps{Bus: events.NewBus()})
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		tenantstest.Tenant(ctx, t, tx)
		f, err := m.Create(ctx, tx, create("MAIN", "", ""))
		if err != nil {
			t.Fatal(err)
		}
		if f.TimeZone != facilities.DefaultTimeZone || f.MRNPattern != facilities.DefaultMRNPattern || f.ETag() != `"1"` {
			t.Errorf("got %+v", f)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	m := facilities.New(facilities.Deps{Bus: events.NewBus()})
	for name, c := range map[string]struct {
		in       facilities.CreateInput
		location string
	}{
		"an unknown time zone":     {create("A", "Mars/Base", ""), "body.time_zone"},
		"the server's own zone":    {create("A", "Local", ""), "body.time_zone"},
		"a pattern without number": {create("A", "", "P-{yy}"), "body.mrn_pattern"},
		"two numbers":              {create("A", "", "{number}{number:4}"), "body.mrn_pattern"},
		"an unknown placeholder":   {create("A", "", "{ward}-{number}"), "body.mrn_pattern"},
		"a brace left open":        {create("A", "", "{yy-{number}"), "body.mrn_pattern"},
		"blanks":                   {create("A", "", "P {number}"), "body.mrn_pattern"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
				_, err := m.Create(ctx, tx, c.in)
				if e := errs.Of(err); e == nil || e.Kind != errs.KindInvalid || e.Fields[0].Location != c.location {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestCreateRefusesATakenCode(t *testing.T) {
	t.Parallel()
	m := facilities.New(facilities.Deps{Bus: events.NewBus()})
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		tenantstest.Tenant(ctx, t, tx)
		if _, err := m.Create(ctx, tx, create("MAIN", "", "")); err != nil {
			t.Fatal(err)
		}
		_, err := m.Create(ctx, tx, create("MAIN", "", ""))
		if e := errs.Of(err); e == nil || e.Code != "facilities.code_taken" {
			t.Errorf("got %v", err)
		}
	})
}

func TestUpdateRefusesAStaleVersion(t *testing.T) {
	t.Parallel()
	m := facilities.New(facilities.Deps{Bus: events.NewBus()})
	testkit.InTx(t, func(ctx context.Context, tx db.Tx) {
		tenantstest.Tenant(ctx, t, tx)
		f, err := m.Create(ctx, tx, create("MAIN", "", ""))
		if err != nil {
			t.Fatal(err)
		}
		name := "Main building"
		in := facilities.UpdateInput{ByID: facilities.ByID{ID: f.ID}, IfMatch: httpx.IfMatch{IfMatch: f.ETag()}}
		in.Body.Name = &name
		if f, err = m.Update(ctx, tx, in); err != nil || f.Name != name {
			t.Fatalf("got %+v, %v", f, err)
		}
		_, err = m.Update(ctx, tx, in)
		if e := errs.Of(err); e == nil || e.Kind != errs.KindStale {
			t.Errorf("got %v", err)
		}
	})
}
