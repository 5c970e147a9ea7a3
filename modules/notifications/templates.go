package notifications

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
)

// Template is how a message reads.
type Template struct {
	Kind         string     `json:"kind" example:"critical_result"`
	KindTitle    string     `json:"kind_title" doc:"The kind in words, in the caller's language"`
	Channel      Channel    `json:"channel" enum:"in_app,email,sms,push"`
	Language     string     `json:"language" example:"hi"`
	Subject      string     `json:"subject" doc:"The title; empty for SMS, which has none"`
	Body         string     `json:"body"`
	IsBuiltIn    bool       `json:"is_built_in" doc:"As HM brings it; false where the tenant words it in its own way"`
	Placeholders []string   `json:"placeholders" nullable:"false" doc:"What may stand in braces"`
	UpdatedAt    *time.Time `json:"updated_at"`
}

// TemplatesInput filters templates.
type TemplatesInput struct {
	httpx.PageParams
	Kind     string `query:"kind" maxLength:"60"`
	Channel  string `query:"channel" enum:"in_app,email,sms,push"`
	Language string `query:"language" pattern:"^[a-z]{2,3}$"`
}

// Templates lists every text as it is in force, by kind, channel and language: HM's own languages, and those that the
// tenant adds.
func (m *Module) Templates(ctx context.Context, q db.DBTX, in TemplatesInput) (httpx.Page[Template], error) {
	scope, _ := db.ScopeOf(ctx)
	var after struct{ At int }
	if _, err := in.After(&after); err != nil {
		return httpx.Page[Template]{}, err
	}
	rows, err := notificationsdb.New(q).Templates(ctx, scope.TenantID)
	if err != nil {
		return httpx.Page[Template]{}, err
	}
	own := map[templateKey]notificationsdb.NotificationsTemplate{}
	languages := []string{"en", "hi"}
	for _, row := range rows {
		own[templateKey{row.Kind, Channel(row.Channel), row.Language}] = row
		if !slices.Contains(languages, row.Language) {
			languages = append(languages, row.Language)
		}
	}
	slices.Sort(languages[2:])
	var all []Template
	for _, kind := range kinds {
		for _, channel := range channels {
			for _, language := range languages {
				if in.Kind != "" && in.Kind != kind || in.Channel != "" && Channel(in.Channel) != channel || in.Language != "" && in.Language != language {
					continue
				}
				if row, found := own[templateKey{kind, channel, language}]; found {
					all = append(all, templateOf(ctx, row))
				} else if t, found := builtIn[language].Templates[kind][channel]; found {
					all = append(all, builtInTemplate(ctx, templateKey{kind, channel, language}, t))
				}
			}
		}
	}
	total := int64(len(all))
	first := min(max(after.At, 0), len(all))
	all = all[first:]
	page := httpx.NewPage(all[:min(len(all), in.Limit+1)], in.Limit, func(Template) any { return struct{ At int }{first + in.Limit} })
	if in.Count {
		page.Count = &total
	}
	return page, nil
}

func templateOf(ctx context.Context, row notificationsdb.NotificationsTemplate) Template {
	t := builtInTemplate(ctx, templateKey{row.Kind, Channel(row.Channel), row.Language}, text{row.Subject, row.Body})
	t.IsBuiltIn, t.UpdatedAt = false, &row.UpdatedAt
	return t
}

func builtInTemplate(ctx context.Context, key templateKey, t text) Template {
	return Template{
		Kind: key.kind, KindTitle: capitalised(wordsIn(baseLanguage(httpx.Language(ctx))).Kinds[key.kind]), Channel: key.channel, Language: key.language,
		Subject: t.Subject, Body: t.Body, IsBuiltIn: true, Placeholders: placeholdersOf(key.channel),
	}
}

func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// TemplateText is a template as it is sent.
type TemplateText struct {
	Kind     string  `json:"kind" maxLength:"60"`
	Channel  Channel `json:"channel" enum:"in_app,email,sms,push"`
	Language string  `json:"language" pattern:"^[a-z]{2,3}$" patternDescription:"a language such as en or hi"`
	Subject  string  `json:"subject,omitempty" maxLength:"200"`
	Body     string  `json:"body,omitempty" maxLength:"4000"`
}

// mostSMS is what gateways take as one message of several parts.
const mostSMS = 480

