// Package jitter spreads pauses, so that what failed together is not retried together.
//
// It derives a pause from a name and an attempt rather than from a random number. Pauses of different messages or
// attempts differ like random ones, and a simulated run can be repeated exactly.
package jitter

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Below returns a pause shorter than a positive ceiling ("full jitter"). The same attempt under the same name has the
// same pause.
func Below(ceiling time.Duration, attempt int, of ...string) time.Duration {
	hash := fnv.New64a()
	for _, part := range of {
		_, _ = hash.Write([]byte(part)) // hash.Hash never fails
	}
	return time.Duration(rand.New(rand.NewPCG(hash.Sum64(), uint64(attempt))).Int64N(int64(ceiling)))
}

// Pause waits for a pause Below a ceiling. If the context ends first, it returns the context's error.
func Pause(ctx context.Context, ceiling time.Duration, attempt int, of ...string) error {
	return Sleep(ctx, Below(ceiling, attempt, of...))
}

// Sleep waits for d. If the context ends first, it returns the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
