package packs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Where a pack comes from.
const (
	originBuiltIn = "built_in"
	originTenant  = "tenant"
)

// PackSummary is a pack as lists show it.
type PackSummary struct {
	ID          string           `json:"id"`
	Version     string           `json:"version" doc:"The version in use"`
	Name        string           `json:"name"`
	Kind        packsapi.Kind    `json:"kind" enum:"base,system,specialty,site"`
	Origin      string           `json:"origin" enum:"built_in,tenant" doc:"A tenant's pack of a built-in one's id is used in its place"`
	InstalledAt *time.Time       `json:"installed_at" doc:"When the version in use was installed; null for a built-in pack"`
	Extends     []string         `json:"extends" nullable:"false"`
	Locales     []string         `json:"locales" nullable:"false"`
	SignOff     packsapi.SignOff `json:"sign_off" doc:"The clinician who answers for the content; empty while nobody does"`
	Problem     *string          `json:"problem" doc:"Why the pack is not in use although it is installed; null when it is in use"`
}

// InstalledPack is a pack with what it holds.
type InstalledPack struct {
	PackSummary
	Versions  []PackVersion       `json:"versions" nullable:"false" doc:"Every version that there ever was, newest first; the forms of all of them stay readable"`
	Templates []WorkspaceTemplate `json:"templates" nullable:"false" doc:"The forms it sees, by code, those of the packs it extends included"`
	Rules     int                 `json:"rules" doc:"How many rules hold in it"`
	Services  int                 `json:"services" doc:"How many services can be ordered in it"`

	created bool
}

// PackVersion is one version of a pack.
type PackVersion struct {
	Version       string     `json:"version"`
	Origin        string     `json:"origin" enum:"built_in,tenant"`
	InstalledAt   *time.Time `json:"installed_at"`
	InstalledByID *uuid.UUID `json:"installed_by_id" format:"uuid" doc:"Null for a built-in pack, and for the operator at the command line"`
}

// WasCreated tells a pack that the tenant did not have from a new version.
func (p InstalledPack) WasCreated() bool { return p.created }

// ETag tells whether a caller's copy is still the same.
func (p InstalledPack) ETag() string {
	text, err := json.Marshal(p)
	if err != nil {
		return "" // then there is no answer to tag either
	}
	sum := sha256.Sum256(text)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}

// ListPacksInput pages through packs.
type ListPacksInput struct {
	httpx.PageParams
	Language string `header:"Accept-Language" maxLength:"200"`
}

