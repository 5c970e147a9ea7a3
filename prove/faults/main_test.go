// Package faults breaks what HM stands on, under load, and holds it to what it promises then: it answers within its
// time, with 503 and when to come back, and never with 500; it resumes by itself; every write that was acknowledged is
// there exactly once, nothing is half written, the audit trail verifies, and nothing leaks. It has no code of its own
// but the proxy: it is a proof.
package faults_test

import (
	"flag"
	"testing"

	"hmsoftware.com/hm/app/plant"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/prove/figures"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// These tests wait more than they work: most of a fault is waiting for its end.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	testkit.Main(m, plant.RemoveBuilt)
}

type object = map[string]any

// scale gives the short form's value or the long form's.
func scale[T any](short, long T) T {
	if figures.Long() {
		return long
	}
	return short
}

func skipWhenHurried(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes a while")
	}
}
