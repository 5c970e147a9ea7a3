package audit

import (
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Verifying rebuilds the tree beside the stored one. As long as both agree a node is one hash. Where they differ,
// somebody changed one of two places, and which of them only shows higher up: the node then keeps every explanation,
// each with the hash that would be right under it, until a stored hash above or a signed root decides. So one changed
// row is named, and none of its neighbours.

// fault is one row found wrong: what it is, which (a leaf's index until its entry's id is looked up), and why.
type fault struct {
	what   string
	leaf   int64
	past   int64 // for a range of leaves, one past its last; otherwise 0
	id     string
	reason string
}

// size is how many rows a fault accuses.
func (f fault) size() int64 { return max(f.past-f.leaf, 1) }

// sameRow tells whether two faults accuse one row of a leaf: several of its hashes are one change.
func (f fault) sameRow(g fault) bool {
	return f.what == g.what && f.leaf == g.leaf && f.past == g.past && f.id == g.id
}

// explanation is a hash that a node may have, and what is wrong if it has.
type explanation struct {
	hash   tlog.Hash
	faults []fault
}

func (e explanation) accuses() (rows int64) {
	for _, f := range e.faults {
		rows += f.size()
	}
	return rows
}

// and joins the faults of two explanations, each row once.
func (e explanation) and(faults ...fault) []fault {
	joined := slices.Clone(e.faults)
	for _, f := range faults {
		if !slices.ContainsFunc(joined, f.sameRow) {
			joined = append(joined, f)
		}
	}
	return joined
}

// node is the root of a complete subtree.
type node struct {
	hash  tlog.Hash
	known bool
	// open holds the explanations while there is more than one; hash is then meaningless.
	open []explanation
}

func settled(hash tlog.Hash) node { return node{hash: hash, known: true} }

func (n node) explanations() []explanation {
	switch {
	case n.open != nil:
		return n.open
	case n.known:
		return []explanation{{hash: n.hash}}
	default:
		return nil
	}
}

// maxExplanations bounds what a node keeps: the ones that accuse the fewest rows.
const maxExplanations = 6

// decide makes a node of explanations. A single one, or one that accuses nobody and fits as well as any, is the truth.
func decide(options []explanation, report func(fault)) node {
	slices.SortStableFunc(options, func(a, b explanation) int { return int(a.accuses() - b.accuses()) })
	var different []explanation
	for _, o := range options {
		if !slices.ContainsFunc(different, func(d explanation) bool { return d.hash == o.hash }) {
			different = append(different, o)
		}
	}
	switch len(different) {
	case 0:
		return node{}
	case 1:
		for _, f := range different[0].faults {
			report(f)
		}
		return settled(different[0].hash)
	default:
		return node{known: true, open: different[:min(len(different), maxExplanations)]}
	}
}

// storedHash is what the database has for a node.
type storedHash struct {
	hash tlog.Hash
	// present: the row of the leaf that keeps it is there; whole: and it is long enough to hold it.
	present, whole bool
	// leaf is the index of that row; first of the subtree's first leaf.
	leaf, first int64
}

// join makes the parent of two nodes and holds it against what is stored.
func join(left, right node, stored storedHash, report func(fault)) node {
	if left.known && right.known && left.open == nil && right.open == nil {
		hash := tlog.NodeHash(left.hash, right.hash)
		if !stored.present || stored.whole && hash == stored.hash {
			return settled(hash)
		}
	}
	changedLeaf := fault{what: whatLeaf, leaf: stored.leaf, reason: reasonLeafChanged}
	var computed []explanation
	for _, l := range left.explanations() {
		for _, r := range right.explanations() {
			computed = append(computed, explanation{tlog.NodeHash(l.hash, r.hash), l.and(r.faults...)})
		}
	}
	switch {
	case !stored.present:
		return decide(computed, report)
	case !stored.whole:
		for i := range computed {
			computed[i].faults = computed[i].and(changedLeaf)
		}
		return decide(computed, report)
	case len(computed) == 0:
		// A leaf below is lost, and its loss reported: what was stored of it still proves the rest of the tree.
		return settled(stored.hash)
	}
	if fitting := slices.DeleteFunc(slices.Clone(computed), func(e explanation) bool { return e.hash != stored.hash }); len(fitting) > 0 {
		return decide(fitting, report)
	}
	for i := range computed {
		computed[i].faults = computed[i].and(changedLeaf)
	}
	rewritten := fault{what: whatEntry, leaf: stored.first, past: stored.leaf + 1, reason: reasonRewritten}
	return decide(append(computed, explanation{stored.hash, []fault{rewritten}}), report)
}

// rootFits tells whether some explanation of the edge's nodes leads to root; then the one that accuses the fewest
// becomes the truth.
func rootFits(edge []node, root tlog.Hash, report func(fault)) bool {
	const limit = 4096
	choices := 1
	hashes := make([]tlog.Hash, len(edge))
	for i, n := range edge {
		hashes[i] = n.hash
		if n.open != nil {
			choices = min(choices*len(n.open), limit)
		}
	}
	if choices == 1 {
		return rootOf(hashes) == root
	}
	var best []explanation
	var fewest int64
	chosen := make([]explanation, len(edge))
	for choice := range choices {
		rest, rows := choice, int64(0)
		for i, n := range edge {
			if n.open == nil {
				chosen[i] = explanation{hash: n.hash}
			} else {
				chosen[i], rest = n.open[rest%len(n.open)], rest/len(n.open)
			}
			hashes[i] = chosen[i].hash
			rows += chosen[i].accuses()
		}
		if (best == nil || rows < fewest) && rootOf(hashes) == root {
			best, fewest = slices.Clone(chosen), rows
		}
	}
	if best == nil {
		return false
	}
	for i, e := range best {
		for _, f := range e.faults {
			report(f)
		}
		edge[i] = settled(e.hash)
	}
	return true
}
