package orders

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// OrderSet is what is ordered together. Its items may be of several order types, and then make several orders.
type OrderSet struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Pack  string         `json:"pack" doc:"The pack that brings it"`
	Items []OrderSetItem `json:"items" nullable:"false"`
}

// OrderSetItem is one line, in the shape of an order's items.
type OrderSetItem struct {
	ServiceCode  string         `json:"service_code"`
	Name         string         `json:"name"`
	OrderType    string         `json:"order_type"`
	Priority     string         `json:"priority" enum:"ROUTINE,URGENT,STAT"`
	Quantity     int            `json:"quantity"`
	Instructions string         `json:"instructions"`
	Data         map[string]any `json:"data"`
}

// OrderSetsInput asks for order sets.
type OrderSetsInput struct {
	httpx.PageParams
	Pack     string `query:"pack" maxLength:"64" doc:"What an encounter of this pack can order; of all packs of the facility when absent"`
	Language string `header:"Accept-Language" maxLength:"200" doc:"The language of names; English when there is none of it"`
}

// OrderSets lists what is ordered together, in the order of its packs.
func (m *Module) OrderSets(ctx context.Context, q db.DBTX, in OrderSetsInput) (httpx.Page[OrderSet], error) {
	var page httpx.Page[OrderSet]
	var after place
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	catalogs, err := m.catalogs(ctx, q, in.Pack)
	if err != nil {
		return page, err
	}
	var shown []OrderSet
	var places []place
	seen, count, locale := map[[2]string]bool{}, int64(0), httpx.FirstLanguage(in.Language)
	for i, catalog := range catalogs {
		for j, set := range catalog.OrderSets() {
			name := [2]string{set.Pack, set.Code}
			if seen[name] {
				continue
			}
			seen[name], count = true, count+1
			if at := (place{0, i, j}); !more || at.compare(after) > 0 {
				shown, places = append(shown, presentSet(catalog, set, locale)), append(places, at)
			}
		}
	}
	shown = shown[:min(len(shown), in.Limit+1)]
	page = httpx.NewPage(shown, in.Limit, func(OrderSet) any { return places[in.Limit-1] })
	if in.Count {
		page.Count = &count
	}
	return page, nil
}

func presentSet(catalog packsapi.Catalog, set packsapi.OrderSet, locale string) OrderSet {
	shown := OrderSet{Code: set.Code, Name: set.Name.In(locale), Pack: set.Pack, Items: make([]OrderSetItem, len(set.Items))}
	for i, item := range set.Items {
		shown.Items[i] = OrderSetItem{
			ServiceCode: item.ServiceCode, Priority: cmp.Or(strings.ToUpper(item.Priority), routine), Quantity: max(item.Quantity, 1),
			Instructions: item.Instructions.In(locale), Data: orEmpty(item.Data),
		}
		if service, known := catalog.Service(item.ServiceCode); known {
			shown.Items[i].Name, shown.Items[i].OrderType = service.Name.In(locale), service.OrderType
		}
	}
	// Without those of services that a later pack took away.
	shown.Items = slices.DeleteFunc(shown.Items, func(item OrderSetItem) bool { return item.OrderType == "" })
	return shown
}
