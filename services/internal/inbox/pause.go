package inbox

import (
	"context"
	"math/rand/v2"
	"time"
)

// pause waits a random while that grows with the attempts, so that units of work
// that met at one document do not meet there again.
func pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(rand.N(5 * time.Millisecond << min(attempt, 6)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
