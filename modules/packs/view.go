package packs

import (
	queue "container/list"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// view is the library of a tenant, or of one of its facilities: the packs in use, and behind them the forms of every
// version that ever was. It is immutable and safe for concurrent use.
type view struct {
	*Library
	// key tells it from every other.
	key string
	// facility is the code of the one that it is the library of; empty for the tenant's.
	facility string
	// old are the versions no longer in use, the newest of each pack first; a built-in one that the tenant replaced is
	// the oldest of its pack.
	old []*oldVersion
	// own are the tenant's packs in use, as they were loaded.
	own map[string]*pack
	// manifests are of the newest version of each of the tenant's packs, problems why one of them is not in use.
	manifests map[string]manifest
	problems  map[string]string
	// unused are those that can be read but do not fit.
	unused map[string]*pack
}

var _ packsapi.Library = (*view)(nil)

// manifest says what a pack version is, without its files.
type manifest struct {
	Pack packsapi.Pack `json:"pack"`
	// Facilities are those that a site pack is for; none means the whole tenant.
	Facilities []string `json:"facilities,omitempty"`
	// Templates gives the digest of every form by its code@version.
	Templates map[string]string `json:"templates"`
}

// isFor tells whether a facility (empty: the tenant, without any of its own) is among those that the pack is for.
func (m manifest) isFor(facility string) bool {
	return len(m.Facilities) == 0 || slices.Contains(m.Facilities, facility)
}

func manifestOf(id uuid.UUID, rows []packsdb.ListManifestsRow) (manifest, error) {
	var out manifest
	i := slices.IndexFunc(rows, func(row packsdb.ListManifestsRow) bool { return row.ID == id })
	if i < 0 {
		return out, fmt.Errorf("packs: the version %s has gone", id)
	}
	return out, json.Unmarshal(rows[i].Manifest, &out)
}

type oldVersion struct {
	pack, version string
	manifest      manifest
	open          func() (*Library, error)

	once    sync.Once
	library *Library
}

// template finds one of the version's own forms; nil when it has none of this name.
func (o *oldVersion) template(code, version string) *packsapi.Template {
	if _, has := o.manifest.Templates[code+"@"+version]; !has {
		return nil
	}
	o.once.Do(func() {
		var err error
		if o.library, err = o.open(); err != nil {
			slog.Error("an old version of a pack cannot be read", "pack", o.pack, "version", o.version, "error", err)
		}
	})
	if o.library == nil {
		return nil
	}
	t, err := o.library.Template(o.pack, code, version)
	if err != nil {
		return nil
	}
	return t
}

func (v *view) digest() string { return v.key }

// isSitedIn tells whether a facility sees another library than its tenant.
func (v *view) isSitedIn(facility string) bool {
	for _, m := range v.manifests {
		if slices.Contains(m.Facilities, facility) {
			return true
		}
	}
	return false
}

// hasSites tells whether there is any facility that does, so that its code need not be read where there is none.
func (v *view) hasSites() bool {
	for _, m := range v.manifests {
		if len(m.Facilities) > 0 {
			return true
		}
	}
	return false
}

// Template implements packsapi.Library. A version that no pack in use has any more is found where it was: in an older
// version of the pack, or of one that it extends or extended.
func (v *view) Template(pack, code, version string) (*packsapi.Template, error) {
	t, err := v.Library.Template(pack, code, version)
	if err == nil || version == packsapi.Latest {
		return t, err
	}
	for _, id := range v.ground(pack) {
		if t, err := v.Library.Template(id, code, version); err == nil {
			return t, nil
		}
		for _, o := range v.old {
			if o.pack != id {
				continue
			}
			if t := o.template(code, version); t != nil {
				return t, nil
			}
		}
	}
	return nil, err
}

// ground lists a pack, what it extends, and what any version of those ever extended.
func (v *view) ground(pack string) []string {
	out := []string{pack}
	for i := 0; i < len(out); i++ {
		add := func(extends []string) {
			for _, id := range extends {
				if !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
		for _, p := range v.Packs() {
			if p.ID == out[i] {
				add(p.Extends)
			}
		}
		// A site pack's forms stood over those of the packs it extends.
		over := func(p packsapi.Pack) {
			if p.Kind == packsapi.KindSite && slices.Contains(p.Extends, out[i]) {
				add([]string{p.ID})
			}
		}
		for _, id := range sortedKeys(v.manifests) {
			over(v.manifests[id].Pack)
		}
		for _, o := range v.old {
			over(o.manifest.Pack)
			if o.pack == out[i] {
				add(o.manifest.Pack.Extends)
			}
		}
	}
	return out
}

// What the views in memory may be at most: how many, and how many bytes of files they were made of. The one asked for
// last always stays.
const (
	viewsMost     = 500
	viewsMostSize = 64 << 20
)

type viewKey struct{ state, facility string }

// views keeps the libraries asked for last; each is made once, however many ask for it at once from outside transactions.
type views struct {
	mu    sync.Mutex
	known map[viewKey]*queue.Element
	order queue.List // of *keptView, the one asked for last in front
	size  int
}

type keptView struct {
	key  viewKey
	size int

	making chan struct{} // holds one who makes it
	view   atomic.Pointer[view]
}

// of gives a view from memory, or makes it. Who holds a connection does not wait for another who makes it: that one may
// be waiting for a connection in turn.
func (k *views) of(ctx context.Context, key viewKey, size int, holdsConnection bool, make func() (*view, error)) (*view, error) {
	kept := k.keep(key, size)
	if known := kept.view.Load(); known != nil {
		return known, nil
	}
	if holdsConnection {
		select {
		case kept.making <- struct{}{}:
		default:
			return make()
		}
	} else {
		select {
		case kept.making <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer func() { <-kept.making }()
	if known := kept.view.Load(); known != nil {
		return known, nil
	}
	made, err := make()
	if err != nil {
		return nil, err
	}
	kept.view.Store(made)
	return made, nil
}

// keep gives the place of a view, as the one asked for last.
func (k *views) keep(key viewKey, size int) *keptView {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil {
		k.known = map[viewKey]*queue.Element{}
	}
	element, found := k.known[key]
	if found {
		k.order.MoveToFront(element)
	} else {
		element = k.order.PushFront(&keptView{key: key, size: size, making: make(chan struct{}, 1)})
		k.known[key] = element
		k.size += size
	}
	for k.order.Len() > 1 && (k.order.Len() > viewsMost || k.size > viewsMostSize) {
		last := k.order.Remove(k.order.Back()).(*keptView) //nolint:forcetypeassert // nothing else is kept
		delete(k.known, last.key)
		k.size -= last.size
	}
	return element.Value.(*keptView) //nolint:forcetypeassert // nothing else is kept
}

// openedMost bounds how many bytes of files the packs in memory were loaded from.
const openedMost = 64 << 20

// openedPacks keeps packs by the digest of their files, so that what did not change is not loaded again when another pack
// of its tenant does.
type openedPacks struct {
	mu    sync.Mutex
	known map[string]*pack
	size  int
}

func (l *openedPacks) of(digest, archive []byte) (*pack, error) {
	key := string(digest)
	l.mu.Lock()
	p, found := l.known[key]
	l.mu.Unlock()
	if found {
		return p, nil
	}
	p, err := open(archive)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size += len(archive); l.known == nil || l.size > openedMost {
		l.known, l.size = map[string]*pack{}, len(archive)
	}
	l.known[key] = p
	return p, nil
}
