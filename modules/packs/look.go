package packs

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// look is what the web app takes from a pack beside its forms.
type look struct {
	theme packsapi.Theme
	nav   []navEntry
	chart []card
	tools []toolEntry
}

type navEntry struct {
	code, screen string
	title        packsapi.Text
}

type card struct {
	packsapi.ChartCard
	at     place
	title  packsapi.Text
	titles []packsapi.Text // of the observations
}

type toolEntry struct {
	packsapi.ToolSetting
	title packsapi.Text
}

// plainTheme is the look of a pack that gives itself none.
var plainTheme = packsapi.Theme{Primary: "#0f5f8c", Icon: "activity"}

var (
	icons = []string{"activity", "stethoscope", "leaf", "droplets", "eye", "heart-pulse", "baby", "brain", "bone", "smile",
		"flask-conical", "hand", "sun", "moon", "flower", "pill"}
	screens          = []string{"desk", "triage", "queue", "orders", "tasks", "laboratory", "alerts", "audit", "administration"}
	cards            = []string{packsapi.CardTrend, packsapi.CardLatestDocument, packsapi.CardDocuments, packsapi.CardOrders, packsapi.CardTool, packsapi.CardLaboratory}
	colourPattern    = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	elementPattern   = regexp.MustCompile(`^x(-[a-z0-9]+)+$`)
	integrityPattern = regexp.MustCompile(`^sha(256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)$`)
)

const minContrast = 4.5

func (r *reading) readLook(of *resolved) look {
	out := look{theme: r.readTheme(of.part("theme", of.layers))}
	for _, n := range of.list("tools").orEmpty().items {
		out.tools = append(out.tools, r.readToolSetting(n))
	}
	r.tools = make([]string, len(out.tools))
	for i, t := range out.tools {
		r.tools[i] = t.Code
	}
	for _, n := range of.list("nav").orEmpty().items {
		if !r.mapping(n, "An entry of the menu", "code", "title", "screen", "order", "hidden") {
			continue
		}
		r.need(n, "An entry of the menu", "code", "title", "screen")
		out.nav = append(out.nav, navEntry{code: r.slug(n.get("code"), "code"), title: r.words(n.get("title"), "title"),
			screen: r.oneOf(n.get("screen"), "screen", screens...)})
	}
	for _, n := range of.list("chart").orEmpty().items {
		out.chart = append(out.chart, r.readCard(n, of))
	}
	return out
}

func (r *reading) readTheme(n *node) packsapi.Theme {
	theme := plainTheme
	if !r.mapping(n, "theme.yaml", "primary", "icon") {
		return theme
	}
	if p := n.get("primary"); p != nil {
		theme.Primary = r.match(p, "primary", colourPattern, "a colour such as #0b6e4f")
		if theme.Primary != "" {
			if c := contrastWithWhite(theme.Primary); c < minContrast {
				r.fault(p.at, "The colour %s has a contrast of %.1f against white; text needs at least %.1f. Take a darker one.", theme.Primary, c, minContrast)
			}
		}
	}
	if i := n.get("icon"); i != nil {
		theme.Icon = r.oneOf(i, "icon", icons...)
	}
	return theme
}

// contrastWithWhite is the contrast ratio of WCAG 2.2 between a colour and white: 1 to 21.
func contrastWithWhite(colour string) float64 {
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0 // colourPattern has been asked before
		}
		c := float64(value) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05 / (luminance + 0.05)
}

func (r *reading) readToolSetting(n *node) toolEntry {
	var out toolEntry
	if !r.mapping(n, "A tool", "code", "tool", "title", "config", "url", "integrity", "element", "order", "hidden") {
		return out
	}
	r.need(n, "A tool", "code", "tool")
	out.Code = r.slug(n.get("code"), "code")
	out.Tool = r.oneOf(n.get("tool"), "tool", append(slices.Clone(tools), packsapi.ToolCustom)...)
	out.title = r.words(n.get("title"), "title")
	if r.mappingOf(n.get("config"), "config", "settings") {
		out.Config = asMap(n.get("config").plain())
	}
	if slices.Contains(tools, out.Code) && out.Tool != out.Code {
		r.fault(n.get("code").at, "The code %q is the name of a built-in tool; take another.", out.Code)
	}
	if out.Tool != packsapi.ToolCustom {
		for _, key := range []string{"url", "integrity", "element"} {
			if n.get(key) != nil {
				r.fault(n.get(key).at, "Only a tool of kind custom has %q.", key)
			}
		}
		return out
	}
	r.need(n, "A custom tool", "url", "integrity", "element", "title")
	out.URL = r.text(n.get("url"), "url")
	if out.URL != "" && !loadable(out.URL) {
		r.fault(n.get("url").at, "url must begin with https:// or, on this server, with a single /.")
	}
	out.Integrity = r.text(n.get("integrity"), "integrity")
	if out.Integrity != "" && !integrityPattern.MatchString(out.Integrity) {
		r.fault(n.get("integrity").at, "integrity must be a hash such as sha384-..., as <script integrity> takes it.")
	}
	out.Element = r.match(n.get("element"), "element", elementPattern, "a custom element's name such as x-odontogram")
	return out
}

// loadable says whether a browser may load a tool from there: over https, or from this very server.
func loadable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Fragment != "" || strings.ContainsAny(address, "\\ \t\r\n") {
		return false
	}
	if u.Scheme == "https" {
		return u.Host != ""
	}
	return u.Scheme == "" && u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(address, "//")
}

