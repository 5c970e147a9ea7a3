package lab_test

import (
	"context"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// Blanks of other scripts are blanks too: refused at their field, before the database would.
func TestBlanksAreNoWords(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.receive(ctx, t, tx, b.ask(ctx, t, tx, "POTASSIUM")...)
		for _, blank := range []string{" ", "\u00a0", "\u3000", "\u2003\t"} {
			_, err := b.Reject(ctx, tx, rejecting(sample.ID, blank))
			wantFaults(t, err, "lab.invalid", "body.reason")
			_, err = b.Store(ctx, tx, storing(sample.ID, blank))
			wantFaults(t, err, "lab.invalid", "body.location")
			suspend := lab.SuspendInput{}
			suspend.Body.Reason = blank
			_, err = b.SuspendAutoverification(ctx, tx, suspend)
			wantFaults(t, err, "lab.invalid", "body.reason")
		}
	})
}

// A reason has as many characters as its script needs, not bytes; what is around it is left out.
func TestAReasonIsCountedInCharacters(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.receive(ctx, t, tx, b.ask(ctx, t, tx, "POTASSIUM")...)
		words := strings.Repeat("न", 900)
		rejected := must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "\u00a0"+words+" ")))
		if *rejected.Reason != words {
			t.Errorf("%q", *rejected.Reason)
		}
	})
}
