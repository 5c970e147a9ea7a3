package packs

import (
	"context"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// In is what every question about forms may say: which pack, which language.
type In struct {
	Pack     string `query:"pack" maxLength:"64" doc:"The pack's id; base when absent"`
	Language string `header:"Accept-Language" maxLength:"200" doc:"The language of titles; English when there is none of it"`
}

func (in In) pack() string {
	if in.Pack == "" {
		return packsapi.Base
	}
	return in.Pack
}

// locale is the first language asked for: a form is not worth weighing preferences.
func (in In) locale() string { return httpx.FirstLanguage(in.Language) }

// ListInput asks for a pack's forms.
type ListInput struct {
	httpx.PageParams
	In
}

// List gives the forms a pack sees, its own and those of the packs it extends, by code.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[packsapi.TemplateDocument], error) {
	type key struct{ Code string }
	var after key
	if _, err := in.After(&after); err != nil {
		return httpx.Page[packsapi.TemplateDocument]{}, err
	}
	scope, _ := db.ScopeOf(ctx)
	library, err := m.Of(ctx, q, scope)
	if err != nil {
		return httpx.Page[packsapi.TemplateDocument]{}, err
	}
	templates, err := library.Templates(in.pack())
	if err != nil {
		return httpx.Page[packsapi.TemplateDocument]{}, err
	}
	count := int64(len(templates))
	templates = slices.DeleteFunc(slices.Clone(templates), func(t *packsapi.Template) bool { return t.Code <= after.Code })
	templates = templates[:min(len(templates), in.Limit+1)]
	documents := make([]packsapi.TemplateDocument, len(templates))
	for i, t := range templates {
		documents[i] = t.Document(in.locale())
	}
	page := httpx.NewPage(documents, in.Limit, func(d packsapi.TemplateDocument) any { return key{d.Code} })
	if in.Count {
		page.Count = &count
	}
	return page, nil
}

// GetInput asks for one form.
type GetInput struct {
	In
	Code    string `path:"code" maxLength:"64"`
	Version string `query:"version" maxLength:"32" doc:"Such as 1.0.0; the newest when absent"`
}

// Get gives one form: 404 when the pack sees no such code or version.
func (m *Module) Get(ctx context.Context, q db.DBTX, in GetInput) (packsapi.TemplateDocument, error) {
	scope, _ := db.ScopeOf(ctx)
	library, err := m.Of(ctx, q, scope)
	if err != nil {
		return packsapi.TemplateDocument{}, err
	}
	t, err := library.Template(in.pack(), in.Code, in.Version)
	if err != nil {
		return packsapi.TemplateDocument{}, err
	}
	return t.Document(in.locale()), nil
}
