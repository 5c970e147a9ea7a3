package packs

import (
	"fmt"
	"slices"
	"testing"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// TestEachEyeHasCodesOfItsOwn: of each code rules see the newest alone, so a wide left eye must not hide a narrow right one.
func TestEachEyeHasCodesOfItsOwn(t *testing.T) {
	t.Parallel()
	library := base(t)
	for _, c := range []struct {
		form, field string
		right, left any
		want        []string
	}{
		{"slit_lamp", "van_herick", int64(2), int64(4), []string{"van-herick-left 4", "van-herick-right 2"}},
		{"fundus", "dr_grade", int64(3), int64(0), []string{"icdr-grade-left 0", "icdr-grade-right 3"}},
		{"fundus", "cup_disc", 0.8, 0.3, []string{"cup-disc-ratio-left 0.3", "cup-disc-ratio-right 0.8"}},
		{"oct", "cst_um", int64(410), int64(260), []string{"oct-cst-left 260", "oct-cst-right 410"}},
		{"oct", "rnfl_um", int64(70), int64(95), []string{"oct-rnfl-left 95", "oct-rnfl-right 70"}},
	} {
		tmpl, err := library.Template("eye", c.form, packsapi.Latest)
		if err != nil {
			t.Fatal(err)
		}
		payload := map[string]any{"eyes": map[string]any{"od": map[string]any{c.field: c.right}, "os": map[string]any{c.field: c.left}}}
		computed, _, err := tmpl.Compute(payload, packsapi.About{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range tmpl.Observed(payload, computed) {
			got = append(got, fmt.Sprint(o.Code, " ", o.Value))
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of %s is observed as %v, want %v", c.field, c.form, got, c.want)
		}
	}
}

func TestTwoPlacesOfAFormDoNotShareACode(t *testing.T) {
	t.Parallel()
	const eyes = "code: t\nversion: 1.0.0\ntitle: T\nschema:\n  type: object\n  properties:\n    right: {$ref: \"#/$defs/eye\"}\n    left: {$ref: \"#/$defs/eye\"}\n" +
		"  $defs: {eye: {type: object, properties: {angle: {type: integer, x-obs: {code: angle, system: s}}}}}\n"
	if _, faults := readOne(eyes); len(faults) != 1 || faults[0].Line != 9 ||
		faults[0].Message != "right.angle and left.angle are both observed as angle of s; give each a code of its own." {
		t.Errorf("faults %v", faults)
	}
	formOf(t, "marks: {type: array, items: {type: object, properties: {size: {type: number, x-obs: {code: size, system: s}}}}}\nsize: {type: number, x-obs: {code: size, system: s}}", "")
}
