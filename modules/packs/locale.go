package packs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// chooseLocale picks, out of the locales there are, the one that an Accept-Language header likes best: the locale
// itself, else its language, else another of the same language. English when there is none of them.
func chooseLocale(header string, available []string) string {
	for _, wanted := range preferences(header) {
		language, _, _ := strings.Cut(wanted, "-")
		same := func(like string) string {
			i := slices.IndexFunc(available, func(a string) bool { return strings.EqualFold(a, like) })
			if i < 0 {
				return ""
			}
			return available[i]
		}
		if found := cmp.Or(same(wanted), same(language)); found != "" {
			return found
		}
		if i := slices.IndexFunc(available, func(a string) bool {
			other, _, _ := strings.Cut(a, "-")
			return strings.EqualFold(other, language)
		}); i >= 0 {
			return available[i]
		}
	}
	return packsapi.DefaultLocale
}

// preferences lists the locales of an Accept-Language header, the best first.
func preferences(header string) []string {
	type preference struct {
		locale  string
		quality float64
	}
	var list []preference
	for part := range strings.SplitSeq(header, ",") {
		locale, parameters, _ := strings.Cut(part, ";")
		locale = strings.TrimSpace(locale)
		quality := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			var err error
			if quality, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		if locale != "" && locale != "*" && quality > 0 {
			list = append(list, preference{locale, quality})
		}
	}
	slices.SortStableFunc(list, func(a, b preference) int { return cmp.Compare(b.quality, a.quality) })
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.locale
	}
	return out
}

// rightToLeft are the languages whose usual script runs from right to left.
var rightToLeft = []string{"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}

// directionOf says which way a locale's text runs: ltr or rtl. A script in the locale decides before its language.
func directionOf(locale string) string {
	parts := strings.Split(strings.ToLower(locale), "-")
	for _, part := range parts[1:] {
		switch part {
		case "arab", "hebr", "thaa", "syrc", "nkoo":
			return "rtl"
		case "latn", "deva", "cyrl", "guru":
			return "ltr"
		}
	}
	if slices.Contains(rightToLeft, parts[0]) {
		return "rtl"
	}
	return "ltr"
}
