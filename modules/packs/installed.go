package packs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/canonical"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// installed is what a tenant has installed: every version, as far as it is told without its files.
type installed struct {
	versions []packsdb.ListVersionsRow
	// digest tells it from every other state, of this tenant and of others.
	digest string
	// size is how many bytes the files of all versions are.
	size int
}

var _ packsapi.Reader = (*Module)(nil)

// Of implements packsapi.Reader: the built-in packs, the tenant's newest versions over them, and over those the site
// packs of the facility.
func (m *Module) Of(ctx context.Context, q db.DBTX, scope db.Scope) (packsapi.Library, error) {
	if scope.TenantID == uuid.Nil {
		return m.builtIn, nil
	}
	state, err := m.installed.of(scope.TenantID, func() (installed, error) { return readInstalled(ctx, q, scope.TenantID) })
	if err != nil {
		return nil, err
	}
	if len(state.versions) == 0 {
		return m.builtIn, nil
	}
	v, err := m.viewOf(ctx, q, scope.TenantID, state, "")
	if err != nil || scope.FacilityID == uuid.Nil || !v.hasSites() {
		return v, err
	}
	facility, err := m.facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil || !v.isSitedIn(facility.Code) {
		return v, err
	}
	return m.viewOf(ctx, q, scope.TenantID, state, facility.Code)
}

func readInstalled(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (installed, error) {
	rows, err := packsdb.New(q).ListVersions(ctx, tenantID)
	if err != nil {
		return installed{}, err
	}
	return stateOf(tenantID, rows), nil
}

func stateOf(tenantID uuid.UUID, rows []packsdb.ListVersionsRow) installed {
	slices.SortFunc(rows, func(a, b packsdb.ListVersionsRow) int {
		if c := strings.Compare(a.Pack, b.Pack); c != 0 {
			return c
		}
		return compareVersions(b.Version, a.Version)
	})
	out := installed{versions: rows}
	var content canonical.Bytes
	content.UUID(tenantID)
	for _, row := range rows {
		content.Text(row.Pack)
		content.Text(row.Version)
		content.Raw(row.Digest)
		out.size += int(row.Size)
	}
	sum := sha256.Sum256(content)
	out.digest = hex.EncodeToString(sum[:])
	return out
}

// newest tells of each version whether it is the one of its pack that is used; versions are sorted, newest first.
func (s installed) newest(i int) bool { return i == 0 || s.versions[i-1].Pack != s.versions[i].Pack }

// viewOf gives the library of a state, as seen in a facility, from memory or made now.
func (m *Module) viewOf(ctx context.Context, q db.DBTX, tenantID uuid.UUID, state installed, facility string) (*view, error) {
	_, holdsConnection := q.(db.Tx)
	return m.views.of(ctx, viewKey{state.digest, facility}, state.size, holdsConnection, func() (*view, error) {
		queries := packsdb.New(q)
		archives, err := queries.GetArchives(ctx, packsdb.GetArchivesParams{TenantID: tenantID, Ids: idsOf(state.versions)})
		if err != nil {
			return nil, err
		}
		manifests, err := queries.ListManifests(ctx, tenantID)
		if err != nil {
			return nil, err
		}
		return m.makeView(state, facility, archives, manifests)
	})
}

func idsOf(rows []packsdb.ListVersionsRow) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids
}

// makeView loads and joins a tenant's packs with the built-in ones it does not replace. A pack that this version of HM
// can no longer read, or that another no longer fits, is left out and named in the log and in the list of packs: the
// tenant's other packs go on.
func (m *Module) makeView(state installed, facility string, archives []packsdb.GetArchivesRow, manifests []packsdb.ListManifestsRow) (*view, error) {
	v := &view{key: state.digest + "/" + facility, facility: facility,
		own: map[string]*pack{}, manifests: map[string]manifest{}, problems: map[string]string{}, unused: map[string]*pack{}}
	archive := map[uuid.UUID][]byte{}
	for _, row := range archives {
		archive[row.ID] = row.Archive
	}
	for i, row := range state.versions {
		if !state.newest(i) {
			continue
		}
		var err error
		if v.manifests[row.Pack], err = manifestOf(row.ID, manifests); err != nil {
			return nil, err
		}
		p, err := m.opened.of(row.Digest, archive[row.ID])
		if err != nil {
			v.problem(row.Pack, err.Error())
			continue
		}
		v.own[row.Pack] = p
	}
	v.Library = m.joinOver(facility, v)
	for i, row := range state.versions {
		manifest, err := manifestOf(row.ID, manifests)
		if err != nil {
			return nil, err
		}
		if state.newest(i) && v.problems[row.Pack] == "" && manifest.isFor(facility) {
			continue
		}
		v.old = append(v.old, m.oldVersion(row, archive[row.ID], manifest, v.own))
	}
	for _, id := range sortedKeys(v.own) {
		if p := m.builtInPack(id); p != nil {
			v.old = append(v.old, &oldVersion{pack: id, version: p.Version, manifest: m.builtInManifests[id],
				open: func() (*Library, error) { return m.builtIn.Library, nil }})
		}
	}
	return v, nil
}