// check finds every fault of a text.
func (t TemplateText) check() *errs.Error {
	faults := errInvalid
	if !slices.Contains(kinds, t.Kind) {
		faults = faults.At("body.kind", "There is no such kind of notification.")
	}
	if fault := checkText(t.Channel, t.Subject); fault != "" {
		faults = faults.At("body.subject", fault)
	}
	if fault := checkText(t.Channel, t.Body); fault != "" {
		faults = faults.At("body.body", fault)
	}
	if oneLine(t.Body) == "" {
		faults = faults.At("body.body", "Says nothing.")
	}
	switch {
	case t.Channel == ChannelSMS && t.Subject != "":
		faults = faults.At("body.subject", "An SMS has no subject.")
	case t.Channel == ChannelSMS && utf8.RuneCountInString(t.Body) > mostSMS:
		faults = faults.At("body.body", fmt.Sprintf("Is longer than an SMS of %d characters.", mostSMS))
	case t.Channel != ChannelSMS && oneLine(t.Subject) == "":
		faults = faults.At("body.subject", "Says nothing.")
	}
	return faults
}

// SaveTemplateInput replaces one template.
type SaveTemplateInput struct {
	Body struct {
		TemplateText
		UseBuiltIn bool `json:"use_built_in,omitempty" doc:"Drop the tenant's own text; subject and body say nothing then"`
	}
}

// SaveTemplate words a message in the tenant's own way, or as HM does again.
func (m *Module) SaveTemplate(ctx context.Context, tx db.Tx, in SaveTemplateInput) (Template, error) {
	scope, t := tx.Scope(), in.Body.TemplateText
	key := templateKey{t.Kind, t.Channel, t.Language}
	event := notificationsapi.TemplateChanged{
		TemplateID: id.Derived("notification template", scope.TenantID.String(), t.Kind, string(t.Channel), t.Language),
		Kind:       t.Kind, Channel: string(t.Channel), Language: t.Language, Removed: in.Body.UseBuiltIn,
	}
	queries := notificationsdb.New(tx)
	if in.Body.UseBuiltIn {
		original, found := builtIn[t.Language].Templates[t.Kind][t.Channel]
		if !found {
			return Template{}, errInvalid.At("body.use_built_in", "HM brings no text of this kind in this language.")
		}
		dropped, err := queries.DropTemplate(ctx, notificationsdb.DropTemplateParams{TenantID: scope.TenantID, Kind: t.Kind, Channel: string(t.Channel), Language: t.Language})
		if err == nil && dropped > 0 {
			err = m.deps.Bus.Publish(ctx, tx, event)
		}
		return builtInTemplate(ctx, key, original), err
	}
	if faults := t.check(); len(faults.Fields) > 0 {
		return Template{}, faults
	}
	row, err := queries.SaveTemplate(ctx, notificationsdb.SaveTemplateParams{
		TenantID: scope.TenantID, Kind: t.Kind, Channel: string(t.Channel), Language: t.Language, Subject: t.Subject, Body: t.Body,
		UpdatedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	})
	if err != nil {
		return Template{}, err
	}
	return templateOf(ctx, row), m.deps.Bus.Publish(ctx, tx, event)
}

// PreviewInput is a text that need not be saved.
type PreviewInput struct {
	Body struct {
		TemplateText
		WithName bool `json:"with_name,omitempty" doc:"As it would read outside the app were patients' names allowed there"`
	}
}

// Preview is a message as its reader would see it, with facts of an example.
type Preview struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// Preview fills a text with the facts of an example; it saves nothing.
func (m *Module) Preview(ctx context.Context, tx db.Tx, in PreviewInput) (Preview, error) {
	t := in.Body.TemplateText
	if faults := t.check(); len(faults.Fields) > 0 {
		return Preview{}, faults
	}
	scope := tx.Scope()
	facility, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
	if err != nil {
		return Preview{}, err
	}
	w := wordsIn(t.Language)
	severity := "INFO"
	if t.Kind == "critical_result" || t.Kind == kindEscalation {
		severity = "CRITICAL"
	}
	facts := map[string]string{
		"facility": facility.Name, "severity": w.Severities[severity], "what": w.Kinds[t.Kind], "title": capitalised(w.Kinds[t.Kind]), "service": "LFT",
		"time": tx.Now().In(facility.Zone).Format("2006-01-02 15:04"), "patient": w.Patient, "mrn": "", "recipient": "N. N.", "link": m.linkTo(uuid.Nil),
	}
	if t.Channel == ChannelInApp || in.Body.WithName {
		facts["patient"], facts["mrn"] = "N. N.", facility.Code+"-000001"
	}
	shown := render(t.Channel, text{t.Subject, t.Body}, facts)
	return Preview(shown), nil
}

// ownTemplates are the tenant's own texts of some kinds on a channel.
func ownTemplates(ctx context.Context, q db.DBTX, tenantID uuid.UUID, channel Channel, ofKinds []string) (map[templateKey]text, error) {
	rows, err := notificationsdb.New(q).TemplatesOfKinds(ctx, notificationsdb.TemplatesOfKindsParams{TenantID: tenantID, Channel: string(channel), Kinds: ofKinds})
	own := make(map[templateKey]text, len(rows))
	for _, row := range rows {
		own[templateKey{row.Kind, channel, row.Language}] = text{row.Subject, row.Body}
	}
	return own, err
}
