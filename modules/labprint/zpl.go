package labprint

import (
	"fmt"
	"strings"
)

// zpl writes labels for a Zebra printer of 203 dots an inch, 50 by 25 mm: 400 by 200 dots. Text goes through ^FH, so
// that nothing in it can be taken for a command.
func zpl(labels []label) string {
	var all strings.Builder
	for _, l := range labels {
		all.WriteString("^XA^CI28^PW400^LL200^LH0,0\n")
		field := func(x, y, height, width int, text string) {
			fmt.Fprintf(&all, "^FO%d,%d^A0N,%d,%d^FH^FD%s^FS\n", x, y, height, height*9/10, zplText(shortened(text, width)))
		}
		field(12, 8, 26, 26, l.Name)
		field(12, 36, 20, 32, strings.TrimSpace(l.MRN+"  "+l.About))
		field(12, 58, 20, 32, l.Tests)
		field(12, 80, 18, 36, strings.TrimSpace(l.Taken+" "+l.Urgent))
		fmt.Fprintf(&all, "^FO310,6^BQN,2,3^FH^FDMA,%s^FS\n", zplText(l.Barcode))
		if hasBars(l.Barcode) {
			// In a Code 128 the > begins a command of its own; >0 is the character.
			bars := strings.ReplaceAll(l.Barcode, ">", ">0")
			fmt.Fprintf(&all, "^BY%d,2,56^FO12,108^BCN,56,N,N,N,A^FH^FD%s^FS\n", moduleDots(l.Barcode), zplText(bars))
		}
		field(12, 172, 22, 34, l.Barcode)
		all.WriteString("^XZ\n")
	}
	return all.String()
}

// zplText escapes what is not a plain character: ^ and ~ begin commands, _ begins an escape, and the rest of Unicode is
// told by its bytes.
func zplText(text string) string {
	var safe strings.Builder
	for _, b := range []byte(text) {
		if b < 0x20 || b > 0x7e || b == '^' || b == '~' || b == '_' || b == '\\' {
			fmt.Fprintf(&safe, "_%02X", b)
		} else {
			safe.WriteByte(b)
		}
	}
	return safe.String()
}

func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "."
	}
	return text
}

func hasBars(text string) bool {
	_, modules := barsSVG(text)
	return modules > 0
}

// moduleDots is how wide the thinnest bar may be so that the whole fits.
func moduleDots(text string) int {
	_, modules := barsSVG(text)
	return max(1, min(3, mostModules/max(modules, 1)))
}
