package packs

import (
	"maps"
	"slices"
	"testing"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

func TestMomentsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	if got, want := packsapi.Moments(), slices.Sorted(maps.Keys(moments)); !slices.Equal(got, want) {
		t.Errorf("the contract lists %v, rules may name %v", got, want)
	}
}
