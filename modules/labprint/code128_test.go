package labprint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// widths are the bars and spaces of the 107 symbols of Code 128, ISO/IEC 15417 table 1.
var widths = strings.Fields(`212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321
112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211
221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112`)

var box = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`)

// scanned reads a Code 128 as a scanner does: from the widths of its bars and spaces, with its check digit.
func scanned(svg []byte) (string, error) {
	var modules []byte
	for _, b := range box.FindAllSubmatch(svg, -1) {
		x, _ := strconv.Atoi(string(b[1]))
		w, _ := strconv.Atoi(string(b[3]))
		modules = append(modules, []byte(strings.Repeat("0", x-len(modules)))...)
		modules = append(modules, []byte(strings.Repeat("1", w))...)
	}
	if quiet := strings.IndexByte(string(modules), '1'); quiet < 10 {
		return "", fmt.Errorf("a quiet zone of %d modules", quiet)
	}
	text := strings.TrimLeft(string(modules), "0")
	var symbols []int
	for len(text) > 0 {
		pattern, rest, n := "", text, 6
		if strings.HasPrefix(text, "1100011101011") && len(text) == 13 {
			n = 7
		}
		for range n {
			run := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
			pattern, rest = pattern+strconv.Itoa(run), rest[run:]
		}
		at := -1
		for i, w := range widths {
			if w == pattern {
				at = i
			}
		}
		if at < 0 {
			return "", fmt.Errorf("no symbol is %s", pattern)
		}
		symbols, text = append(symbols, at), rest
	}
	if len(symbols) < 4 || symbols[len(symbols)-1] != 106 {
		return "", fmt.Errorf("no stop in %v", symbols)
	}
	check := symbols[0]
	for i, s := range symbols[1 : len(symbols)-2] {
		check += (i + 1) * s
	}
	if check%103 != symbols[len(symbols)-2] {
		return "", fmt.Errorf("the check digit is wrong")
	}
	return decoded(symbols[0], symbols[1:len(symbols)-2])
}

func decoded(start int, symbols []int) (string, error) {
	var out strings.Builder
	set := map[int]byte{103: 'A', 104: 'B', 105: 'C'}[start]
	for i := 0; i < len(symbols); i++ {
		s := symbols[i]
		switch {
		case set == 'C' && s < 100:
			fmt.Fprintf(&out, "%02d", s)
		case s == 99 && set != 'C':
			set = 'C'
		case s == 100 && set != 'B':
			set = 'B'
		case s == 101 && set != 'A':
			set = 'A'
		case set == 'A' && s < 96:
			out.WriteByte(byte((s + 32) % 96))
		case set == 'B' && s < 96:
			out.WriteByte(byte(s + 32))
		default:
			return "", fmt.Errorf("symbol %d in set %c", s, set)
		}
	}
	return out.String(), nil
}

func TestABarcodeScansAsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2611220001", "ASHA-26-000042", "a", "12345", "X1234567890Y", "0", "~^_>", "LAB 1"} {
		svg, modules := barsSVG(text)
		if got, err := scanned(svg); err != nil || got != text || modules == 0 {
			t.Errorf("%q scans as %q, %v", text, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789ABCXYZabc -./")), 1, 24, -1).Draw(t, "text")
		svg, _ := barsSVG(text)
		if got, err := scanned(svg); err != nil || got != text {
			t.Fatalf("%q scans as %q, %v", text, got, err)
		}
	})
}

func TestWhatHasNoCode128HasAQRCodeAlone(t *testing.T) {
	t.Parallel()
	if _, modules := barsSVG("नमूना"); modules != 0 {
		t.Error("letters that Code 128 lacks were drawn")
	}
	if drawing, err := qrSVG("नमूना"); err != nil || len(drawing) == 0 {
		t.Error(err)
	}
}
