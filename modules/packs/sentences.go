package packs

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// sentence says in plain words what a fault asks for. It never tells what was given: a fault is answered and
// logged where a patient's data must not be.
func sentence(e *jsonschema.ValidationError, subject string) string {
	return subject + " " + predicate(e) + "."
}

func predicate(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return "must be " + typeWords(k.Want)
	case *kind.Enum:
		return "must be one of the choices offered"
	case *kind.Const:
		return "must have the one value that is allowed"
	case *kind.Format:
		return "must be " + formatWords(k.Want)
	case *kind.Minimum:
		return "must be at least " + number(k.Want)
	case *kind.Maximum:
		return "must be at most " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "must be more than " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "must be less than " + number(k.Want)
	case *kind.MultipleOf:
		return "must be a multiple of " + number(k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return "must not be empty"
		}
		return fmt.Sprintf("must have at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %s", counted(k.Want, "character"))
	case *kind.Pattern:
		return "is not written in the expected form"
	case *kind.MinItems:
		return fmt.Sprintf("needs at least %s", counted(k.Want, "entry"))
	case *kind.MaxItems:
		return fmt.Sprintf("may have at most %s", counted(k.Want, "entry"))
	case *kind.UniqueItems:
		return fmt.Sprintf("must not repeat an entry: entries %d and %d are the same", k.Duplicates[0]+1, k.Duplicates[1]+1)
	case *kind.MinProperties:
		return fmt.Sprintf("needs at least %s", counted(k.Want, "field"))
	case *kind.MaxProperties:
		return fmt.Sprintf("may have at most %s", counted(k.Want, "field"))
	case *kind.Contains, *kind.MinContains:
		return "lacks an entry that it must have"
	case *kind.MaxContains:
		return "has too many entries of one sort"
	case *kind.PropertyNames:
		return "has a field whose name is not allowed"
	case *kind.Required:
		return "lacks " + strings.Join(k.Missing, ", ")
	case *kind.AdditionalProperties:
		return "has a field that is not known"
	case *kind.AnyOf:
		if names := eitherOf(e); names != "" {
			return "needs at least one of " + names
		}
		return alternativeWords(e)
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			return "fits more than one of the forms it may have, and must fit exactly one"
		}
		return alternativeWords(e)
	case *kind.Not:
		return "has a value that is not allowed"
	default:
		return "is not as the form asks"
	}
}

// alternativeWords speaks of a list of constants as what it is on the screen: choices.
func alternativeWords(e *jsonschema.ValidationError) string {
	for _, branch := range e.Causes {
		switch branch.ErrorKind.(type) {
		case *kind.Const, *kind.Enum:
		default:
			return "does not fit any of the forms it may have"
		}
	}
	return "must be one of the choices offered"
}

// eitherOf recognises `anyOf: [{required: [a]}, {required: [b]}]`.
func eitherOf(e *jsonschema.ValidationError) string {
	var names []string
	for _, branch := range e.Causes {
		k, ok := branch.ErrorKind.(*kind.Required)
		if !ok || len(k.Missing) != 1 {
			return ""
		}
		names = append(names, k.Missing[0])
	}
	return strings.Join(names, ", ")
}

func typeWords(want []string) string {
	words := map[string]string{"integer": "a whole number", "number": "a number", "string": "text",
		"boolean": "true or false", "array": "a list", "object": "a group of fields", "null": "empty"}
	out := make([]string, len(want))
	for i, w := range want {
		out[i] = words[w]
	}
	return strings.Join(out, " or ")
}

func formatWords(format string) string {
	switch format {
	case "date":
		return "a date, as YYYY-MM-DD"
	case "time":
		return "a time with its zone, as 09:30:00Z"
	case "date-time":
		return "a date and time with its zone, as 2006-01-02T09:30:00Z"
	case "duration":
		return "a duration, as P3D"
	case "email":
		return "an e-mail address"
	case "uri":
		return "a web address"
	case "regex":
		return "a regular expression"
	case "uuid":
		return "a UUID"
	default:
		return "written as " + format
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(what, "y"))
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// number writes a bound as its author did: 0.5, not 1/2.
func number(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(9), "0")
}
