package lab

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// shelf is what a pack teaches of tests.
type shelf struct {
	pack       string
	catalog    packsapi.Catalog
	laboratory packsapi.Laboratory
}

// shelves gives each pack's shelf of one library, so that a list of many tests asks once.
type shelves struct {
	library packsapi.Library
	known   map[string]shelf
}

func (m *Module) shelves(ctx context.Context, q db.DBTX, scope db.Scope) (*shelves, error) {
	library, err := m.deps.Packs.Of(ctx, q, scope)
	return &shelves{library, map[string]shelf{}}, err
}

func (m *Module) shelfOf(ctx context.Context, q db.DBTX, scope db.Scope, pack string) (shelf, error) {
	all, err := m.shelves(ctx, q, scope)
	if err != nil {
		return shelf{}, err
	}
	return all.of(pack)
}

func (s *shelves) of(pack string) (shelf, error) {
	if found, ok := s.known[pack]; ok {
		return found, nil
	}
	catalog, err := s.library.Catalog(pack)
	if err != nil {
		return shelf{}, unavailable(pack, err)
	}
	laboratory, err := s.library.Laboratory(pack)
	if err != nil {
		return shelf{}, unavailable(pack, err)
	}
	s.known[pack] = shelf{pack, catalog, laboratory}
	return s.known[pack], nil
}

// unavailable turns a pack that is gone into a fault of the installation: the encounter was opened with it.
func unavailable(pack string, err error) error {
	if errors.Is(err, packsapi.ErrUnknownPack) {
		return errors.New("lab: the pack " + pack + ", with which an encounter was opened, is gone")
	}
	return err
}

// test gives the analytes of a service, in its order. One that names none, or that the catalogue has lost, is answered in
// words, under its own code.
func (s shelf) test(serviceCode, name string) []*packsapi.Analyte {
	service, known := s.catalog.Service(serviceCode)
	var analytes []*packsapi.Analyte
	if known {
		for _, code := range service.Analytes {
			if a, ok := s.laboratory.Analyte(code); ok {
				analytes = append(analytes, a)
			}
		}
	}
	if len(analytes) == 0 {
		analytes = []*packsapi.Analyte{{Pack: s.pack, Code: serviceCode, Name: packsapi.Text{packsapi.DefaultLocale: name}, Kind: packsapi.ValueText}}
	}
	return analytes
}

// sectionOf is the bench that works on a test: of its first analyte that has one.
func sectionOf(test []*packsapi.Analyte) *string {
	for _, a := range test {
		if a.Section != "" {
			return &a.Section
		}
	}
	return nil
}

// affected gives those of the codes that a hold touches: measured themselves, or calculated from what is.
func (s shelf) affected(codes []string, held map[string]bool) []string {
	found := []string{}
	if len(held) == 0 {
		return found
	}
	for _, code := range codes {
		a, known := s.laboratory.Analyte(code)
		if held[code] || known && slices.ContainsFunc(a.Inputs, func(input string) bool { return held[input] }) {
			found = append(found, code)
		}
	}
	return found
}

// held gives the analytes of the facility that quality control holds back now.
func (m *Module) held(ctx context.Context, q db.DBTX, scope db.Scope) (map[string]bool, error) {
	holds, err := m.deps.Quality.Held(ctx, q, scope)
	held := make(map[string]bool, len(holds))
	for _, h := range holds {
		held[h.Analyte] = true
	}
	return held, err
}

// words gives nil for what holds none.
func words(s string) *string {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return &s
}
