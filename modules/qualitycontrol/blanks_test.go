package qualitycontrol_test

import (
	"testing"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/qualitycontrol"
)

// Blanks of other scripts are blanks too, and what is said is kept without those around it.
func TestBlanksAreNoWords(t *testing.T) {
	t.Parallel()
	onBench(t, func(b *bench) {
		lot := b.lot(1)
		run := b.run(lot, "107")
		resolve := resolving(b.holds()[0])
		exclude := qualitycontrol.ExcludeRunInput{ByID: qualitycontrol.ByID{ID: lot.ID}, RunID: run.ID}
		note := running(lot, "100")
		for _, blank := range []string{" ", "\u00a0", "\u3000\t", "\u2003"} {
			resolve.Body.Reason, exclude.Body.Reason, note.Body.Comment = blank, blank, &blank
			_, atResolve := b.ResolveHold(b.ctx, b.tx, resolve)
			_, atExclude := b.ExcludeRun(b.ctx, b.tx, exclude)
			_, atRun := b.RecordRun(b.ctx, b.tx, note)
			for i, err := range []error{atResolve, atExclude, atRun} {
				location := []string{"body.reason", "body.reason", "body.comment"}[i]
				if e := errs.Of(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Location != location {
					t.Errorf("%q at %s: %v", blank, location, err)
				}
			}
		}
		resolve.Body.Reason = "\u00a0 नया घोल \n"
		if hold := must[qualitycontrol.Hold](t)(b.ResolveHold(b.ctx, b.tx, resolve)); *hold.Reason != "नया घोल" {
			t.Errorf("%q", *hold.Reason)
		}
	})
}
