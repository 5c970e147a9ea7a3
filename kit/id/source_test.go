package id_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/id"
)

var at = time.Date(2026, 3, 10, 9, 30, 0, 123_456_000, time.UTC)

func TestASourceMakesTheSameAgain(t *testing.T) {
	one, same, other := id.NewSource(1, 2), id.NewSource(1, 2), id.NewSource(1, 3)
	for range 100 {
		a, b, c := one.At(at), same.At(at), other.At(at)
		if a != b || a == c {
			t.Fatalf("made %s and %s from one seed, %s from another stream", a, b, c)
		}
	}
}

func TestASourceMakesVersion7InTheOrderOfTime(t *testing.T) {
	source := id.NewSource(1, 1)
	before := source.At(at.Add(-time.Hour))
	for _, later := range []time.Duration{0, 0, 0, time.Microsecond, time.Millisecond, time.Second, 24 * time.Hour} {
		made := source.At(at.Add(later))
		if made.Version() != 7 || made.Variant().String() != "RFC4122" {
			t.Errorf("%s is version %s, variant %s", made, made.Version(), made.Variant())
		}
		if seconds, nanos := made.Time().UnixTime(); time.Unix(seconds, nanos).Sub(at.Add(later)).Abs() > time.Millisecond {
			t.Errorf("%s is of %s, want %s", made, time.Unix(seconds, nanos).UTC(), at.Add(later))
		}
		if bytes.Compare(before[:], made[:]) >= 0 {
			t.Errorf("%s does not come after %s", made, before)
		}
		before = made
	}
}

func TestActsTakeTheirIdsFromTheSourceOfTheirContext(t *testing.T) {
	ctx := id.WithSource(context.Background(), id.NewSource(7, 7))
	if got, want := id.For(ctx, at), id.NewSource(7, 7).At(at); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if first, second := id.For(context.Background(), at), id.For(context.Background(), at); first == second {
		t.Error("without a source two ids are the same")
	}
}

func TestDistinct(t *testing.T) {
	t.Parallel()
	a, b := uuid.MustParse("00000000-0000-0000-0000-00000000000a"), uuid.MustParse("00000000-0000-0000-0000-00000000000b")
	if got := id.Distinct([]uuid.UUID{b, a, b, a}); !slices.Equal(got, []uuid.UUID{a, b}) {
		t.Errorf("got %v", got)
	}
	if got := id.Distinct(nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
