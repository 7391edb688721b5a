// Package pause waits between two looks at something that is going to change.
package pause

import (
	"context"
	"time"
)

// For waits, and reports whether it waited to the end: false says that the context ended first.
func For(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
