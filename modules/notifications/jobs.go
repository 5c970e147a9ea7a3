package notifications

import (
	"context"
	"time"

	"hmsoftware.com/hm/kit/db"
)

// sendEvery is the delay of a message beside the queue's own.
const sendEvery = time.Second

// Schedule makes workers send: a loop for each channel, so that none waits for another.
func (m *Module) Schedule() {
	for _, channel := range channels {
		if m.senders[channel] == nil {
			continue
		}
		m.deps.Bus.Loop("notifications.send_"+string(channel), sendEvery, func(ctx context.Context, pool *db.Pool) (bool, error) {
			return m.SendDue(ctx, pool, channel)
		})
	}
}
