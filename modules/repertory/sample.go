package repertory

import (
	"bytes"
	"context"
	_ "embed"
	"strings"
	"sync"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/repertory/repertoryapi"
)

// sample is a small repertory of our own typing, for trials and demonstrations: rubrics that every homeopath knows, in
// the usual order, with remedies that are graded high in them. It is no clinical reference.
//
//go:embed sample.tsv
var sample []byte

// SampleSource is what an edition made of the sample is called.
const SampleSource = "sample.tsv"

// ImportSample replaces the repertory of tx's tenant by the sample.
func (m *Module) ImportSample(ctx context.Context, tx db.Tx) (repertoryapi.Imported, error) {
	return m.Import(ctx, tx, bytes.NewReader(sample), SampleSource, func(string, int) {})
}

// names are those of the sample's remedies: the usual abbreviations, which other files use as well.
var names = sync.OnceValue(func() map[string]string {
	known := map[string]string{}
	for line := range strings.Lines(string(sample)) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 && fields[0] == "#remedy" {
			known[fields[1]] = fields[2]
		}
	}
	return known
})

// nameOf is a remedy's name where a file does not give it: the usual one, else its abbreviation.
func nameOf(abbreviation string) string {
	if name := names()[abbreviation]; name != "" {
		return name
	}
	return abbreviation
}