func (r *reading) readCard(n *node, of *resolved) card {
	out := card{at: n.at}
	if !r.mapping(n, "A card", "code", "title", "card", "observations", "template", "order_type", "tool", "order", "hidden") {
		return out
	}
	r.need(n, "A card", "code", "title", "card")
	out.Code, out.Card = r.slug(n.get("code"), "code"), r.oneOf(n.get("card"), "card", cards...)
	out.title = r.words(n.get("title"), "title")
	takes := map[string][]string{packsapi.CardTrend: {"observations"}, packsapi.CardLatestDocument: {"template"},
		packsapi.CardOrders: {"order_type"}, packsapi.CardTool: {"tool", "template"}}[out.Card]
	for _, key := range []string{"observations", "template", "order_type", "tool"} {
		if n.get(key) != nil && out.Card != "" && !slices.Contains(takes, key) {
			r.fault(n.get(key).at, "A card of kind %s has no %q.", out.Card, key)
		}
	}
	switch out.Card {
	case packsapi.CardTrend:
		r.need(n, "A trend", "observations")
	case packsapi.CardLatestDocument:
		r.need(n, "A card of the latest document", "template")
	case packsapi.CardTool:
		r.need(n, "A card with a tool", "tool")
	}
	for _, o := range r.items(n.get("observations"), "observations") {
		if r.mapping(o, "An observation", "code", "system", "title", "order", "hidden") {
			r.need(o, "An observation", "code", "system")
			out.Observations = append(out.Observations, packsapi.ChartObservation{Code: r.text(o.get("code"), "code"), System: r.text(o.get("system"), "system")})
			out.titles = append(out.titles, r.words(o.get("title"), "title"))
		}
	}
	out.Template = r.slug(n.get("template"), "template")
	if out.OrderType = r.text(n.get("order_type"), "order_type"); out.OrderType != "" && !slices.Contains(of.orderTypes, out.OrderType) {
		r.fault(n.get("order_type").at, "The order type %s is neither in pack.yaml nor in a pack that this one extends.", clip(out.OrderType))
	}
	if out.Tool = r.text(n.get("tool"), "tool"); out.Tool != "" && !slices.Contains(r.tools, out.Tool) && !r.faulty(n.at.pack, "tools.yaml") {
		r.fault(n.get("tool").at, "The card names the tool %q, which tools.yaml does not have.", clip(out.Tool))
	}
	return out
}

// checkCards finds cards that show a document no template makes.
func (r *resolved) checkCards(c *reading) {
	for _, card := range r.chart {
		if card.Template != "" && !r.hasTemplate(card.Template) && !c.faulty(card.at.pack, "templates/") {
			c.fault(card.at, "The card %q shows the template %q, which does not exist.", card.Code, card.Template)
		}
	}
}

// present gives the pack's look in one locale.
func (r *resolved) present(locale string) packsapi.Presentation {
	title := func(t packsapi.Text) string {
		words := t.In(locale)
		if fieldPattern.MatchString(words) { // a label's key, if there is such a label
			if word := r.label(locale, words); word != "" {
				return word
			}
		}
		return words
	}
	typeNames := func(prefix string, types []string) []packsapi.CodeName {
		out := make([]packsapi.CodeName, len(types))
		for i, t := range types {
			out[i] = packsapi.CodeName{Code: t, Name: t}
			if word := r.label(locale, prefix+strings.ToLower(t)); word != "" {
				out[i].Name = word
			}
		}
		return out
	}
	out := packsapi.Presentation{
		Labels: r.labels(locale), Theme: r.theme,
		EncounterTypes: typeNames("encounter_type_", r.encounterTypes), OrderTypes: typeNames("order_type_", r.orderTypes),
		Navigation: make([]packsapi.NavigationItem, len(r.nav)), Chart: make([]packsapi.ChartCard, len(r.chart)),
		Tools: make([]packsapi.ToolSetting, len(r.tools)),
	}
	for i, n := range r.nav {
		out.Navigation[i] = packsapi.NavigationItem{Code: n.code, Title: title(n.title), Screen: n.screen}
	}
	for i, c := range r.chart {
		out.Chart[i] = c.ChartCard
		out.Chart[i].Title = title(c.title)
		out.Chart[i].Observations = slices.Clone(c.Observations)
		for k, t := range c.titles {
			out.Chart[i].Observations[k].Title = title(t)
		}
	}
	for i, t := range r.tools {
		out.Tools[i] = t.ToolSetting
		out.Tools[i].Title = title(t.title)
		out.Tools[i].Config = asMap(inLocale(t.Config, locale))
	}
	return out
}

// inLocale gives settings with every text of theirs in one locale: where a tool's configuration says title, the
// author may have written it by locale.
func inLocale(v any, locale string) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = inLocale(item, locale)
		}
		return out
	case map[string]any:
		if v == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			if byLocale, ok := item.(map[string]any); ok && slices.Contains(spokenKeys, key) && isWords(byLocale) {
				out[key] = wordsOf(byLocale).In(locale)
				continue
			}
			out[key] = inLocale(item, locale)
		}
		return out
	default:
		return v
	}
}

// spokenKeys are the keys of a tool's settings under which people's words stand.
var spokenKeys = []string{"title", "label", "name", "help", "unit"}

func isWords(m map[string]any) bool {
	for key, v := range m {
		if _, ok := v.(string); !ok || !localePattern.MatchString(key) {
			return false
		}
	}
	return len(m) > 0
}
