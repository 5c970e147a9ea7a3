// Package packsapi is what other modules may know of packs: the medical systems and specialties that HM is
// taught by data. It imports only kit and the standard library; the engine behind it lives in modules/packs.
package packsapi

import (
	"context"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

// Base is the pack every other pack builds on.
const Base = "base"

// Latest asks for the newest version of a template.
const Latest = ""

// The answers for things no pack of this tenant knows.
var (
	ErrUnknownPack     = errs.NotFound("packs.unknown_pack", "There is no such pack.")
	ErrUnknownTemplate = errs.NotFound("packs.unknown_template", "There is no such template.")
	ErrUnknownWorkflow = errs.NotFound("packs.unknown_workflow", "This pack has no workflow for this type of encounter.")
)

// Reader is how modules read packs.
type Reader interface {
	// Of gives the packs as the scope's tenant and facility see them. It is remembered for less than a second, so an
	// act that asks several things asks once and keeps to one library.
	Of(ctx context.Context, q db.DBTX, scope db.Scope) (Library, error)
}

// Library holds what packs teach. A pack sees its own content and that of the packs it extends; where both name the
// same code, its own counts. Everything given out is immutable and safe for concurrent use.
type Library interface {
	// Packs lists the packs that can be used, base first.
	Packs() []Pack
	// Pack finds one of them: ErrUnknownPack when it cannot be used.
	Pack(id string) (Pack, error)
	// Template finds one template version; Latest for the newest. Old versions stay readable for ever,
	// because documents remember the version they were written with.
	Template(pack, code, version string) (*Template, error)
	// Templates lists the newest version of every template the pack sees, by code.
	Templates(pack string) ([]*Template, error)
	// Workflow is what an encounter of this type goes through in this pack.
	Workflow(pack, encounterType string) (*Workflow, error)
	// Rules are the pack's rules for one moment, such as MomentEncounterClose; none is no error.
	Rules(pack, moment string) (RuleSet, error)
	// Catalog is what can be ordered in the pack.
	Catalog(pack string) (Catalog, error)
	// Laboratory is what a laboratory measures in the pack.
	Laboratory(pack string) (Laboratory, error)
	// PatientData is the form of patients.system_specific_data.<pack>; nil without an error when the pack has none.
	// It is the pack's own: the packs it extends keep their own data, under their own ids.
	PatientData(pack string) (*DataForm, error)
	// EncounterData is the form of encounters.system_data; nil without an error when there is none.
	EncounterData(pack string) (*DataForm, error)
	// Presentation is how the pack looks in one locale.
	Presentation(pack, locale string) (Presentation, error)
}

// Pack says what a pack is. Its content is read through Reader.
type Pack struct {
	ID             string   `json:"id"`
	Version        string   `json:"version"`
	Name           Text     `json:"name"`
	Kind           Kind     `json:"kind"`
	Extends        []string `json:"extends"`
	RequiresHM     string   `json:"requires_hm"`
	Locales        []string `json:"locales"`
	EncounterTypes []string `json:"encounter_types"`
	OrderTypes     []string `json:"order_types"`
	SignOff        SignOff  `json:"sign_off"`
	// Labels holds the pack's own words: locale, semantic key, word.
	Labels map[string]map[string]string `json:"labels"`
}

// Kind is a pack's place in the order of resolution.
type Kind string

// The kinds, in the order in which a later one overrides an earlier.
const (
	KindBase      Kind = "base"
	KindSystem    Kind = "system"
	KindSpecialty Kind = "specialty"
	KindSite      Kind = "site"
)

// SignOff names the clinician who answers for the pack's clinical content. Empty means nobody has yet:
// the content is sample configuration.
type SignOff struct {
	Clinician string `json:"clinician"`
	Date      string `json:"date"`
}

// Text is something a person reads, by locale.
type Text map[string]string

// DefaultLocale is the language a text falls back to, and the one of a text given without a locale.
const DefaultLocale = "en"

// In gives the text in the locale, else in its language ("hi" for "hi-IN"), else in English, else in
// whichever language there is.
func (t Text) In(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, candidate := range []string{locale, language, DefaultLocale} {
		if s, ok := t[candidate]; ok {
			return s
		}
	}
	locales := make([]string, 0, len(t))
	for l := range t {
		locales = append(locales, l)
	}
	if len(locales) == 0 {
		return ""
	}
	return t[slices.Min(locales)]
}
