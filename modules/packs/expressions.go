package packs

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// What one expression may be and spend, and what those of one form or of one moment may spend together. The cost limit
// is some ten milliseconds of work at most.
const (
	maxExpressionLength = 4_000
	maxExpressionNodes  = 2_000
	maxExpressionDepth  = 60
	maxLoops            = 3 // exists, all, map and filter inside each other
	costLimit           = 100_000
	totalCostLimit      = 1_000_000
)

// errCost is an expression that ran past its cost limit, or that came after others had spent the total.
var errCost = errors.New("the expression ran past its cost limit")

// baseEnvironment is CEL's standard library with our functions; made once, every environment extends it.
var baseEnvironment = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(append(functions(),
		cel.ParserExpressionSizeLimit(maxExpressionLength),
		cel.ExpressionNodeLimit(maxExpressionNodes),
		cel.ExpressionNestingDepthLimit(maxExpressionDepth),
		cel.ParserRecursionLimit(maxExpressionDepth),
		cel.DefaultUTCTimeZone(true),
	)...)
})

// environment is what a family of expressions can see: variables, each of a shape.
type environment struct {
	env       *cel.Env
	shapes    *shapes
	variables map[string]*shape
}

// newEnvironment makes one with these variables, and what more is given.
func newEnvironment(variables map[string]*shape, more ...cel.EnvOption) (*environment, error) {
	base, err := baseEnvironment()
	if err != nil {
		return nil, fmt.Errorf("packs: making the expression environment: %w", err)
	}
	p := &shapes{Provider: base.CELTypeProvider(), objects: map[string]*shape{}}
	options := append([]cel.EnvOption{cel.CustomTypeProvider(p)}, more...)
	for name, s := range variables {
		p.declare(s)
		options = append(options, cel.Variable(name, s.celType()))
	}
	env, err := base.Extend(options...)
	if err != nil {
		return nil, fmt.Errorf("packs: making the expression environment: %w", err)
	}
	return &environment{env: env, shapes: p, variables: variables}, nil
}

// facts gives each variable the types of its shape; a variable without a value is absent.
func (e *environment) facts(values map[string]any) map[string]any {
	out := make(map[string]any, len(e.variables))
	for name, s := range e.variables {
		if cast, ok := s.cast(values[name]); ok {
			out[name] = cast
		}
	}
	return out
}

// celFacts is facts with the values as CEL has them, for many expressions over the same.
func (e *environment) celFacts(values map[string]any) map[string]any {
	adapter := e.env.CELTypeAdapter()
	out := make(map[string]any, len(e.variables))
	for name, s := range e.variables {
		if cast, ok := s.celCast(adapter, values[name]); ok {
			out[name] = cast
		}
	}
	return out
}

// expression is one compiled CEL expression, safe for concurrent use.
type expression struct {
	source  string
	program cel.Program
	result  *types.Type
	// asks are the facts it names.
	asks [][]string
}

// issue is why an expression does not compile; line counts from 1 within the expression.
type issue struct {
	line    int
	message string
}

// compile checks an expression. Want limits what it may come out as; none allows any value a document can hold.
func (e *environment) compile(source string, want ...*types.Type) (*expression, []issue) {
	checked, problems := e.env.Compile(source)
	if problems.Err() != nil {
		var out []issue
		for _, p := range problems.Errors() {
			message := strings.ReplaceAll(strings.TrimSpace(p.Message), "\n", " ")
			message, _, _ = strings.Cut(message, " expecting {") // the whole grammar would follow
			out = append(out, issue{line: max(p.Location.Line(), 1), message: strings.ReplaceAll(message, "hm.", "")})
		}
		return nil, out
	}
	if word := unreadable(checked.NativeRep().Expr()); word != "" {
		return nil, []issue{{line: 1, message: word + " cannot be used in a pack"}}
	}
	if loops(checked.NativeRep().Expr()) > maxLoops {
		return nil, []issue{{line: 1, message: fmt.Sprintf("it looks through lists inside lists more than %d deep, which can take without end", maxLoops)}}
	}
	result := checked.OutputType()
	if len(want) == 0 && (result.Kind() == types.StructKind || result.Kind() == types.TypeKind) {
		return nil, []issue{{line: 1, message: "it must come out as a number, text, true or false, a time or a list"}}
	}
	if len(want) > 0 && result.Kind() != types.DynKind {
		fits := false
		for _, w := range want {
			fits = fits || w.IsExactType(result)
		}
		if !fits {
			return nil, []issue{{line: 1, message: fmt.Sprintf("it must come out as %s, not %s", want[0], result)}}
		}
	}
	program, err := e.env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(costLimit), cel.CostTracking(costs{}))
	if err != nil {
		return nil, []issue{{line: 1, message: strings.ReplaceAll(err.Error(), "\n", " ")}}
	}
	return &expression{source: source, program: program, result: result, asks: e.asks(checked.NativeRep().Expr())}, nil
}

