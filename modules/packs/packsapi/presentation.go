package packsapi

// Presentation is how a pack looks in one language: everything the web app takes from it that is not a form.
// Its lists are never null in JSON.
type Presentation struct {
	// Labels are all words of the pack by semantic key: its own over those of the packs it extends; a word that
	// none of them has in this locale is in English.
	Labels         map[string]string `json:"labels"`
	Theme          Theme             `json:"theme"`
	Navigation     []NavigationItem  `json:"navigation" nullable:"false"`
	EncounterTypes []CodeName        `json:"encounter_types" nullable:"false"`
	OrderTypes     []CodeName        `json:"order_types" nullable:"false"`
	Chart          []ChartCard       `json:"chart" nullable:"false"`
	Tools          []ToolSetting     `json:"tools" nullable:"false"`
}

// Theme is the pack's hue and sign. Primary is #rrggbb, readable as text on white.
type Theme struct {
	Primary string `json:"primary"`
	Icon    string `json:"icon"`
}

// NavigationItem is one entry of the menu. Who may see its screen is the screen's own matter.
type NavigationItem struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	Screen string `json:"screen"`
}

// CodeName is a code with the words people know it by.
type CodeName struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// The kinds of cards on a patient's chart.
const (
	CardTrend          = "trend"
	CardLatestDocument = "latest_document"
	CardDocuments      = "documents"
	CardOrders         = "orders"
	CardTool           = "tool"
	// CardLaboratory shows the latest released results, test by test, with their trends.
	CardLaboratory = "laboratory"
)

// ChartCard is one card of a patient's chart. Observations belong to a trend, Template to latest_document and
// tool, OrderType to orders, Tool (a code of Tools) to tool.
type ChartCard struct {
	Code         string             `json:"code"`
	Title        string             `json:"title"`
	Card         string             `json:"card"`
	Observations []ChartObservation `json:"observations,omitempty"`
	Template     string             `json:"template,omitempty"`
	OrderType    string             `json:"order_type,omitempty"`
	Tool         string             `json:"tool,omitempty"`
}

// ChartObservation is one line of a trend.
type ChartObservation struct {
	Code   string `json:"code"`
	System string `json:"system"`
	Title  string `json:"title,omitempty"`
}

// ToolCustom is the tool of a third party: a custom element loaded from URL.
const ToolCustom = "custom"

// ToolSetting is a signature tool as the pack uses it. URL, Integrity and Element are set for ToolCustom only; such
// a tool may be shown only when the tenant allows its URL with this integrity.
type ToolSetting struct {
	Code      string         `json:"code"`
	Tool      string         `json:"tool"`
	Title     string         `json:"title"`
	Config    map[string]any `json:"config,omitempty"`
	URL       string         `json:"url,omitempty"`
	Integrity string         `json:"integrity,omitempty"`
	Element   string         `json:"element,omitempty"`
}
