package packs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Workspace is everything a frontend needs to begin: where its user acts, what they may do there, and what the
// facility's packs teach, in one language.
type Workspace struct {
	Locale      string            `json:"locale" example:"en"`
	Direction   string            `json:"direction" enum:"ltr,rtl" doc:"Which way the locale's text runs"`
	Locales     []string          `json:"locales" nullable:"false" doc:"What the user may choose from by Accept-Language"`
	Facility    WorkspaceFacility `json:"facility"`
	DefaultPack string            `json:"default_pack" doc:"The pack of a new encounter that names none"`
	Permissions []string          `json:"permissions" nullable:"false" doc:"What the user may do in this facility"`
	// Packs come last: they are encoded apart and put in here.
	Packs []WorkspacePack `json:"packs" nullable:"false" doc:"The facility's packs, in its order"`
}

// WorkspaceFacility is the facility one acts in.
type WorkspaceFacility struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	TimeZone string    `json:"time_zone" example:"Asia/Kolkata"`
}

// WorkspaceInput asks for the workspace.
type WorkspaceInput struct {
	httpx.IfNoneMatch
	Language string `header:"Accept-Language" maxLength:"200" doc:"The languages one reads, the best first; English when the packs have none of them"`
}

// Workspace gives the caller's own. Its packs were encoded when somebody asked first, and are kept as bytes.
func (m *Module) Workspace(ctx context.Context, q db.DBTX, in WorkspaceInput) (httpx.Encoded[Workspace], error) {
	var none httpx.Encoded[Workspace]
	scope, _ := db.ScopeOf(ctx)
	facility, err := m.facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return none, err
	}
	library, err := m.Of(ctx, q, scope)
	if err != nil {
		return none, err
	}
	ids := usable(library, facility.Packs)
	locales := localesOf(library, ids)
	head := Workspace{
		Locale: chooseLocale(in.Language, locales), Locales: locales, Facility: facilityOf(facility), DefaultPack: ids[0],
		Permissions: permissionsOf(ctx), Packs: []WorkspacePack{},
	}
	head.Direction = directionOf(head.Locale)
	may, err := m.allowed(ctx, q, scope.TenantID)
	if err != nil {
		return none, err
	}
	parts := make([]part, len(ids))
	for i, id := range ids {
		if parts[i], err = m.parts.of(partKey{digestOf(library), id, head.Locale, may.key}, func() (WorkspacePack, error) {
			return workspacePack(library, id, head.Locale, may)
		}); err != nil {
			return none, err
		}
	}
	return assemble(head, parts)
}

// assemble puts the packs' bytes at the end of the head's, where its empty list of them is. The ETag is that of the head
// and of the packs' own digests, so that nothing large is hashed for an answer.
func assemble(head Workspace, parts []part) (httpx.Encoded[Workspace], error) {
	text, err := json.Marshal(head)
	if err != nil {
		return httpx.Encoded[Workspace]{}, err
	}
	const end = "]}"
	size, sum := len(text)+len(parts), sha256.New()
	sum.Write(text)
	for _, p := range parts {
		sum.Write(p.digest[:])
		size += len(p.json)
	}
	body := append(make([]byte, 0, size), bytes.TrimSuffix(text, []byte(end))...)
	for i, p := range parts {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, p.json...)
	}
	return httpx.Encoded[Workspace]{JSON: append(body, end...), Tag: `"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`}, nil
}

func facilityOf(f facilitiesapi.Settings) WorkspaceFacility {
	return WorkspaceFacility{ID: f.ID, Code: f.Code, Name: f.Name, TimeZone: f.Zone.String()}
}

// usable leaves out what the facility names and its tenant has no more; base is always there.
func usable(library packsapi.Library, wanted []string) []string {
	var ids []string
	for _, id := range wanted {
		if _, err := library.Pack(id); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return []string{packsapi.Base}
	}
	return ids
}

// localesOf lists the languages of the packs, those of the first pack first. English is always one of them.
func localesOf(library packsapi.Library, ids []string) []string {
	var locales []string
	for _, id := range ids {
		if p, err := library.Pack(id); err == nil {
			locales = append(locales, p.Locales...)
		}
	}
	if !slices.Contains(locales, packsapi.DefaultLocale) {
		locales = append(locales, packsapi.DefaultLocale)
	}
	var once []string
	for _, l := range locales {
		if !slices.Contains(once, l) {
			once = append(once, l)
		}
	}
	return once
}

func permissionsOf(ctx context.Context) []string {
	permissions := []string{}
	if identity := auth.From(ctx); identity != nil && identity.Acting != nil {
		for permission, held := range identity.Acting.Permissions {
			if held {
				permissions = append(permissions, permission)
			}
		}
	}
	slices.Sort(permissions)
	return permissions
}

// allowance is what of a pack a caller may be shown. key tells it from every other.
type allowance struct {
	key     string
	forms   bool
	screens map[string]bool
	cards   map[string]bool
	tools   []AllowedTool
}

// allowed finds out what the caller may be shown. A screen or card that nobody has tied to a permission is for all.
func (m *Module) allowed(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (allowance, error) {
	a := allowance{screens: map[string]bool{}, cards: map[string]bool{}}
	var key []byte
	note := func(shown bool) bool {
		if shown {
			key = append(key, '1')
		} else {
			key = append(key, '0')
		}
		return shown
	}
	a.forms = note(auth.Can(ctx, CanRead))
	for i, kind := range []map[string][]string{m.needs.Screens, m.needs.Cards} {
		for _, name := range sortedKeys(kind) {
			shown := note(slices.ContainsFunc(kind[name], func(permission string) bool { return auth.Can(ctx, permission) }))
			[]map[string]bool{a.screens, a.cards}[i][name] = shown
		}
	}
	var err error
	if a.tools, err = m.allowedTools(ctx, q, tenantID); err != nil {
		return a, err
	}
	a.key = string(key)
	if len(a.tools) > 0 {
		a.key += digestOfTools(a.tools)
	}
	return a, nil
}

// shows tells whether a screen or card is for this caller.
func shows(known map[string]bool, name string) bool {
	shown, tied := known[name]
	return shown || !tied
}
