package inbox

import (
	"context"
	"math/rand/v2"
	"time"
)

// pause waits before an attempt, counted from 0: not before the first, nor the second,
// which mostly finds the record of a duplicate or a state that has settled; then a random
// while that grows, so that units of work that met at one document do not meet there
// again.
func pause(ctx context.Context, attempt int) error {
	if attempt < 2 {
		return ctx.Err()
	}
	timer := time.NewTimer(rand.N(5 * time.Millisecond << min(attempt-1, 6)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
