package bus

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"example.com/troupe/events/bus/jitter"
)

// The policy of retries: the pauses between 6 tries come to 3.1 seconds at most,
// beside the calls themselves. What still fails then is better served by the redelivery
// of the message whose handling said it.
const (
	maxTries   = 6
	firstPause = 100 * time.Millisecond // the ceiling after the first try; it doubles with each
	maxPause   = 5 * time.Second        // the highest ceiling
)

// send sends a shipment, batch after batch, and returns what was not accepted.
func (s *shipment) send(ctx context.Context) []EntryError {
	var failed []EntryError
	for rest := s.entries; len(rest) > 0; {
		n := s.fit(rest)
		failed = append(failed, s.persist(ctx, rest[:n])...)
		rest = rest[n:]
	}
	return failed
}

// fit returns how many of the entries one call can hold. It is at least 1: encode
// refuses entries that are larger than a call.
func (s *shipment) fit(entries []entry) int {
	limits, bytes := s.driver.limits(), 0
	for i, e := range entries {
		bytes += s.driver.size(e)
		if i == limits.entries || bytes > limits.bytes {
			return i
		}
	}
	return len(entries)
}

// persist sends a batch, and again those of its entries that may succeed yet.
func (s *shipment) persist(ctx context.Context, batch []entry) []EntryError {
	var failed []EntryError
	for try := 1; ; try++ {
		again, reasons, final := sift(batch, s.try(ctx, batch))
		failed = append(failed, final...)
		if len(again) == 0 {
			return failed
		}
		if try == maxTries {
			return append(failed, reasons...)
		}
		if err := jitter.Pause(ctx, min(maxPause, firstPause<<(try-1)), try, batch[0].Envelope.Metadata.ID); err != nil {
			for i := range reasons {
				reasons[i].Err = errors.Join(err, reasons[i].Err)
			}
			return append(failed, reasons...)
		}
		batch = again
	}
}

// sift parts the entries that are worth another try, with the reasons why they need one,
// from those that were rejected for good.
func sift(batch []entry, results []result) (again []entry, reasons, final []EntryError) {
	for i, r := range results {
		if r.err == nil {
			continue
		}
		metadata := batch[i].Envelope.Metadata
		failure := EntryError{ID: metadata.ID, Type: metadata.Type, Err: r.err}
		if r.transient {
			again, reasons = append(again, batch[i]), append(reasons, failure)
		} else {
			final = append(final, failure)
		}
	}
	return again, reasons, final
}

// try makes one call. Where it fails as a whole, so does each of its entries.
func (s *shipment) try(ctx context.Context, batch []entry) []result {
	results, err := s.driver.send(ctx, s.destination, batch)
	if err == nil {
		return results
	}
	whole := result{err: err, transient: transient(err)}
	results = make([]result, len(batch))
	for i := range results {
		results[i] = whole
	}
	return results
}

// transient tells whether a call is worth making again: after throttling, and what the SDK
// would try again (server errors, broken connections).
func transient(err error) bool {
	if api, ok := errors.AsType[smithy.APIError](err); ok && throttles(api.ErrorCode()) {
		return true
	}
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
