package db

import (
	"fmt"
	"slices"
	"strings"
)

// Where collects the conditions of a list whose filters are optional. Each set of filters becomes a statement of
// its own, which PostgreSQL plans for the filters it has; one statement with "$1 IS NULL OR ..." for all of them
// soon gets a plan that fits none. Conditions are constants of the code; what callers sent goes into args only.
type Where struct {
	conditions []string
	args       []any
}

// And adds a condition; each ? in it stands for the next of args.
func (w *Where) And(condition string, args ...any) {
	for _, arg := range args {
		condition = strings.Replace(condition, "?", w.Arg(arg), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// Arg adds a parameter and gives its place, "$3", for LIMIT and the like.
func (w *Where) Arg(arg any) string {
	w.args = append(w.args, arg)
	return fmt.Sprintf("$%d", len(w.args))
}

// SQL is the clause, " WHERE a AND b", or nothing.
func (w *Where) SQL() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// Args are the parameters in the order of their places.
func (w *Where) Args() []any { return w.args }

// AnyOf is the condition that a column holds one of the asked words of a closed list; nothing where none or all are
// asked. PostgreSQL must see the words themselves: no parameter tells it which partial index holds the rows. Those
// apart have an index of their own, which it knows by an equality alone.
func AnyOf[S ~string](column string, asked, known []S, apart ...S) string {
	var together, conditions []string
	for _, k := range known {
		switch {
		case !slices.Contains(asked, k):
		case slices.Contains(apart, k):
			conditions = append(conditions, column+" = '"+string(k)+"'")
		default:
			together = append(together, "'"+string(k)+"'")
		}
	}
	if found := len(together) + len(conditions); found == 0 || found == len(known) {
		return ""
	}
	if len(together) > 0 {
		conditions = append([]string{column + " IN (" + strings.Join(together, ", ") + ")"}, conditions...)
	}
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}
