package packs

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// yamlOf parses a text that must be good.
func yamlOf(t testing.TB, source string) *node {
	t.Helper()
	root, faults := parseYAML("test", "m.yaml", []byte(source))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return root
}

// written is a node's content as JSON, keys in their order.
func written(n *node) string {
	if n == nil {
		return "nothing at all"
	}
	var b bytes.Buffer
	writeSchema(&b, n, "", false)
	return b.String()
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ under, over, merged, settled string }{
		"mappings":              {"{a: 1, b: {c: 2}}", "{b: {d: 3}, e: 4}", `{"a":1,"b":{"c":2,"d":3},"e":4}`, ""},
		"scalars":               {"{a: 1}", "{a: two}", `{"a":"two"}`, ""},
		"null clears":           {"{a: 1, b: 2}", "{a: null}", `{"a":null,"b":2}`, ""},
		"lists by code":         {"[{code: a, x: 1}, {code: b, x: 2}]", "[{code: c}, {code: a, y: 3}]", `[{"code":"a","x":1,"y":3},{"code":"b","x":2},{"code":"c"}]`, ""},
		"lists by id":           {"[{id: a, x: 1}]", "[{id: a, x: 2}]", `[{"id":"a","x":2}]`, ""},
		"other lists":           {"{tasks: [a, b]}", "{tasks: [c]}", `{"tasks":["c"]}`, ""},
		"no entries":            {"[{code: a}]", "[]", `[{"code":"a"}]`, ""},
		"no texts":              {"{tasks: [a]}", "{tasks: []}", `{"tasks":[]}`, ""},
		"a list over a mapping": {"{a: {b: 1}}", "{a: [1]}", `{"a":[1]}`, ""},
		"hidden":                {"[{code: a}, {code: b}]", "[{code: a, hidden: true}]", `[{"code":"a","hidden":true},{"code":"b"}]`, `[{"code":"b"}]`},
		"shown again":           {"[{code: a, hidden: true}]", "[{code: a, hidden: false}]", `[{"code":"a","hidden":false}]`, `[{"code":"a","hidden":false}]`},
		"ordered":               {"[{code: a}, {code: b}, {code: c, order: 1}]", "[{code: d, order: -1}, {code: a, order: 1}]", `[{"code":"a","order":1},{"code":"b"},{"code":"c","order":1},{"code":"d","order":-1}]`, `[{"code":"d","order":-1},{"code":"b"},{"code":"a","order":1},{"code":"c","order":1}]`},
		"within":                {"[{code: v, options: [{code: a}, {code: b}]}]", "[{code: v, options: [{code: b, hidden: true}, {code: c, order: -1}]}]", "", `[{"code":"v","options":[{"code":"c","order":-1},{"code":"a"}]}]`},
		"same code twice":       {"[{code: a}]", "[{code: b}, {code: b}]", `[{"code":"b"},{"code":"b"}]`, ""},
		"not all have one":      {"[{code: a}]", "[{code: b}, {x: 1}]", `[{"code":"b"},{"x":1}]`, ""},
	} {
		merged := merge(yamlOf(t, c.under), yamlOf(t, c.over))
		if got := written(merged); c.merged != "" && got != c.merged {
			t.Errorf("%s: merged into %s", name, got)
		}
		if got := written(settle(merged)); c.settled != "" && got != c.settled {
			t.Errorf("%s: settled into %s", name, got)
		}
	}
}

func TestMergeKeepsWhatItDoesNotTouch(t *testing.T) {
	t.Parallel()
	under, over := yamlOf(t, "[{code: a, x: {y: 1}}, {code: b}]"), yamlOf(t, "[{code: b, z: 1}]")
	before := written(under) + written(over)
	merged := merge(under, over)
	if merged.items[0] != under.items[0] {
		t.Error("an entry that the override does not name is another node")
	}
	if merged.items[1] == under.items[1] || !merged.items[1].made {
		t.Error("a changed entry passes for the one of the file")
	}
	if written(under)+written(over) != before {
		t.Error("an argument was changed")
	}
	if merge(under, yamlOf(t, "[{code: b}]")) != under || merge(under, nil) != under || merge(nil, over) != over {
		t.Error("an override without a change made a new node")
	}
}

