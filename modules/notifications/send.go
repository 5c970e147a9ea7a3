package notifications

import (
	"context"

	"hmsoftware.com/hm/kit/outbound"
)

// The statuses of a delivery.
const (
	statusPending    = "PENDING"
	statusSending    = "SENDING"
	statusSent       = "SENT"
	statusFailed     = "FAILED"
	statusDead       = "DEAD"
	statusSuppressed = "SUPPRESSED"
)

// sender brings messages out by one channel.
type sender interface {
	send(ctx context.Context, handOver outbound.HandOver) error
}
