package labprint

import (
	"fmt"
	"image"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// quietBars is the light margin of a Code 128 on each side, in modules, as ISO/IEC 15417 asks; quietQR that of a QR code.
const (
	quietBars = 10
	quietQR   = 4
	// mostModules is how many fit across a label where the thinnest bar is one dot wide.
	mostModules = 380
)

// qrSVG draws a QR code as one path: sharp at every size.
func qrSVG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	return svgOf(code, quietQR, quietQR), nil
}

// barsSVG draws a Code 128, one module high; it has no error for text that a QR code alone can say, but no drawing: bars that
// a label has no room for are cut off, and no scanner reads the rest.
func barsSVG(text string) (drawing []byte, modules int) {
	code, err := code128.Encode(text)
	if err != nil {
		return nil, 0
	}
	if code.Bounds().Dx()+2*quietBars > mostModules {
		return nil, 0
	}
	return svgOf(oneLine{code}, quietBars, 0), code.Bounds().Dx() + 2*quietBars
}

// oneLine is the first line of an image whose lines are all alike.
type oneLine struct{ barcode.Barcode }

// Bounds are one pixel high.
func (o oneLine) Bounds() image.Rectangle {
	b := o.Barcode.Bounds()
	return image.Rect(b.Min.X, b.Min.Y, b.Max.X, b.Min.Y+1)
}

// svgOf draws what is dark, a run of modules as one box. It is made of numbers only.
func svgOf(code image.Image, quietX, quietY int) []byte {
	var path strings.Builder
	bounds := code.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			run := 0
			for x+run < bounds.Max.X && dark(code, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x-bounds.Min.X+quietX, y-bounds.Min.Y+quietY, run, run)
				x += run
			}
		}
	}
	width, height := bounds.Dx()+2*quietX, bounds.Dy()+2*quietY
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" preserveAspectRatio="none"><path fill="#000" d="%s"/></svg>`,
		width, height, width, height, path.String())
}

func dark(code image.Image, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}