// ListPacks gives the packs of the caller's tenant, the built-in ones among them, by id.
func (m *Module) ListPacks(ctx context.Context, q db.DBTX, in ListPacksInput) (httpx.Page[PackSummary], error) {
	type key struct{ ID string }
	var after key
	if _, err := in.After(&after); err != nil {
		return httpx.Page[PackSummary]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	state, err := m.installed.of(scope.TenantID, func() (installed, error) { return readInstalled(ctx, q, scope.TenantID) })
	if err != nil {
		return httpx.Page[PackSummary]{}, err
	}
	v, err := m.tenantView(ctx, q, scope.TenantID, state)
	if err != nil {
		return httpx.Page[PackSummary]{}, err
	}
	all := summaries(v, state, httpx.FirstLanguage(in.Language))
	count := int64(len(all))
	all = slices.DeleteFunc(all, func(p PackSummary) bool { return p.ID <= after.ID })
	page := httpx.NewPage(all[:min(len(all), in.Limit+1)], in.Limit, func(p PackSummary) any { return key{p.ID} })
	if in.Count {
		page.Count = &count
	}
	return page, nil
}

// tenantView is the library of a tenant, of no facility in particular.
func (m *Module) tenantView(ctx context.Context, q db.DBTX, tenantID uuid.UUID, state installed) (*view, error) {
	if len(state.versions) == 0 {
		return m.builtIn, nil
	}
	return m.viewOf(ctx, q, tenantID, state, "")
}

// summaries lists the packs by id: those in use, and those installed that cannot be.
func summaries(v *view, state installed, locale string) []PackSummary {
	at := map[string]*time.Time{}
	for i, row := range state.versions {
		if state.newest(i) {
			at[row.Pack] = &row.InstalledAt
		}
	}
	summary := func(p packsapi.Pack) PackSummary {
		out := PackSummary{ID: p.ID, Version: p.Version, Name: p.Name.In(locale), Kind: p.Kind, Origin: originBuiltIn,
			Extends: orNone(p.Extends), Locales: orNone(p.Locales), SignOff: p.SignOff}
		if _, own := v.own[p.ID]; own {
			out.Origin, out.InstalledAt = originTenant, at[p.ID]
		}
		return out
	}
	byID := map[string]PackSummary{}
	for _, p := range v.Packs() {
		byID[p.ID] = summary(p)
	}
	for id, p := range v.own { // a site pack is in use without being one that can be chosen
		byID[id] = summary(p.Pack)
	}
	for id, problem := range v.problems {
		out := summary(v.manifests[id].Pack)
		out.Origin, out.InstalledAt, out.Problem = originTenant, at[id], &problem
		byID[id] = out
	}
	out := make([]PackSummary, 0, len(byID))
	for _, id := range sortedKeys(byID) {
		out = append(out, byID[id])
	}
	return out
}

// GetPackInput asks for one pack.
type GetPackInput struct {
	ID       string `path:"id" maxLength:"64"`
	Language string `header:"Accept-Language" maxLength:"200"`
}

// GetPack gives one pack of the caller's tenant.
func (m *Module) GetPack(ctx context.Context, q db.DBTX, in GetPackInput) (InstalledPack, error) {
	scope, _ := db.ScopeOf(ctx)
	state, err := m.installed.of(scope.TenantID, func() (installed, error) { return readInstalled(ctx, q, scope.TenantID) })
	if err != nil {
		return InstalledPack{}, err
	}
	return m.describeIn(ctx, q, state, in.ID, httpx.FirstLanguage(in.Language))
}

// describeIn tells what a pack holds in a state of its tenant.
func (m *Module) describeIn(ctx context.Context, q db.DBTX, state installed, id, locale string) (InstalledPack, error) {
	scope, _ := db.ScopeOf(ctx)
	v, err := m.tenantView(ctx, q, scope.TenantID, state)
	if err != nil {
		return InstalledPack{}, err
	}
	all := summaries(v, state, locale)
	i := slices.IndexFunc(all, func(p PackSummary) bool { return p.ID == id })
	if i < 0 {
		return InstalledPack{}, packsapi.ErrUnknownPack
	}
	out := InstalledPack{PackSummary: all[i], Templates: []WorkspaceTemplate{}}
	if out.Versions, err = m.versionsOf(ctx, q, scope.TenantID, state, id); err != nil || out.Problem != nil {
		return out, err
	}
	if out.Kind == packsapi.KindSite {
		out.addOwn(v.own[id], locale)
		return out, nil
	}
	pack, err := workspacePack(v, id, locale, allowance{forms: true})
	if err != nil {
		return out, err
	}
	out.Templates, out.Services = pack.Templates, pack.Catalog.Services
	for _, moment := range packsapi.Moments() {
		rules, err := v.Rules(id, moment)
		if err != nil {
			return out, err
		}
		if rules != nil {
			out.Rules += len(rules.Rules())
		}
	}
	return out, nil
}

// addOwn tells what a site pack brings: what it is laid over is told by the packs below.
func (p *InstalledPack) addOwn(own *pack, locale string) {
	for _, form := range own.templates {
		code, version, _ := strings.Cut(refOf(form), "@")
		p.Templates = append(p.Templates, WorkspaceTemplate{Code: code, Version: version, Title: (&reading{}).words(form.get("title"), "title").In(locale)})
	}
	p.Rules, p.Services = len(own.lists["rules"].orEmpty().items), len(own.lists["catalog"].orEmpty().items)
}

func (m *Module) versionsOf(ctx context.Context, q db.DBTX, tenantID uuid.UUID, state installed, id string) ([]PackVersion, error) {
	versions := []PackVersion{}
	if slices.ContainsFunc(state.versions, func(row packsdb.ListVersionsRow) bool { return row.Pack == id }) {
		rows, err := packsdb.New(q).ListManifests(ctx, tenantID)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Pack == id {
				versions = append(versions, PackVersion{Version: row.Version, Origin: originTenant, InstalledAt: &row.InstalledAt, InstalledByID: row.InstalledByID})
			}
		}
	}
	if p := m.builtInPack(id); p != nil {
		versions = append(versions, PackVersion{Version: p.Version, Origin: originBuiltIn})
	}
	slices.SortFunc(versions, func(a, b PackVersion) int { return compareVersions(b.Version, a.Version) })
	return versions, nil
}
