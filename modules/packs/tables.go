package packs

import (
	"math"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

const maxBands = 500

// table is what the CEL function table('name', x) looks x up in.
type table struct {
	bands  []packsapi.Band
	ranges bool // from, not is
	result *cel.Type
}

func (r *reading) readTables(n *node) map[string]*table {
	out := map[string]*table{}
	if !r.mappingOf(n, "tables", "lists of bands") {
		return out
	}
	for _, f := range n.fields {
		if !fieldPattern.MatchString(f.key) {
			r.fault(f.at, "A table's name is made of small letters, digits and _; %q is not.", clip(f.key))
			continue
		}
		if t := r.readTable(f); t != nil {
			out[f.key] = t
		}
	}
	return out
}

func (r *reading) readTable(f field) *table {
	before := len(r.faults)
	out := &table{}
	items := r.items(f.value, "The table "+f.key)
	if len(items) == 0 || len(items) > maxBands {
		r.fault(f.at, "The table %s needs from 1 to %d bands.", f.key, maxBands)
		return nil
	}
	whole, numbers, texts := true, true, true
	last := math.Inf(-1)
	for i, b := range items {
		if !r.mapping(b, "A band", "from", "is", "value") {
			r.fault(b.at, "A band is written {from: number, value: v} or {is: v, value: v}.")
			continue
		}
		r.need(b, "A band", "value")
		from, is, value := b.get("from"), b.get("is"), b.get("value").orEmpty()
		if (from == nil) == (is == nil) {
			r.fault(b.at, "A band has either from or is.")
			continue
		}
		if i == 0 {
			out.ranges = from != nil
		} else if out.ranges != (from != nil) {
			r.fault(b.at, "All bands of a table have from, or all have is.")
		}
		band := packsapi.Band{Value: value.scalar}
		if from != nil {
			start, ok := castDouble(from.scalar)
			if !ok || from.kind == text {
				r.fault(from.at, "from must be a number.")
				continue
			}
			x, _ := start.(float64)
			if x <= last {
				r.fault(from.at, "The bands of a table begin higher and higher; this one does not.")
			}
			last = x
			band.From = &x
		} else {
			if is.kind != text && is.kind != integer && is.kind != decimal {
				r.fault(is.at, "is must be text or a number.")
			}
			band.Is = is.scalar
		}
		v, isNumber := castDouble(value.scalar)
		x, _ := v.(float64)
		whole = whole && isNumber && x == math.Trunc(x) && math.Abs(x) < 1<<53
		numbers, texts = numbers && isNumber, texts && value.kind == text
		out.bands = append(out.bands, band)
	}
	switch {
	case len(r.faults) > before:
		return nil
	case whole:
		out.result = cel.IntType
	case numbers:
		out.result = cel.DoubleType
	case texts:
		out.result = cel.StringType
	default:
		r.fault(f.at, "All values of the table %s must be whole numbers, or numbers, or text.", f.key)
		return nil
	}
	return out
}

// tablePrefix begins the names of the functions that look things up in tables; no pack can write it.
const tablePrefix = "@table_"

// tableFunctions make table('name', x) a function of its own for each table, so that it has its table's type and a
// name that no table has does not compile.
func tableFunctions(tables map[string]*table) []cel.EnvOption {
	macro := cel.GlobalMacro("table", 2, func(factory cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		name := ""
		if args[0].Kind() == ast.LiteralKind {
			s, _ := args[0].AsLiteral().(types.String)
			name = string(s)
		}
		if tables[name] == nil {
			return nil, factory.NewError(args[0].ID(), "table needs the name of one of the template's tables, in quotes")
		}
		return factory.NewCall(tablePrefix+name, args[1]), nil
	})
	options := []cel.EnvOption{cel.Macros(macro)}
	for name, t := range tables {
		overloads := []cel.FunctionOpt{cel.SingletonUnaryBinding(t.find)}
		arguments := []*cel.Type{cel.IntType, cel.DoubleType}
		if !t.ranges {
			arguments = append(arguments, cel.StringType)
		}
		for _, a := range arguments {
			overloads = append(overloads, cel.Overload(tablePrefix+name+"_"+a.String(), []*cel.Type{a}, t.result))
		}
		options = append(options, cel.Function(tablePrefix+name, overloads...))
	}
	return options
}

// find looks a value up; what no band has is an error, which comes out as null.
func (t *table) find(v ref.Val) ref.Val {
	x, isNumber := float(v)
	s, isText := v.(types.String)
	if !isNumber && !isText {
		return types.MaybeNoSuchOverloadErr(v)
	}
	var found any
	for _, b := range t.bands {
		switch {
		case t.ranges:
			if isNumber && *b.From <= x {
				found = b.Value
			}
		case isText:
			if b.Is == string(s) {
				found = b.Value
			}
		default:
			if is, ok := castDouble(b.Is); ok && is == x {
				found = b.Value
			}
		}
	}
	if found == nil {
		return types.NewErr("the table has nothing for this value")
	}
	switch t.result {
	case cel.StringType:
		s, _ := found.(string)
		return types.String(s)
	case cel.IntType:
		i, _ := castInt(found)
		n, _ := i.(int64)
		return types.Int(n)
	default:
		f, _ := castDouble(found)
		x, _ := f.(float64)
		return types.Double(x)
	}
}
