package orders_test

import (
	"context"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/orders"
)

// found gives the codes of every page of the catalogue, two at a time.
func (w ward) found(ctx context.Context, t testing.TB, tx db.Tx, in orders.CatalogInput) []string {
	t.Helper()
	in.Limit, in.Count = 2, true
	codes := []string{}
	for {
		page, err := w.Catalog(ctx, tx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Results {
			codes = append(codes, s.Code)
		}
		if page.Next == nil {
			if int(*page.Count) != len(codes) {
				t.Errorf("counted %d, gave %d", *page.Count, len(codes))
			}
			return codes
		}
		in.Cursor = *page.Next
	}
}

func TestTheCatalogueIsFoundByWhatOneTypes(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		for query, codes := range map[string][]string{
			"":             {"CBC", "CREAT", "UREA", "COPPER", "IRON", "GOLD", "MERCURY", "LEAD", "RENAL", "CHECKUP", "MIXED", "BREWS", "NILAVEMBU"},
			"cbc":          {"CBC"},
			"count bl":     {"CBC"},
			"complete":     {"CBC"},
			"hemogramme":   {"CBC"},
			"HÉMO":         {"CBC"},
			"रक्त":         {"CBC"},
			"kudi nila":    {"NILAVEMBU"},
			"c":            {"CBC", "CREAT", "COPPER", "CHECKUP"},
			"check-up":     {"CHECKUP"},
			"profile zinc": {},
			"lood":         {},
			"%":            {},
		} {
			got := w.found(ctx, t, tx, orders.CatalogInput{Query: query})
			want(t, got, codes...)
		}
	})
}

func TestTheBestFitComesFirst(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		// UREA by its code; nothing else begins with it. "re" begins RENAL's code, and no other's word but its own.
		want(t, w.found(ctx, t, tx, orders.CatalogInput{Query: "renal"}), "RENAL")
		// "blood" is a word of one; "co" begins COPPER's code, then the name of CBC.
		want(t, w.found(ctx, t, tx, orders.CatalogInput{Query: "co"}), "COPPER", "CBC")
	})
}

func TestTheCatalogueIsFilteredAndNamedInOnesLanguage(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		want(t, w.found(ctx, t, tx, orders.CatalogInput{OrderType: "HERBAL", Pack: "base"}), "BREWS", "NILAVEMBU")
		page, err := w.Catalog(ctx, tx, orders.CatalogInput{PageParams: httpx.PageParams{Limit: 50}, Language: "hi-IN,en;q=0.5"})
		if err != nil {
			t.Fatal(err)
		}
		cbc, last := page.Results[0], page.Results[len(page.Results)-1]
		if cbc.Name != "संपूर्ण रक्त गणना" || *cbc.TurnAround.Routine != 240 || *cbc.TurnAround.Stat != 45 || cbc.TurnAround.Urgent != nil || string(cbc.DataSchema) != "null" || cbc.Panel == nil {
			t.Errorf("shown as %+v", cbc)
		}
		if string(last.DataSchema) != `{"type":"object"}` || last.Instructions != "Twice a day before food" {
			t.Errorf("shown as %+v", last)
		}
		_, err = w.Catalog(ctx, tx, orders.CatalogInput{Pack: "nope"})
		wantCode(t, err, "packs.unknown_pack")
	})
}

// A pack that a facility names and its tenant has no more, or cannot use, takes nothing away but its own services.
func TestAPackThatIsGoneLeavesTheOthersTheirCatalogue(t *testing.T) {
	t.Parallel()
	for _, packs := range [][]string{{"gone", "base"}, {"base", "gone"}, {"gone"}} {
		inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
			if _, err := tx.Exec(ctx, `UPDATE facilities.facility SET packs = $1`, packs); err != nil {
				t.Fatal(err)
			}
			want(t, w.found(ctx, t, tx, orders.CatalogInput{Query: "cbc"}), "CBC")
			page, err := w.OrderSets(ctx, tx, orders.OrderSetsInput{PageParams: httpx.PageParams{Limit: 5}})
			if err != nil || len(page.Results) != 2 {
				t.Errorf("of %v: got %+v, %v", packs, page, err)
			}
		})
	}
}

func TestOrderSetsAreReadyToOrder(t *testing.T) {
	t.Parallel()
	inWard(t, func(ctx context.Context, tx db.Tx, w ward) {
		page, err := w.OrderSets(ctx, tx, orders.OrderSetsInput{PageParams: httpx.PageParams{Limit: 1, Count: true}})
		if err != nil || len(page.Results) != 1 || *page.Count != 2 || page.Next == nil {
			t.Fatalf("got %+v, %v", page, err)
		}
		fever := page.Results[0]
		if fever.Code != "fever" || len(fever.Items) != 2 || fever.Items[0].Priority != "STAT" || fever.Items[0].OrderType != "LAB" {
			t.Errorf("shown as %+v", fever)
		}
		request := brew()
		request.Items[0].Data = fever.Items[1].Data
		w.order(ctx, t, tx, request)
		next, err := w.OrderSets(ctx, tx, orders.OrderSetsInput{PageParams: httpx.PageParams{Limit: 1, Cursor: *page.Next}})
		if err != nil || len(next.Results) != 1 || next.Results[0].Code != "kidneys" || next.Next != nil {
			t.Errorf("got %+v, %v", next, err)
		}
	})
}
