package orders

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Service is something that can be ordered.
type Service struct {
	Code         string             `json:"code" example:"CBC"`
	Name         string             `json:"name"`
	OrderType    string             `json:"order_type" example:"LAB"`
	Pack         string             `json:"pack" doc:"The pack that brings it"`
	Synonyms     []string           `json:"synonyms" nullable:"false"`
	Specimen     *packsapi.Specimen `json:"specimen"`
	Analytes     []string           `json:"analytes" nullable:"false" doc:"Codes of what is measured"`
	Panel        []string           `json:"panel" nullable:"false" doc:"The services it stands for; empty for one that is no panel"`
	TurnAround   TurnAround         `json:"turn_around"`
	Instructions string             `json:"instructions" doc:"What an item says where its order says nothing"`
	DataSchema   json.RawMessage    `json:"data_schema" doc:"JSON Schema 2020-12 of an item's data; null for a service that takes none"`
}

// TurnAround is how many minutes a service takes until its result, by priority; null where the pack says nothing.
type TurnAround struct {
	Routine *int `json:"routine_minutes"`
	Urgent  *int `json:"urgent_minutes"`
	Stat    *int `json:"stat_minutes"`
}

// CatalogInput looks for services.
type CatalogInput struct {
	httpx.PageParams
	OrderType string `query:"order_type" maxLength:"100"`
	Query     string `query:"q" maxLength:"200" doc:"Words, or beginnings of words, of code, name and synonyms"`
	Pack      string `query:"pack" maxLength:"64" doc:"What an encounter of this pack can order; of all packs of the facility when absent"`
	Language  string `header:"Accept-Language" maxLength:"200" doc:"The language of names; English when there is none of it"`
}

// place is where a service stands in an answer: how well it fits, then as its pack orders it.
type place struct {
	Fit, Pack, Service int
}

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.Fit, other.Fit), cmp.Compare(p.Pack, other.Pack), cmp.Compare(p.Service, other.Service))
}

type placed struct {
	place
	service *packsapi.Service
}

// Catalog lists what can be ordered.
func (m *Module) Catalog(ctx context.Context, q db.DBTX, in CatalogInput) (httpx.Page[Service], error) {
	var page httpx.Page[Service]
	var after place
	more, err := in.After(&after)
	if err != nil {
		return page, err
	}
	catalogs, err := m.catalogs(ctx, q, in.Pack)
	if err != nil {
		return page, err
	}
	asked, seen := questionOf(in.Query), map[[2]string]bool{}
	var found []placed
	for i, catalog := range catalogs {
		for j, service := range catalog.Services() {
			name := [2]string{service.Pack, service.Code}
			fit, fits := asked.fit(service)
			if seen[name] || !fits || in.OrderType != "" && service.OrderType != in.OrderType {
				continue
			}
			seen[name] = true // a pack that two of the facility's extend brings it once
			found = append(found, placed{place{fit, i, j}, service})
		}
	}
	count := int64(len(found))
	found = slices.DeleteFunc(found, func(p placed) bool { return more && p.compare(after) <= 0 })
	slices.SortFunc(found, func(a, b placed) int { return a.compare(b.place) })
	found = found[:min(len(found), in.Limit+1)]
	shown, locale := make([]Service, len(found)), httpx.FirstLanguage(in.Language)
	for i, p := range found {
		shown[i] = presentService(p.service, locale)
	}
	page = httpx.NewPage(shown, in.Limit, func(Service) any { return found[in.Limit-1].place })
	if in.Count {
		page.Count = &count
	}
	return page, nil
}

// catalogs are those of one pack, or of the facility's in their order; base's where none of them is to be had.
func (m *Module) catalogs(ctx context.Context, q db.DBTX, pack string) ([]packsapi.Catalog, error) {
	scope, _ := db.ScopeOf(ctx)
	library, err := m.deps.Packs.Of(ctx, q, scope)
	if err != nil {
		return nil, err
	}
	if pack != "" {
		catalog, err := library.Catalog(pack)
		return []packsapi.Catalog{catalog}, err
	}
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	var catalogs []packsapi.Catalog
	for _, id := range settings.Packs {
		// A pack that is not to be had at present takes nothing away but its own services.
		catalog, err := library.Catalog(id)
		if errors.Is(err, packsapi.ErrUnknownPack) {
			continue
		}
		if err != nil {
			return nil, err
		}
		catalogs = append(catalogs, catalog)
	}
	if len(catalogs) > 0 {
		return catalogs, nil
	}
	base, err := library.Catalog(packsapi.Base)
	return []packsapi.Catalog{base}, err
}

func presentService(s *packsapi.Service, locale string) Service {
	return Service{
		Code: s.Code, Name: s.Name.In(locale), OrderType: s.OrderType, Pack: s.Pack, Synonyms: orNone(s.Synonyms), Specimen: s.Specimen,
		Analytes: orNone(s.Analytes), Panel: orNone(s.Panel), Instructions: s.Instructions.In(locale), DataSchema: orNull(s.DataSchema(locale)),
		TurnAround: TurnAround{minutes(s.TurnAround.Routine), minutes(s.TurnAround.Urgent), minutes(s.TurnAround.Stat)},
	}
}

func orNull(schema json.RawMessage) json.RawMessage {
	if len(schema) == 0 {
		return json.RawMessage("null")
	}
	return schema
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func minutes(d time.Duration) *int {
	if d <= 0 {
		return nil
	}
	n := int(d / time.Minute)
	return &n
}
