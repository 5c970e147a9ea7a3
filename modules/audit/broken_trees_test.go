package audit_test

import (
	"testing"

	"github.com/google/uuid"
)

// Who watches the figures hears of a tree that sealing found tampered with.
func TestBrokenTreesAreCounted(t *testing.T) {
	t.Parallel()
	tr := newTrail(t)
	tr.move(uuid.New())
	tr.seal()
	tr.seal()
	if n := tr.BrokenTrees(); n != 0 {
		t.Errorf("%d trees are broken", n)
	}
	conn := tr.tamper()
	change(t, conn, 1, `UPDATE audit.seal SET signature = set_byte(signature, 0, get_byte(signature, 0) # 1) WHERE tenant_id = $1`, tr.scope.TenantID)
	tr.move(uuid.New())
	tr.seal() // finds it
	tr.seal() // and looks again
	if n := tr.BrokenTrees(); n != 1 {
		t.Errorf("%d trees are broken", n)
	}
}
