package packs

import (
	"slices"
	"sync"
)

// variantsMost is how many results of one node are kept: it comes out differently for every facility whose value sets
// differ, and the packs of the binary are joined with those of every tenant for as long as the server runs.
const variantsMost = 8

// memo keeps what was compiled of a pack's own nodes, so that every library joined from the pack shares it. Only
// what has no fault is kept, never what a merge made, for such a node comes anew with every join, and of each node the
// results asked for last.
type memo struct {
	mu       sync.Mutex
	compiled map[*node][]variant // the one asked for last in front
}

type variant struct {
	with string // what else the result depends on
	made any
}

// find gives what is kept, nil when it is not.
func (m *memo) find(n *node, with string) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.front(n, with)
}

func (m *memo) front(n *node, with string) any {
	known := m.compiled[n]
	i := slices.IndexFunc(known, func(v variant) bool { return v.with == with })
	if i < 0 {
		return nil
	}
	found := known[i]
	copy(known[1:i+1], known[:i])
	known[0] = found
	return found.made
}

// keep gives what is to be used: what another join kept meanwhile, else what was made.
func (m *memo) keep(n *node, with string, made any) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.front(n, with); known != nil {
		return known
	}
	if m.compiled == nil {
		m.compiled = map[*node][]variant{}
	}
	known := slices.Insert(m.compiled[n], 0, variant{with, made})
	if len(known) > variantsMost {
		known = slices.Delete(known, variantsMost, len(known))
	}
	m.compiled[n] = known
	return made
}

// compiled gives what compile makes of a node, from memory when the pack it stands in has been through it before.
func compiled[T any](c *reading, n *node, with string, compile func() *T) *T {
	owner := c.packs[n.at.pack]
	if owner == nil || n.made {
		return compile()
	}
	if kept := owner.memo.find(n, with); kept != nil {
		return kept.(*T) //nolint:errcheck,forcetypeassert // each node is compiled to one type only
	}
	before := len(c.faults)
	out := compile()
	if out == nil || len(c.faults) > before {
		return out
	}
	return owner.memo.keep(n, with, out).(*T) //nolint:errcheck,forcetypeassert // each node is compiled to one type only
}

// only gives a reading that knows no more than compiling this node needs. What is compiled later keeps it, in the memory
// of the node's pack, where nothing of the tenant for whom it was joined may stay.
func (c *reading) only(n *node) *reading {
	out := &reading{packs: map[string]*pack{n.at.pack: c.packs[n.at.pack]}, late: c.late, valueSets: map[string]*valueSet{}, tools: c.tools}
	for _, code := range valueSetsIn(n) {
		if v := c.valueSets[code]; v != nil {
			out.valueSets[code] = v
		}
	}
	return out
}
