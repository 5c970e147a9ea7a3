package embedpg

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

// A server that ends by itself (killed for want of memory, say) is started
// again, but not for ever: what ends this often within a minute is broken.
const restartsPerMinute = 5

const logCheckInterval = 10 * time.Minute

// supervise follows the server until Stop. For `hm serve` it starts a dead
// server again; clients see their connections break and open new ones.
func (s *Server) supervise(ctx context.Context) {
	defer close(s.done)
	sizeCheck := time.NewTicker(logCheckInterval)
	defer sizeCheck.Stop()
	var restarts []time.Time
	for {
		running, _, _ := s.current()
		select {
		case <-ctx.Done():
			return
		case <-sizeCheck.C:
			if err := s.folder.rotateLog(); err != nil {
				s.log.Warn("the PostgreSQL log cannot be rotated", "error", err)
			}
		case <-running.done:
			if s.exclusive == nil || s.options.Ephemeral {
				s.err = fmt.Errorf("PostgreSQL ended by itself (its log ends with: %s)", s.lastWords())
				return
			}
			for len(restarts) > 0 && time.Since(restarts[0]) > time.Minute {
				restarts = restarts[1:]
			}
			if len(restarts) == restartsPerMinute {
				s.err = fmt.Errorf("PostgreSQL ended by itself %d times within a minute (its log ends with: %s)", restartsPerMinute+1, s.lastWords())
				return
			}
			restarts = append(restarts, time.Now())
			s.log.Error("PostgreSQL ended by itself and is started again", "log_ends_with", s.lastWords())
			if err := s.restart(ctx); err != nil {
				if ctx.Err() == nil {
					s.err = fmt.Errorf("PostgreSQL ended by itself and cannot be started again: %w", err)
				}
				return
			}
		}
	}
}

func (s *Server) restart(ctx context.Context) error {
	if err := s.starting.wait(ctx, syscall.LOCK_EX); err != nil {
		return err
	}
	defer func() { _, _ = s.starting.try(syscall.LOCK_UN) }()
	return s.join(ctx, false)
}

// lastWords is the line of the log that best tells why the server ended.
func (s *Server) lastWords() string {
	info, err := os.Stat(s.folder.logFile())
	if err != nil {
		return "nothing"
	}
	return firstOf(meaningfulLine(readFrom(s.folder.logFile(), max(0, info.Size()-2048))), "nothing")
}
