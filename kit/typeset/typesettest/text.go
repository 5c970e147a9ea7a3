// Package typesettest reads the PDFs that kit/typeset makes, for tests: what stands on each page, and in which fonts.
// It reads Typst's way of writing PDF and no other.
package typesettest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
)

var (
	objectStart = regexp.MustCompile(`(?m)^(\d+) 0 obj$`)
	pageKind    = regexp.MustCompile(`/Type /Page\b[^s]`)
	contents    = regexp.MustCompile(`/Contents (\d+) 0 R`)
	fontNames   = regexp.MustCompile(`/(f\d+) (\d+) 0 R`)
	toUnicode   = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	baseFont    = regexp.MustCompile(`/BaseFont /(?:[A-Z]{6}\+)?(\S+)`)
	bfChar      = regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]+)>`)
	length      = regexp.MustCompile(`/Length (\d+)`)
	kids        = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
)

// isolation drops what only tells in which direction a text runs.
var isolation = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// Pages gives the text of every page, a line for each height at which something stands. Of Nastaliq, whose letters
// descend in steps, only the letters can be told.
func Pages(t testing.TB, pdf []byte) []string {
	t.Helper()
	all := objects(pdf)
	var pages []string
	for _, number := range pageNumbers(all) {
		page := all[number]
		fonts := map[string]map[string]string{}
		for _, f := range fontNames.FindAllSubmatch(page, -1) {
			fonts[string(f[1])] = charactersOf(all, string(f[2]))
		}
		found := contents.FindSubmatch(page)
		if found == nil {
			t.Fatal("a page of the PDF has no contents")
		}
		pages = append(pages, textOf(stream(all[string(found[1])]), fonts))
	}
	return pages
}

// Text is that of all pages.
func Text(t testing.TB, pdf []byte) string {
	t.Helper()
	return strings.Join(Pages(t, pdf), "\n")
}

// Fonts lists the fonts that the PDF embeds, by name: NotoSansTamil-Regular.
func Fonts(pdf []byte) []string {
	var names []string
	for _, o := range objects(pdf) {
		if found := baseFont.FindSubmatch(o); found != nil {
			names = append(names, string(found[1]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func objects(pdf []byte) map[string][]byte {
	all := map[string][]byte{}
	for _, at := range objectStart.FindAllSubmatchIndex(pdf, -1) {
		body := pdf[at[1]:]
		end := bytes.Index(body, []byte("\nendobj"))
		// The bytes of a stream may look like anything.
		if start := bytes.Index(body, []byte("\nstream\n")); start >= 0 && (end < 0 || start < end) {
			if n := length.FindSubmatch(body[:start]); n != nil {
				size, _ := strconv.Atoi(string(n[1]))
				if end = start + len("\nstream\n") + size; end > len(body) {
					continue
				}
			}
		}
		if end > 0 {
			if _, again := all[string(pdf[at[2]:at[3]])]; !again {
				all[string(pdf[at[2]:at[3]])] = body[:end]
			}
		}
	}
	return all
}

// pageNumbers follow the tree of pages from its root, which is the one that is nobody's kid.
func pageNumbers(all map[string][]byte) []string {
	isKid := map[string]bool{}
	for _, o := range all {
		for _, kid := range references(o) {
			isKid[kid] = true
		}
	}
	var walk func(number string) []string
	walk = func(number string) []string {
		if pageKind.Match(all[number]) {
			return []string{number}
		}
		var below []string
		for _, kid := range references(all[number]) {
			below = append(below, walk(kid)...)
		}
		return below
	}
	for number, o := range all {
		if bytes.Contains(o, []byte("/Type /Pages")) && !isKid[number] {
			return walk(number)
		}
	}
	return nil
}

func references(o []byte) []string {
	found := kids.FindSubmatch(o)
	if found == nil || !bytes.Contains(o, []byte("/Type /Pages")) {
		return nil
	}
	return strings.Fields(strings.ReplaceAll(string(found[1]), " 0 R", ""))
}

func stream(o []byte) []byte {
	head, body, _ := bytes.Cut(o, []byte("\nstream\n"))
	if !bytes.Contains(head, []byte("/FlateDecode")) {
		return body
	}
	reader, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	plain, _ := io.ReadAll(reader)
	return plain
}

func charactersOf(all map[string][]byte, font string) map[string]string {
	characters := map[string]string{}
	if found := toUnicode.FindSubmatch(all[font]); found != nil {
		for _, c := range bfChar.FindAllSubmatch(stream(all[string(found[1])]), -1) {
			characters[unhex(string(c[1]))] = utf16Text(unhex(string(c[2])))
		}
	}
	return characters
}

func unhex(text string) string {
	raw, _ := hex.DecodeString(text)
	return string(raw)
}

func utf16Text(raw string) string {
	raw = strings.TrimPrefix(raw, "\xfe\xff")
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// textOf reads the operators of a page: where a run of text stands, in which font, and its clusters.
func textOf(operators []byte, fonts map[string]map[string]string) string {
	type run struct {
		x, y float64
		text string
	}
	var runs []run
	var stack []string // what was said before the operator
	var clusters []string
	var font map[string]string
	var x, y float64
	inActual, actual := false, ""
	for _, token := range tokens(operators) {
		switch token {
		case "BT":
			clusters = nil
		case "ET":
			if rightToLeft(clusters) {
				slices.Reverse(clusters)
			}
			runs = append(runs, run{x, y, strings.Join(clusters, "")})
		case "cm":
			if n := len(stack); n >= 2 {
				x, _ = strconv.ParseFloat(stack[n-2], 64)
				y, _ = strconv.ParseFloat(stack[n-1], 64)
			}
		case "Tf":
			if n := len(stack); n >= 2 {
				font = fonts[strings.TrimPrefix(stack[n-2], "/")]
			}
		case "BDC":
			for i, word := range stack {
				if word == "/ActualText" && i+1 < len(stack) {
					inActual, actual = true, utf16Text(stack[i+1])
					clusters = append(clusters, actual)
				}
			}
		case "EMC":
			inActual = false
		case "Tj", "TJ":
			for _, word := range stack {
				if text, isText := strings.CutPrefix(word, "\x00"); isText && !inActual {
					for i := 0; i+1 < len(text); i += 2 {
						clusters = append(clusters, font[text[i:i+2]])
					}
				}
			}
		default:
			stack = append(stack, token)
			continue
		}
		stack = stack[:0]
	}
	slices.SortStableFunc(runs, func(a, b run) int {
		if d := b.y - a.y; d > 0.6 || d < -0.6 {
			return sign(d)
		}
		return sign(a.x - b.x)
	})
	var page strings.Builder
	for i, r := range runs {
		if i > 0 && runs[i-1].y-r.y > 0.6 {
			page.WriteByte('\n')
		}
		page.WriteString(isolation.Replace(r.text))
	}
	return page.String()
}

func sign(d float64) int {
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

func rightToLeft(clusters []string) bool {
	for _, c := range clusters {
		for _, r := range c {
			if unicode.In(r, unicode.Arabic, unicode.Hebrew) && unicode.IsLetter(r) {
				return true
			}
		}
	}
	return false
}

// tokens splits operators. A literal string starts with a NUL, and <...> is what its digits stand for.
func tokens(text []byte) []string {
	var all []string
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case bytes.IndexByte([]byte(" \n\r\t[]"), c) >= 0:
			i++
		case c == '(':
			var raw []byte
			depth := 1 // parentheses that are balanced stand for themselves
			for i++; i < len(text); i++ {
				if text[i] == '(' {
					depth++
				} else if text[i] == ')' {
					if depth--; depth == 0 {
						break
					}
				}
				if text[i] != '\\' {
					raw = append(raw, text[i])
					continue
				}
				i++
				if d := text[i]; d >= '0' && d <= '7' {
					n := 0
					for k := 0; k < 3 && i < len(text) && text[i] >= '0' && text[i] <= '7'; k++ {
						n, i = n*8+int(text[i]-'0'), i+1
					}
					raw, i = append(raw, byte(n)), i-1
				} else if at := bytes.IndexByte([]byte("nrtbf"), d); at >= 0 {
					raw = append(raw, "\n\r\t\b\f"[at])
				} else {
					raw = append(raw, d)
				}
			}
			all, i = append(all, "\x00"+string(raw)), i+1
		case bytes.HasPrefix(text[i:], []byte("<<")), bytes.HasPrefix(text[i:], []byte(">>")):
			i += 2
		case c == '<':
			end := bytes.IndexByte(text[i:], '>')
			if end < 0 {
				return all
			}
			all, i = append(all, unhex(string(text[i+1:i+end]))), i+end+1
		default:
			start := i
			for i++; i < len(text) && bytes.IndexByte([]byte(" \n\r\t[](<>"), text[i]) < 0; i++ {
			}
			all = append(all, string(text[start:i]))
		}
	}
	return all
}
