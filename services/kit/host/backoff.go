package host

import (
	"errors"
	"time"

	"example.com/troupe/events/bus/jitter"
	"example.com/troupe/services/kit/eventing"
)

const (
	firstBackoff   = 2 * time.Second // the ceiling after the first failure
	longestBackoff = 5 * time.Minute // the highest ceiling
	maxVisibility  = 12 * time.Hour  // SQS: the longest visibility timeout
)

// backoff returns how long to hide a failed message: the time that the error asks for, or a
// jittered time below a ceiling that doubles with each receive ("full jitter"), so that
// messages that failed together don't come back together. It is in whole seconds, like
// SQS's visibility timeout, and at least one.
func backoff(m message, err error) time.Duration {
	if later, ok := errors.AsType[*eventing.RetryAfterError](err); ok {
		return min(wholeSeconds(later.After), maxVisibility)
	}
	ceiling := longestBackoff
	if doublings := max(m.receives, 1) - 1; doublings < 8 {
		ceiling = min(ceiling, firstBackoff<<doublings)
	}
	return wholeSeconds(jitter.Below(ceiling, m.receives, m.id))
}

// wholeSeconds rounds up, to one second at least.
func wholeSeconds(d time.Duration) time.Duration {
	return max((d + time.Second - 1).Truncate(time.Second), time.Second)
}
