// Package races lets many clients want the same thing at once, on two nodes, and holds what they were told against a
// model of one that serves them one after another (porcupine). It has no code of its own: it is a proof.
package races_test

import (
	"testing"

	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type object = map[string]any