// joinOver joins the tenant's packs with the built-in ones. What has faults, or extends what has, is left out; the
// built-in packs alone always join.
func (m *Module) joinOver(facility string, v *view) *Library {
	for len(v.own) > 0 {
		library, faults := join(m.withBuiltIn(v.own), facility)
		left := len(v.own)
		for _, f := range faults {
			culprit, _, _ := strings.Cut(f.File, "/")
			if v.own[culprit] == nil { // a built-in pack that no longer fits over the one that the tenant replaced
				culprit = m.replaced(v.own)
			}
			if v.own[culprit] != nil {
				v.problem(culprit, f.String())
				v.leaveOut(culprit)
			}
		}
		for _, id := range sortedKeys(v.own) {
			if _, err := library.Pack(id); err != nil && v.own[id].Kind != packsapi.KindSite {
				v.problem(id, extendsFaulty)
				v.leaveOut(id)
			}
		}
		if len(v.own) == left {
			return library
		}
	}
	return m.builtIn.Library
}

const extendsFaulty = "It extends a pack that cannot be used."

// replaced finds a built-in pack among the tenant's own; "" when there is none.
func (m *Module) replaced(own map[string]*pack) string {
	for _, id := range sortedKeys(own) {
		if m.builtInPack(id) != nil {
			return id
		}
	}
	return ""
}

// withBuiltIn lists the packs a tenant has: its own, and the built-in ones that it does not replace.
func (m *Module) withBuiltIn(own map[string]*pack) []*pack {
	var all []*pack
	for _, p := range m.builtInPacks {
		if own[p.ID] == nil {
			all = append(all, p)
		}
	}
	for _, id := range sortedKeys(own) {
		all = append(all, own[id])
	}
	return all
}

func (m *Module) builtInPack(id string) *pack {
	i := slices.IndexFunc(m.builtInPacks, func(p *pack) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return m.builtInPacks[i]
}

// oldVersion is opened when somebody asks for one of its forms: in place of the version in use, over the same others,
// and for a site pack as one of its facilities sees it.
func (m *Module) oldVersion(row packsdb.ListVersionsRow, archive []byte, manifest manifest, own map[string]*pack) *oldVersion {
	return &oldVersion{pack: row.Pack, version: row.Version, manifest: manifest, open: func() (*Library, error) {
		p, err := m.opened.of(row.Digest, archive)
		if err != nil {
			return nil, err
		}
		beside := map[string]*pack{row.Pack: p}
		for id, other := range own {
			if id != row.Pack {
				beside[id] = other
			}
		}
		facility := ""
		if len(p.facilities) > 0 {
			facility = p.facilities[0]
		}
		library, _ := join(m.withBuiltIn(beside), facility) // what no longer fits is left out, which may be others
		return library, nil
	}}
}

func (v *view) leaveOut(pack string) {
	v.unused[pack] = v.own[pack]
	delete(v.own, pack)
}

func (v *view) problem(pack, why string) {
	if v.problems[pack] == "" {
		v.problems[pack] = why
		slog.Error("an installed pack cannot be used", "pack", pack, "why", why)
	}
}

var errUnreadable = errors.New("its files cannot be read")

// open loads the pack of an archive of our own making.
func open(archive []byte) (*pack, error) {
	root, err := folder(archive)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	p, faults := load(root, false)
	if len(faults) > 0 {
		return nil, errors.New(faults[0].String())
	}
	return p, nil
}
