package packs

import (
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/modules/packs/internal/packsdb"
)

// BenchmarkTenantView makes the library of a tenant with one pack of its own over the built-in ones: what the first
// request after an installation waits for.
func BenchmarkTenantView(b *testing.B) {
	m, err := New(Deps{Bus: events.NewBus()})
	if err != nil {
		b.Fatal(err)
	}
	c, faults, err := newCandidate(small("own", "1.0.0", "base", "first"))
	if err != nil || len(faults) > 0 {
		b.Fatal(faults, err)
	}
	for b.Loop() {
		id := uuid.New()
		state := stateOf(id, []packsdb.ListVersionsRow{{ID: id, Pack: c.ID, Version: c.Version, Digest: c.digest[:], Size: int32(c.size)}})
		if _, err := m.makeView(state, "", []packsdb.GetArchivesRow{{ID: id, Archive: c.archive}},
			[]packsdb.ListManifestsRow{{ID: id, Pack: c.ID, Version: c.Version, Manifest: []byte(`{"pack": {}}`)}}); err != nil {
			b.Fatal(err)
		}
	}
}
