package packs

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// Fault is one thing wrong with a pack's files. Line counts from 1.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// String is the fault as `hm packs check` prints it.
func (f Fault) String() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message) }

var (
	slugPattern     = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)
	ruleCodePattern = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$`)
	fieldPattern    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	typePattern     = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	localePattern   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	versionPattern  = regexp.MustCompile(`^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`)
)

const maxSlug = 64

// reading takes one file apart strictly: what is not asked for, or not of the asked kind, is a fault at its
// line. It goes on after a fault, so that an author sees all of them at once.
type reading struct {
	pack   string           // whose files are named without it; those of any other pack are named with theirs
	file   string           // where a fault stands that has no better place
	packs  map[string]*pack // all packs being joined, by id
	faults []Fault

	late bool // forms of proved packs are compiled when they are first used

	// What forms may name, as the packs being joined have it.
	valueSets map[string]*valueSet
	tools     []string
}

// fault reports what is wrong at a place.
func (r *reading) fault(at place, format string, args ...any) {
	file := cmp.Or(at.file, r.file)
	if at.pack != "" && at.pack != r.pack {
		file = at.pack + "/" + file
	}
	r.faults = append(r.faults, Fault{File: file, Line: max(at.line, 1), Message: fmt.Sprintf(format, args...)})
}

// mapping checks that n is a mapping with no other keys than these. A nil or empty n is an empty mapping.
func (r *reading) mapping(n *node, what string, keys ...string) bool {
	if n == nil || n.kind == nothing {
		return false
	}
	if n.kind != mapping {
		r.fault(n.at, "%s must be a mapping, not %s.", what, n.kind)
		return false
	}
	for _, f := range n.fields {
		if !slices.Contains(keys, f.key) {
			r.fault(f.at, "%s has no %q; it may have %s.", what, clip(f.key), strings.Join(keys, ", "))
		}
	}
	return true
}

// need reports a missing key of a mapping.
func (r *reading) need(n *node, what string, keys ...string) {
	for _, key := range keys {
		if v := n.get(key); v == nil || v.kind == nothing {
			r.fault(n.orEmpty().at, "%s needs %q.", what, key)
		}
	}
}

// text reads a text; absent is empty. Numbers are refused, with the remedy: `version: 1.0` is not a text.
func (r *reading) text(n *node, what string) string {
	if n == nil || n.kind == nothing {
		return ""
	}
	s, ok := n.str()
	if !ok {
		r.fault(n.at, "%s must be text, not %s; put it in quotes.", what, n.kind)
	}
	return s
}

// match reads a text of a given form; absent is empty.
func (r *reading) match(n *node, what string, pattern *regexp.Regexp, form string) string {
	s := r.text(n, what)
	if s == "" {
		return ""
	}
	if len(s) > maxSlug || !pattern.MatchString(s) {
		r.fault(n.at, "%s must be %s, of at most %d characters.", what, form, maxSlug)
		return ""
	}
	return s
}

func (r *reading) slug(n *node, what string) string {
	return r.match(n, what, slugPattern, "a slug such as record-vitals")
}

// oneOf reads a text out of a closed list; absent is empty.
func (r *reading) oneOf(n *node, what string, allowed ...string) string {
	s := r.text(n, what)
	if s != "" && !slices.Contains(allowed, s) {
		r.fault(n.at, "%s must be one of %s.", what, strings.Join(allowed, ", "))
		return ""
	}
	return s
}

// texts reads a list of texts; absent is empty, never nil.
func (r *reading) texts(n *node, what string) []string {
	out := []string{}
	for _, item := range r.items(n, what) {
		if s := r.text(item, "Each of "+what); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// items reads a list; absent is empty.
func (r *reading) items(n *node, what string) []*node {
	if n == nil || n.kind == nothing {
		return nil
	}
	if n.kind != list {
		r.fault(n.at, "%s must be a list, not %s.", what, n.kind)
		return nil
	}
	return n.items
}

// truth reads true or false; absent is false.
func (r *reading) truth(n *node, what string) bool {
	if n == nil || n.kind == nothing {
		return false
	}
	if n.kind != truth {
		r.fault(n.at, "%s must be true or false, not %s.", what, n.kind)
		return false
	}
	return n.scalar.(bool)
}

// integer reads a whole number between the bounds; absent is 0.
func (r *reading) integer(n *node, what string, low, high int64) int64 {
	if n == nil || n.kind == nothing {
		return 0
	}
	v, ok := n.scalar.(int64)
	if !ok || v < low || v > high {
		r.fault(n.at, "%s must be a whole number from %d to %d.", what, low, high)
		return 0
	}
	return v
}

// words reads a text a person reads: a string, or a mapping of locales.
func (r *reading) words(n *node, what string) packsapi.Text {
	if n == nil || n.kind == nothing {
		return nil
	}
	if n.kind != mapping {
		if s := r.text(n, what); s != "" {
			return packsapi.Text{packsapi.DefaultLocale: s}
		}
		return nil
	}
	out := packsapi.Text{}
	for _, f := range n.fields {
		if !localePattern.MatchString(f.key) {
			r.fault(f.at, "%s: %q is not a locale such as en or hi.", what, clip(f.key))
			continue
		}
		out[f.key] = r.text(f.value, what)
	}
	if p := r.packs[n.at.pack]; p != nil {
		for _, locale := range p.Locales {
			if out[locale] == "" {
				r.fault(n.at, "%s has no words in %s, which pack.yaml lists.", what, locale)
			}
		}
	}
	return out
}

// duration reads 30m, 4h or 2d; absent is 0.
func (r *reading) duration(n *node, what string) time.Duration {
	s := r.text(n, what)
	if s == "" {
		return 0
	}
	unit := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[s[len(s)-1]]
	count, err := strconv.ParseUint(s[:len(s)-1], 10, 16)
	if err != nil || unit == 0 || count == 0 {
		r.fault(n.at, "%s must be a duration such as 30m, 4h or 2d.", what)
		return 0
	}
	return time.Duration(count) * unit
}
