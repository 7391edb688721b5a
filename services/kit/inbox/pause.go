package inbox

import (
	"context"
	"time"

	"example.com/troupe/events/bus/jitter"
)

// Pause waits before an attempt, counted from 0: not before the first, nor the second,
// which mostly finds the record of a duplicate or a state that has settled; then a jittered
// while that grows, so that units of work that met at one document do not meet there
// again.
func Pause(ctx context.Context, key string, attempt int) error {
	if attempt < 2 {
		return ctx.Err()
	}
	timer := time.NewTimer(jitter.Below(5*time.Millisecond<<min(attempt-1, 6), attempt, key))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
