// Package jitter spreads pauses, so that what failed together does not come back together.
//
// A pause follows from what it is for instead of from a random number: pauses of different
// messages or attempts differ as random ones do, and a simulated run can be repeated exactly.
package jitter

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Below returns a pause shorter than a ceiling, which must be positive ("full jitter"). The same
// attempt of the same thing, named by what tells it from others, has the same pause.
func Below(ceiling time.Duration, attempt int, of ...string) time.Duration {
	hash := fnv.New64a()
	for _, part := range of {
		_, _ = hash.Write([]byte(part)) // never fails: hash.Hash
	}
	return time.Duration(rand.New(rand.NewPCG(hash.Sum64(), uint64(attempt))).Int64N(int64(ceiling)))
}
