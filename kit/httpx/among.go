package httpx

import (
	"slices"
	"strings"

	"hmsoftware.com/hm/kit/errs"
)

var errQuery = errs.Invalid("request.invalid", "The request has faults; see errors.")

// Among reads a query parameter of which several may be asked, "?status=A&status=B" and "?status=A,B" alike. Each must be
// among the known ones, of which there are at least two.
func Among[S ~string](parameter string, sent []string, known []S) ([]S, error) {
	var asked []S
	for _, each := range sent {
		for text := range strings.SplitSeq(each, ",") {
			if text == "" {
				continue
			}
			if !slices.Contains(known, S(text)) {
				return nil, errQuery.At("query."+parameter, "Must be among "+sentenceOf(known)+".")
			}
			asked = append(asked, S(text))
		}
	}
	return asked, nil
}

// sentenceOf gives "A, B and C".
func sentenceOf[S ~string](known []S) string {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
