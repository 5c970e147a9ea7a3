package day

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	for p, want := range map[int]time.Duration{1: 1, 50: 50, 99: 99, 100: 100} {
		if got := Percentile(hundred, p); got != want {
			t.Errorf("p%d is %d, want %d", p, got, want)
		}
	}
	if got := Percentile(hundred[:1], 99); got != 1 {
		t.Errorf("p99 of one is %d", got)
	}
	if Percentile(nil, 50) != 0 {
		t.Error("nothing has a percentile")
	}
}

func TestTheDeskDrawsItsShares(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	drawn := map[string]int{}
	for range 10000 {
		drawn[draw(random).Name]++
	}
	for _, s := range desk {
		if share := drawn[s.act.Name] / 100; share < s.weight-3 || share > s.weight+3 {
			t.Errorf("%s has a share of %d, want %d", s.act.Name, share, s.weight)
		}
	}
}