// anyNode draws trees in which keys and codes meet often.
func anyNode(depth int) *rapid.Generator[*node] {
	scalar := rapid.Map(rapid.SampledFrom([]any{nil, true, int64(1), int64(-2), 2.5, "a", "b"}), func(v any) *node {
		kind := map[string]nodeKind{"bool": truth, "int64": integer, "float64": decimal, "string": text}[fmt.Sprintf("%T", v)]
		return &node{kind: kind, scalar: v}
	})
	if depth == 0 {
		return scalar
	}
	inner := rapid.Deferred(func() *rapid.Generator[*node] { return anyNode(depth - 1) })
	keys := rapid.SampledFrom([]string{"code", "id", "order", "hidden", "x", "y"})
	aMapping := rapid.Custom(func(t *rapid.T) *node {
		out := &node{kind: mapping}
		for _, key := range rapid.SliceOfNDistinct(keys, 0, 4, rapid.ID[string]).Draw(t, "keys") {
			out.fields = append(out.fields, field{key: key, value: inner.Draw(t, key)})
		}
		return out
	})
	entry := rapid.Custom(func(t *rapid.T) *node {
		out := aMapping.Draw(t, "entry")
		code := &node{kind: text, scalar: rapid.SampledFrom([]string{"p", "q", "r"}).Draw(t, "code")}
		out.fields = append([]field{{key: "code", value: code}}, without(out.fields, "code")...)
		return out
	})
	return rapid.OneOf(scalar, aMapping, aMapping,
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(items []*node) *node { return &node{kind: list, items: items} }),
		rapid.Map(rapid.SliceOfNDistinct(entry, 0, 3, itemKey), func(items []*node) *node { return &node{kind: list, items: items} }))
}

func without(fields []field, key string) []field {
	var out []field
	for _, f := range fields {
		if f.key != key {
			out = append(out, f)
		}
	}
	return out
}

func TestMergeIsAssociative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyNode(3).Draw(t, "a"), anyNode(3).Draw(t, "b"), anyNode(3).Draw(t, "c")
		left, right := merge(merge(a, b), c), merge(a, merge(b, c))
		if written(left) != written(right) {
			t.Fatalf("(a+b)+c is %s, a+(b+c) is %s", written(left), written(right))
		}
		if written(settle(left)) != written(settle(right)) {
			t.Fatalf("settled, (a+b)+c is %s, a+(b+c) is %s", written(settle(left)), written(settle(right)))
		}
	})
}

func TestMergeIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyNode(3).Draw(t, "a"), anyNode(3).Draw(t, "b")
		before := written(a) + written(b)
		once := merge(a, b)
		if again := merge(once, b); written(again) != written(once) {
			t.Fatalf("the same override again makes %s of %s", written(again), written(once))
		}
		if itself := merge(a, a); written(itself) != written(a) {
			t.Fatalf("merged with itself it is %s", written(itself))
		}
		if merge(a, nil) != a || merge(nil, a) != a {
			t.Fatal("nothing changed it")
		}
		if a.kind == mapping && written(merge(a, &node{kind: mapping})) != written(a) {
			t.Fatal("an empty override changed it")
		}
		if settled := settle(once); written(settle(settled)) != written(settled) {
			t.Fatalf("settled again it is %s", written(settle(settled)))
		}
		if written(a)+written(b) != before {
			t.Fatal("an argument was changed")
		}
	})
}

// No two files crash a merge, and any three of them merge alike in either order of joining.
func FuzzMerge(f *testing.F) {
	f.Add("[{code: a, order: 1}]", "[{code: a, hidden: true}]", "[{id: a}, {code: b}]")
	f.Add("{steps: [{code: a}], close: {tasks: [a]}}", "{close: {tasks: []}}", "{steps: []}")
	f.Add("[]", "[{code: a}]", "x")
	f.Fuzz(func(t *testing.T, one, two, three string) {
		if len(one)+len(two)+len(three) > 1<<14 {
			t.Skip()
		}
		var nodes []*node
		for _, source := range []string{one, two, three} {
			root, _ := parseYAML("test", "f.yaml", []byte(source))
			nodes = append(nodes, root) // nil when it does not parse: nothing at all
		}
		within(func() {
			left, right := merge(merge(nodes[0], nodes[1]), nodes[2]), merge(nodes[0], merge(nodes[1], nodes[2]))
			if written(settle(left)) != written(settle(right)) {
				t.Errorf("%s\nand\n%s", written(left), written(right))
			}
		})
	})
}
