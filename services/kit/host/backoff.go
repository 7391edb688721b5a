package host

import (
	"errors"
	"time"

	"example.com/troupe/events/bus/jitter"
	"example.com/troupe/services/kit/eventing"
)

// The back-off of a message. With 20 receives, service.json's default of max_receives, the
// back-offs of a message that keeps failing come to 34 minutes at least and 68 at most: longer
// than most outages, and short enough for a person to learn of it.
const (
	firstBackoff   = 2 * time.Second // the ceiling after the first failure; it doubles with each
	longestBackoff = 5 * time.Minute // the highest ceiling
	restBackoff    = time.Minute     // the lowest ceiling of a message that was not tried
)

// longestHiding is how long a message may be hidden. SQS allows 12 hours from its receive; the
// batching window and the handling, which take less than half an hour, are over by now.
const longestHiding = 12*time.Hour - 30*time.Minute

// backoff returns how long to hide a failed message: the time that the error asks for, or a
// time between half of a ceiling and all of it. The ceiling doubles with each receive; the
// jitter keeps messages that failed together from coming back together. It is in whole
// seconds, like SQS's visibility timeout, and at least one.
func backoff(m message, err error) time.Duration {
	if later, ok := errors.AsType[*eventing.RetryAfterError](err); ok {
		return min(wholeSeconds(later.After), longestHiding)
	}
	ceiling := longestBackoff
	if doublings := max(m.receives, 1) - 1; doublings < 8 {
		ceiling = min(ceiling, firstBackoff<<doublings)
	}
	if errors.Is(err, errResting) {
		ceiling = max(ceiling, restBackoff)
	}
	return wholeSeconds(ceiling/2 + jitter.Below(ceiling/2, m.receives, m.id))
}

// wholeSeconds rounds up, to one second at least.
func wholeSeconds(d time.Duration) time.Duration {
	return max((d + time.Second - 1).Truncate(time.Second), time.Second)
}
