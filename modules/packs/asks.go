package packs

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
)

// asks lists the facts an expression names, each as a path from a variable: order.order_type gives
// [order order_type]. What a comprehension looks at inside a list is left out; the list itself is not.
func (e *environment) asks(expression ast.Expr) [][]string {
	var paths [][]string
	add := func(path []string) {
		if !slices.ContainsFunc(paths, func(p []string) bool { return slices.Equal(p, path) }) {
			paths = append(paths, path)
		}
	}
	var walk func(x ast.Expr)
	walk = func(x ast.Expr) {
		if path := selection(x); path != nil {
			if e.variables[path[0]] != nil {
				add(path)
			}
			return
		}
		switch x.Kind() {
		case ast.SelectKind:
			walk(x.AsSelect().Operand())
		case ast.CallKind:
			call := x.AsCall()
			if call.IsMemberFunction() {
				walk(call.Target())
			}
			for _, arg := range call.Args() {
				walk(arg)
			}
		case ast.ListKind:
			for _, item := range x.AsList().Elements() {
				walk(item)
			}
		case ast.ComprehensionKind:
			c := x.AsComprehension()
			walk(c.IterRange())
			walk(c.LoopStep())
		default:
		}
	}
	walk(expression)
	return paths
}

// dotted lists the facts an expression names as a pack writes them: facts.recent_results.
func (e *expression) dotted() []string {
	var names []string
	for _, path := range e.asks {
		names = append(names, strings.Join(path, "."))
	}
	return names
}

// selection reads a chain of field selections from a variable; nil for any other expression.
func selection(x ast.Expr) []string {
	switch x.Kind() {
	case ast.IdentKind:
		return []string{x.AsIdent()}
	case ast.SelectKind:
		s := x.AsSelect()
		if path := selection(s.Operand()); path != nil {
			return append(path, s.FieldName())
		}
	default:
	}
	return nil
}
