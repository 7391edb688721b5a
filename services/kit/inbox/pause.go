package inbox

import (
	"context"
	"time"

	"example.com/troupe/events/bus/jitter"
)

// Pause waits before an attempt, counted from 0, for a jittered time that grows with each,
// so that units of work that collided at one document don't collide there again. The first
// two attempts don't wait: the second mostly finds the record of a duplicate, or a state
// that no longer changes.
func Pause(ctx context.Context, key string, attempt int) error {
	if attempt < 2 {
		return ctx.Err()
	}
	return jitter.Pause(ctx, 5*time.Millisecond<<min(attempt-1, 6), attempt, key)
}
