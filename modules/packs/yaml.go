package packs

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a pack file may be at most. A pack is written by hand; anything larger is a mistake or an attack.
const (
	maxFileBytes = 1 << 20
	maxFileDepth = 48
	maxFileNodes = 100_000
)

// nodeKind is what a node of a pack file is.
type nodeKind int

const (
	nothing nodeKind = iota
	truth
	integer
	decimal
	text
	list
	mapping
)

func (k nodeKind) String() string {
	return [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a list", "a mapping"}[k]
}

// node is one value of a pack file, with the place it stands at. The YAML library's own tree is left behind
// at once: this one has six kinds, keeps the order of keys, and has no aliases.
type node struct {
	at     place
	kind   nodeKind
	scalar any // bool, int64, float64 or string
	items  []*node
	fields []field
	// replaces marks a value that came to stand in place of one of another kind; see merge.
	replaces bool
	// made marks a node that no file holds: a merge or an expansion made it.
	made bool
}

type field struct {
	key   string
	at    place
	value *node
}

// place is where something stands: a pack's id, its file and the line. Content of several packs is merged, so a
// line alone would not say which file it is of.
type place struct {
	pack, file string
	line       int
}

// or is the place itself, or another when it is nowhere.
func (p place) or(other place) place {
	if p.line == 0 {
		return other
	}
	return p
}

// belongTo says of which pack a file is, once its pack.yaml has told.
func (n *node) belongTo(pack string) {
	n.at.pack = pack
	for _, item := range n.items {
		item.belongTo(pack)
	}
	for i := range n.fields {
		n.fields[i].at.pack = pack
		n.fields[i].value.belongTo(pack)
	}
}

// down is some lines further down.
func (p place) down(lines int) place {
	p.line += lines
	return p
}

// get gives the value under a key, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.fields {
		if n.fields[i].key == key {
			return n.fields[i].value
		}
	}
	return nil
}

// str gives the node's text; ok is false for anything else.
func (n *node) str() (s string, ok bool) {
	if n == nil || n.kind != text {
		return "", false
	}
	return n.scalar.(string), true
}

// plain gives the node as Go values: nil, bool, int64, float64, string, []any, map[string]any.
func (n *node) plain() any {
	if n == nil {
		return nil
	}
	switch n.kind {
	case list:
		out := make([]any, len(n.items))
		for i, item := range n.items {
			out[i] = item.plain()
		}
		return out
	case mapping:
		out := make(map[string]any, len(n.fields))
		for _, f := range n.fields {
			out[f.key] = f.value.plain()
		}
		return out
	default:
		return n.scalar
	}
}

// parseYAML reads one file. Anchors, aliases, tags and merge keys are refused: an alias is how a small file
// becomes a huge one, and a pack reads better without them.
func parseYAML(pack, file string, source []byte) (root *node, faults []Fault) {
	fault := func(line int, format string, args ...any) (*node, []Fault) {
		return nil, []Fault{{File: file, Line: line, Message: fmt.Sprintf(format, args...)}}
	}
	switch {
	case len(source) > maxFileBytes:
		return fault(1, "The file is larger than %d KiB.", maxFileBytes>>10)
	case !utf8.Valid(source):
		return fault(1, "The file is not UTF-8 text.")
	case strings.ContainsRune(string(source), 0):
		return fault(1, "The file contains a NUL character.")
	}
	// The library's parser is recursive and third-party: what it cannot take becomes a fault, not a crash.
	line := 1
	defer func() {
		if p := recover(); p != nil {
			root, faults = fault(line, "The file cannot be read as YAML.")
		}
	}()
	tokens := lexer.Tokenize(string(source))
	if at, message := refuseTokens(tokens); message != "" {
		return fault(at, "%s", message)
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			return fault(syntax.GetToken().Position.Line, "The file is not valid YAML: %s.", syntax.GetMessage())
		}
		return fault(1, "The file is not valid YAML.")
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return fault(1, "The file must hold exactly one YAML document.")
	}
	c := converter{pack: pack, file: file}
	root = c.node(parsed.Docs[0].Body, 0)
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return root, nil
}

// refuseTokens looks for what must not reach the parser: references, and nesting deep enough to exhaust its
// stack. Nesting by indentation needs no check here, because a megabyte of it is only some thousand levels.
func refuseTokens(tokens token.Tokens) (line int, message string) {
	depth, entries, entryLine := 0, 0, 0
	for _, t := range tokens {
		line = t.Position.Line
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return line, "Anchors, aliases and merge keys are not allowed in a pack; write the value out."
		case token.TagType, token.DirectiveType:
			return line, "Tags and directives are not allowed in a pack."
		case token.MappingKeyType:
			return line, "Keys with a question mark are not allowed in a pack."
		case token.InvalidType:
			return line, "The file is not valid YAML: " + strings.TrimSuffix(t.Error, ".") + "."
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		case token.SequenceEntryType:
			if line != entryLine {
				entries, entryLine = 0, line
			}
			entries++
		default:
		}
		if depth > maxFileDepth || entries > maxFileDepth {
			return line, fmt.Sprintf("The file nests more than %d levels deep.", maxFileDepth)
		}
	}
	return 0, ""
}