// value evaluates to a Go value as JSON has it: nil, bool, int64, float64, string, []any, map[string]any.
// The error is errCost, errMissing for an absent input, or whatever else CEL says; its text may repeat data
// and must not be logged or answered.
// Facts are a map[string]any or an activation.
func (e *expression) value(facts any) (any, error) { return e.valueWithin(newBudget(), facts) }

// valueWithin is value where several expressions share what they may spend.
func (e *expression) valueWithin(b *budget, facts any) (out any, err error) {
	if b.left == 0 {
		return nil, errCost
	}
	// cel-go turns its own panics into errors; this is for one in a function it calls.
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, errors.New("the expression failed")
		}
	}()
	result, details, err := e.program.Eval(facts)
	b.spend(details.ActualCost())
	if err != nil {
		var cancelled interpreter.EvalCancelledError
		if errors.As(err, &cancelled) {
			return nil, errCost
		}
		return nil, err
	}
	return native(result, 0)
}

// holds evaluates a condition.
func (e *expression) holds(facts any) (bool, error) { return e.holdsWithin(newBudget(), facts) }

// holdsWithin is holds where several expressions share what they may spend.
func (e *expression) holdsWithin(b *budget, facts any) (bool, error) {
	v, err := e.valueWithin(b, facts)
	if err != nil {
		return false, err
	}
	holds, ok := v.(bool)
	if !ok {
		return false, errors.New("the condition came out as neither true nor false")
	}
	return holds, nil
}

func native(v ref.Val, depth int) (any, error) {
	if depth > maxPayloadDepth {
		return nil, errors.New("the value nests too deep")
	}
	switch v := v.(type) {
	case types.Null:
		return nil, nil
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		if v > math.MaxInt64 {
			return nil, errors.New("the number is too large")
		}
		return int64(v), nil //nolint:gosec // checked above
	case types.Double:
		f := float64(v)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errors.New("the number has no value")
		}
		if f == 0 {
			f = 0 // not minus nought
		}
		return f, nil
	case types.String:
		return string(v), nil
	case types.Timestamp:
		return v.UTC().Format(time.RFC3339), nil
	case types.Duration:
		return v.Seconds(), nil
	case *objectVal:
		out := make(map[string]any, len(v.fields))
		for name, field := range v.fields {
			item, err := native(types.DefaultTypeAdapter.NativeToValue(field), depth+1)
			if err != nil {
				return nil, err
			}
			out[name] = item
		}
		return out, nil
	case traits.Lister:
		out := []any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			item, err := native(it.Next(), depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, item)
		}
		return out, nil
	case traits.Mapper:
		out := map[string]any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			item, err := native(v.Get(key), depth+1)
			if err != nil {
				return nil, err
			}
			out[fmt.Sprint(key.Value())] = item
		}
		return out, nil
	default:
		return nil, errors.New("the expression came out as a value that JSON does not have")
	}
}

// unreadable finds what CEL has and the browser's evaluator has not: a score must come out the same in both.
func unreadable(x ast.Expr) string {
	found := ""
	ast.PreOrderVisit(x, ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.LiteralKind:
			switch e.AsLiteral().(type) {
			case types.Uint:
				found = "an unsigned number (1u)"
			case types.Bytes:
				found = "a text of bytes (b'...')"
			}
		case ast.CallKind:
			if name := e.AsCall().FunctionName(); name == "type" || name == "uint" || name == "bytes" {
				found = name + "()"
			}
		case ast.StructKind:
			found = "the making of an object"
		}
	}))
	return found
}

// loops counts how deep an expression's walks through lists lie inside each other.
func loops(x ast.Expr) int {
	deepest := 0
	deepen := func(inner ...ast.Expr) {
		for _, e := range inner {
			deepest = max(deepest, loops(e))
		}
	}
	switch x.Kind() {
	case ast.SelectKind:
		deepen(x.AsSelect().Operand())
	case ast.CallKind:
		call := x.AsCall()
		if call.IsMemberFunction() {
			deepen(call.Target())
		}
		deepen(call.Args()...)
	case ast.ListKind:
		deepen(x.AsList().Elements()...)
	case ast.MapKind:
		for _, entry := range x.AsMap().Entries() {
			deepen(entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
	case ast.ComprehensionKind:
		c := x.AsComprehension()
		deepen(c.LoopCondition(), c.LoopStep())
		deepest++
		deepen(c.IterRange(), c.AccuInit(), c.Result())
	default:
	}
	return deepest
}
