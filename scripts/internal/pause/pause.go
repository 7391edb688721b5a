// Package pause waits between two polls.
package pause

import (
	"context"
	"time"

	"example.com/troupe/events/bus/jitter"
)

// For waits for d. It returns false if the context ends first.
func For(ctx context.Context, d time.Duration) bool { return jitter.Sleep(ctx, d) == nil }
