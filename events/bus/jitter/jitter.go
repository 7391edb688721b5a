// Package jitter spreads pauses, so that what failed together does not come back together.
//
// A pause is derived from a name and an attempt instead of a random number: pauses of
// different messages or attempts differ as random ones do, and a simulated run can be
// repeated exactly.
package jitter

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Below returns a pause shorter than a ceiling, which must be positive ("full jitter"). The same
// attempt under the same name has the same pause.
func Below(ceiling time.Duration, attempt int, of ...string) time.Duration {
	hash := fnv.New64a()
	for _, part := range of {
		_, _ = hash.Write([]byte(part)) // never fails: hash.Hash
	}
	return time.Duration(rand.New(rand.NewPCG(hash.Sum64(), uint64(attempt))).Int64N(int64(ceiling)))
}

// Pause waits for a pause Below a ceiling, or returns the context's error if it ends first.
func Pause(ctx context.Context, ceiling time.Duration, attempt int, of ...string) error {
	return Sleep(ctx, Below(ceiling, attempt, of...))
}

// Sleep waits, or returns the context's error if it ends first.
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
