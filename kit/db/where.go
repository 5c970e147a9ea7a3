package db

import (
	"fmt"
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
