package labapi

import (
	"context"

	"hmsoftware.com/hm/kit/auth"
)

// The permissions of those who work in the laboratory.
const (
	CanRead    = "lab.can_read"
	CanEnter   = "lab.can_enter"
	CanVerify  = "lab.can_verify"
	CanRelease = "lab.can_release"
)

// SeesUnreleased tells whether the caller works in the laboratory: everybody else sees what is released, wherever a
// result can be read from.
func SeesUnreleased(ctx context.Context) bool {
	return auth.Can(ctx, CanRead) || auth.Can(ctx, CanEnter) || auth.Can(ctx, CanVerify) || auth.Can(ctx, CanRelease)
}
