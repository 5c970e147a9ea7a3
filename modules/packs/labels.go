package packs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

func (r *reading) readLabels(root *node, locale string, p *pack) {
	if !slices.Contains(p.Locales, locale) {
		r.fault(root.at, "pack.yaml does not list the locale %q.", clip(locale))
		return
	}
	if !r.mappingOf(root, "A file of labels", "words") {
		return
	}
	words, at := map[string]string{}, map[string]int{}
	for _, f := range root.fields {
		if !fieldPattern.MatchString(f.key) {
			r.fault(f.at, "A label's key is made of small letters, digits and _; %q is not.", clip(f.key))
			continue
		}
		words[f.key], at[f.key] = r.text(f.value, "The label "+f.key), f.at.line
		if words[f.key] == "" {
			r.fault(f.at, "The label %q is empty.", clip(f.key))
		}
	}
	p.Labels[locale], p.labelAt[locale] = words, at
}

// checkLabels finds keys that one locale has and another lacks.
func (p *pack) checkLabels() []Fault {
	var faults []Fault
	for _, locale := range p.Locales {
		file := "labels/" + locale + ".yaml"
		if _, ok := p.Labels[locale]; !ok && len(p.Labels) > 0 {
			faults = append(faults, Fault{File: file, Line: 1, Message: "The file is missing or empty, although pack.yaml lists its locale."})
			continue
		}
		for _, other := range slices.Sorted(maps.Keys(p.Labels)) {
			for _, key := range slices.Sorted(maps.Keys(p.Labels[other])) {
				if _, ok := p.Labels[locale][key]; !ok {
					faults = append(faults, Fault{File: file, Line: 1, Message: fmt.Sprintf(
						"The label %q is missing (labels/%s.yaml has it on line %d).", key, other, p.labelAt[other][key])})
				}
			}
		}
	}
	return faults
}

// label is a pack's word under a semantic key in a locale: the uppermost layer's that has it in the locale or its
// language, else in English, else nothing.
func (r *resolved) label(locale, key string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, l := range []string{locale, language, packsapi.DefaultLocale} {
		for _, layer := range slices.Backward(r.layers) {
			if word := layer.Labels[l][key]; word != "" {
				return word
			}
		}
	}
	return ""
}

// labels are all words of the pack in a locale.
func (r *resolved) labels(locale string) map[string]string {
	out := map[string]string{}
	for _, layer := range r.layers {
		for _, words := range layer.Labels {
			for key := range words {
				if _, known := out[key]; !known {
					out[key] = r.label(locale, key)
				}
			}
		}
	}
	for key, word := range out {
		out[key] = cmp.Or(word, key) // in some other language only
	}
	return out
}
