package audit

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
)

// counted is a verification that waits until it is let go, and tells how often one was begun.
func counted(let chan struct{}, begun *int) func(context.Context) (Report, error) {
	*begun++
	number := int64(*begun)
	return func(ctx context.Context) (Report, error) {
		select {
		case <-let:
			return Report{TreeSize: number}, nil
		case <-ctx.Done():
			return Report{}, ctx.Err()
		}
	}
}

func TestWhoAsksMeanwhileJoinsTheVerificationUnderWay(t *testing.T) {
	t.Parallel()
	cs, let, begun := newChecks(clock.NewManual(time.Unix(0, 0))), make(chan struct{}), 0
	key := checkKey{tenantID: uuid.New()}
	first := cs.begin(key, counted(let, &begun))
	if second := cs.begin(key, counted(let, &begun)); second != first {
		t.Error("a second verification was begun")
	}
	if other := cs.begin(checkKey{tenantID: uuid.New()}, counted(let, &begun)); other == first {
		t.Error("another tenant's verification was joined")
	}
	close(let)
	<-first.done
	// Whoever asks from now on wants to know of now.
	if third := cs.begin(key, counted(let, &begun)); third == first {
		t.Error("an old result was given")
	}
	cs.end()
}

func TestALongVerificationIsHandedToWhoAsksAgain(t *testing.T) {
	t.Parallel()
	hand := clock.NewManual(time.Unix(0, 0))
	cs, let, begun := newChecks(hand), make(chan struct{}), 0
	key := checkKey{tenantID: uuid.New()}
	first := cs.begin(key, counted(let, &begun))
	if cs.leave(first) {
		t.Fatal("ended before it was let go")
	}
	close(let)
	<-first.done
	again := cs.begin(key, counted(let, &begun))
	if again != first || again.report.TreeSize != 1 {
		t.Errorf("got %+v", again.report)
	}
	hold := make(chan struct{})
	later := cs.begin(key, counted(hold, &begun))
	if later == first {
		t.Error("it was handed out twice")
	}
	cs.leave(later)
	close(hold)
	<-later.done
	hand.Advance(keepResult)
	if cs.begin(key, counted(let, &begun)) == later {
		t.Error("a result was handed out that is too old")
	}
	cs.end()
}

func TestEndingBreaksVerificationsOff(t *testing.T) {
	t.Parallel()
	cs, begun := newChecks(clock.NewManual(time.Unix(0, 0))), 0
	c := cs.begin(checkKey{}, counted(nil, &begun))
	cs.end()
	if <-c.done; c.err == nil {
		t.Error("it came to a result")
	}
}
