package packs

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// WorkspacePack is one pack as a frontend uses it, joined with those it extends.
type WorkspacePack struct {
	ID      string           `json:"id"`
	Version string           `json:"version"`
	Name    string           `json:"name"`
	Kind    packsapi.Kind    `json:"kind" enum:"base,system,specialty,site"`
	Extends []string         `json:"extends" nullable:"false"`
	Locales []string         `json:"locales" nullable:"false"`
	SignOff packsapi.SignOff `json:"sign_off" doc:"The clinician who answers for the content; empty while nobody does"`
	packsapi.Presentation
	Workflows       []WorkspaceWorkflow `json:"workflows" nullable:"false"`
	Templates       []WorkspaceTemplate `json:"templates" nullable:"false" doc:"The forms, by code; GET /api/templates/{code} gives one"`
	PatientSchema   json.RawMessage     `json:"patient_schema" doc:"JSON Schema of a patient's system_specific_data of this pack; null when it has none"`
	EncounterSchema json.RawMessage     `json:"encounter_schema" doc:"JSON Schema of an encounter's system_data; null when it has none"`
	Catalog         WorkspaceCatalog    `json:"catalog"`
}

// WorkspaceWorkflow is what an encounter of one type goes through.
type WorkspaceWorkflow struct {
	EncounterType string          `json:"encounter_type"`
	Steps         []WorkspaceStep `json:"steps" nullable:"false"`
	Close         WorkspaceClose  `json:"close"`
}

// WorkspaceClose is what closing needs: tasks done, documents finalised.
type WorkspaceClose struct {
	Tasks     []string `json:"tasks" nullable:"false"`
	Documents []string `json:"documents" nullable:"false"`
}

// WorkspaceStep is one step of a workflow.
type WorkspaceStep struct {
	Code        string              `json:"code" doc:"The code of the task it opens"`
	Title       string              `json:"title"`
	Role        string              `json:"role" doc:"Who usually does it"`
	Optional    bool                `json:"optional"`
	CompletedBy packsapi.Completion `json:"completed_by"`
}

// WorkspaceTemplate names one form.
type WorkspaceTemplate struct {
	Code    string `json:"code"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

// WorkspaceCatalog says how much there is to order; GET /api/catalog lists it.
type WorkspaceCatalog struct {
	Services  int                 `json:"services" doc:"How many"`
	OrderSets []packsapi.CodeName `json:"order_sets" nullable:"false"`
}

func workspacePack(library packsapi.Library, id, locale string, may allowance) (WorkspacePack, error) {
	p, err := library.Pack(id)
	if err != nil {
		return WorkspacePack{}, err
	}
	out := WorkspacePack{
		ID: p.ID, Version: p.Version, Name: p.Name.In(locale), Kind: p.Kind, Extends: orNone(p.Extends), Locales: p.Locales, SignOff: p.SignOff,
		Workflows: []WorkspaceWorkflow{}, Templates: []WorkspaceTemplate{}, Catalog: WorkspaceCatalog{OrderSets: []packsapi.CodeName{}},
	}
	if err := present(library, id, locale, may, &out); err != nil {
		return out, err
	}
	for _, encounterType := range out.EncounterTypes {
		w, err := library.Workflow(id, encounterType.Code)
		if err != nil {
			return out, err
		}
		out.Workflows = append(out.Workflows, workspaceWorkflow(w, locale))
	}
	if may.forms {
		templates, err := library.Templates(id)
		if err != nil {
			return out, err
		}
		for _, t := range templates {
			out.Templates = append(out.Templates, WorkspaceTemplate{Code: t.Code, Version: t.Version, Title: t.Title.In(locale)})
		}
	}
	return out, order(library, id, locale, &out)
}

// present fills in how the pack looks, less the screens and cards that are not for this caller.
func present(library packsapi.Library, id, locale string, may allowance, out *WorkspacePack) error {
	p, err := library.Presentation(id, locale)
	if err != nil {
		return err
	}
	p.Navigation = slices.DeleteFunc(slices.Clone(p.Navigation), func(n packsapi.NavigationItem) bool { return !shows(may.screens, n.Screen) })
	p.Chart = slices.DeleteFunc(slices.Clone(p.Chart), func(c packsapi.ChartCard) bool { return !shows(may.cards, c.Card) })
	p.Tools = slices.DeleteFunc(slices.Clone(p.Tools), func(t packsapi.ToolSetting) bool {
		return t.Tool == packsapi.ToolCustom && !slices.Contains(may.tools, AllowedTool{t.URL, t.Integrity})
	})
	p.Navigation, p.Chart, p.Tools = orNone(p.Navigation), orNone(p.Chart), orNone(p.Tools)
	p.EncounterTypes, p.OrderTypes = orNone(p.EncounterTypes), orNone(p.OrderTypes)
	out.Presentation = p
	return nil
}

// order fills in what can be ordered and the schemas beside documents.
func order(library packsapi.Library, id, locale string, out *WorkspacePack) error {
	catalog, err := library.Catalog(id)
	if err != nil {
		return err
	}
	out.Catalog.Services = len(catalog.Services())
	for _, set := range catalog.OrderSets() {
		out.Catalog.OrderSets = append(out.Catalog.OrderSets, packsapi.CodeName{Code: set.Code, Name: set.Name.In(locale)})
	}
	patient, err := library.PatientData(id)
	if err != nil {
		return err
	}
	encounter, err := library.EncounterData(id)
	if err != nil {
		return err
	}
	if patient != nil {
		out.PatientSchema = patient.Document(locale)
	}
	if encounter != nil {
		out.EncounterSchema = encounter.Document(locale)
	}
	return nil
}

func workspaceWorkflow(w *packsapi.Workflow, locale string) WorkspaceWorkflow {
	out := WorkspaceWorkflow{EncounterType: w.EncounterType, Steps: []WorkspaceStep{}, Close: WorkspaceClose{orNone(w.Close.Tasks), orNone(w.Close.Documents)}}
	for _, s := range w.Steps {
		out.Steps = append(out.Steps, WorkspaceStep{Code: s.Code, Title: s.Title.In(locale), Role: s.Role, Optional: s.Optional, CompletedBy: s.CompletedBy})
	}
	return out
}

// orNone makes the list of nothing out of no list: in JSON it is [] then, not null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// partKey says whose view of a pack the bytes are: every library of another content has another digest.
type partKey struct{ library, pack, locale, allowance string }

// part is one pack of a workspace as JSON.
type part struct {
	json   []byte
	digest [sha256.Size]byte
}

// partsMost bounds the memory of parts, in bytes. What was not asked for of late is made again when it is.
const partsMost = 64 << 20

// parts are the packs of workspaces as they were encoded when they were first asked for.
type parts struct {
	mu    sync.RWMutex
	kept  map[partKey]part
	bytes int
}

func (p *parts) of(key partKey, make func() (WorkspacePack, error)) (part, error) {
	p.mu.RLock()
	known, found := p.kept[key]
	p.mu.RUnlock()
	if found {
		return known, nil
	}
	made, err := make()
	if err != nil {
		return part{}, err
	}
	text, err := json.Marshal(made)
	if err != nil {
		return part{}, err
	}
	encoded := part{json: text, digest: sha256.Sum256(text)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes += len(text); p.bytes > partsMost || p.kept == nil {
		p.kept, p.bytes = map[partKey]part{}, len(text)
	}
	p.kept[key] = encoded
	return encoded, nil
}

// digestOf tells libraries of different content apart.
func digestOf(library packsapi.Library) string {
	if l, ok := library.(interface{ digest() string }); ok {
		return l.digest()
	}
	return ""
}