// exponent is what YAML 1.2 calls a number and this library a text; the code 1E50 of ICD-11 is one.
var exponent = regexp.MustCompile(`^[-+]?[0-9]+[eE][-+]?[0-9]+$`)

// converter turns the library's tree into ours.
type converter struct {
	pack   string
	file   string
	nodes  int
	faults []Fault
}

func (c *converter) fault(line int, format string, args ...any) *node {
	c.faults = append(c.faults, Fault{File: c.file, Line: line, Message: fmt.Sprintf(format, args...)})
	return &node{at: c.at(line)}
}

func (c *converter) at(line int) place { return place{pack: c.pack, file: c.file, line: line} }

func (c *converter) node(in ast.Node, depth int) *node {
	line := lineOf(in)
	c.nodes++
	switch {
	case len(c.faults) > 0 && c.nodes > maxFileNodes:
		return &node{at: c.at(line)}
	case c.nodes > maxFileNodes:
		return c.fault(line, "The file holds more than %d values.", maxFileNodes)
	case depth > maxFileDepth:
		return c.fault(line, "The file nests more than %d levels deep.", maxFileDepth)
	}
	switch in := in.(type) {
	case nil, *ast.NullNode:
		return &node{at: c.at(line)}
	case *ast.BoolNode:
		return &node{at: c.at(line), kind: truth, scalar: in.Value}
	case *ast.IntegerNode:
		switch v := in.Value.(type) {
		case int64:
			return &node{at: c.at(line), kind: integer, scalar: v}
		case uint64:
			if v <= math.MaxInt64 {
				return &node{at: c.at(line), kind: integer, scalar: int64(v)}
			}
		}
		return c.fault(line, "The number is too large.")
	case *ast.FloatNode:
		if math.IsInf(in.Value, 0) || math.IsNaN(in.Value) {
			return c.fault(line, "The number is too large.")
		}
		return &node{at: c.at(line), kind: decimal, scalar: in.Value + 0} // minus nought becomes nought
	case *ast.StringNode:
		if t := in.GetToken(); t != nil && t.Type == token.StringType && exponent.MatchString(in.Value) {
			return c.fault(line, "%s may be read as a number or as text: put it in quotes, or write the number out.", clip(in.Value))
		}
		return &node{at: c.at(line), kind: text, scalar: in.Value}
	case *ast.LiteralNode:
		return &node{at: c.at(line), kind: text, scalar: in.Value.Value}
	case *ast.SequenceNode:
		out := &node{at: c.at(line), kind: list, items: make([]*node, 0, len(in.Values))}
		for _, v := range in.Values {
			out.items = append(out.items, c.node(v, depth+1))
		}
		return out
	case *ast.MappingNode:
		return c.mapping(line, in.Values, depth)
	case *ast.MappingValueNode:
		return c.mapping(line, []*ast.MappingValueNode{in}, depth)
	default:
		return c.fault(line, "This kind of YAML value is not allowed in a pack.")
	}
}

func (c *converter) mapping(line int, values []*ast.MappingValueNode, depth int) *node {
	out := &node{at: c.at(line), kind: mapping, fields: make([]field, 0, len(values))}
	seen := make(map[string]int, len(values))
	for _, v := range values {
		at, key := lineOf(v.Key), ""
		switch k := v.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		default:
			if t := v.Key.GetToken(); t != nil {
				key = t.Value
			}
		}
		if first, twice := seen[key]; twice {
			c.fault(at, "The key %q stands here a second time (first on line %d).", clip(key), first)
			continue
		}
		seen[key] = at
		out.fields = append(out.fields, field{key: key, at: c.at(at), value: c.node(v.Value, depth+1)})
	}
	return out
}

// lineOf finds the line of a node; a mapping begins at its first key, not at its first colon.
func lineOf(in ast.Node) int {
	switch in := in.(type) {
	case nil:
		return 1
	case *ast.MappingNode:
		if !in.IsFlowStyle && len(in.Values) > 0 {
			return lineOf(in.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return lineOf(in.Key)
	}
	if t := in.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// clip shortens a name taken from a file for a message.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "..."
}
