package qualitycontrol_test

import (
	"encoding/json"
	"testing"

	"hmsoftware.com/hm/modules/qualitycontrol"
)

func TestANumberKeepsItsDigits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"5.20", "0", "-3.5", "140.0", "999999999.999999", "-0.000001"} {
		back := string(must[[]byte](t)(json.Marshal(number(text))))
		if back != text {
			t.Errorf("%s became %s", text, back)
		}
	}
}

func TestWhatIsNoNumberIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"5.2"`, `true`, `null`, `[1]`, `{}`, `1e400`} {
		var n qualitycontrol.Number
		if err := json.Unmarshal([]byte(text), &n); err == nil {
			t.Errorf("%s was read as %s", text, n)
		}
	}
}

func TestAValueHasItsBounds(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		for text, fits := range map[string]bool{"999999999.999999": true, "-999999999.999999": true, "1000000000": false, "0.1234567": false, "0.123456": true} {
			in := running(lot, text)
			_, err := b.RecordRun(b.ctx, b.tx, in)
			if fits != (err == nil) {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}
