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

// The retry policy: the pauses between 6 attempts add up to at most 3.1 seconds, without the calls themselves. What
// still fails then is left to the redelivery of the message that caused it.
const (
	maxTries   = 6
	firstPause = 100 * time.Millisecond // maximum after the first attempt; it doubles with each
	maxPause   = 5 * time.Second        // the highest maximum
)

// send sends a shipment in batches and returns the entries that were not accepted.
func (s *shipment) send(ctx context.Context) []EntryError {
	var failed []EntryError
	for rest := s.entries; len(rest) > 0; {
		n := s.fit(rest)
		failed = append(failed, s.persist(ctx, rest[:n])...)
		rest = rest[n:]
	}
	return failed
}

// fit returns how many of the entries fit into one call. It returns at least 1, because encode refuses entries that
// exceed a call's limit.
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

// persist sends a batch and retries those of its entries that may still succeed.
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
		if err := jitter.Pause(ctx, pause(try), try, batch[0].Envelope.Metadata.ID); err != nil {
			for i := range reasons {
				reasons[i].Err = errors.Join(err, reasons[i].Err)
			}
			return append(failed, reasons...)
		}
		batch = again
	}
}

// pause returns the longest pause after a try.
func pause(try int) time.Duration { return min(maxPause, firstPause<<(try-1)) }

// sift separates the entries worth a retry, with the reasons, from those that were rejected permanently.
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

// try makes one call. If the call fails, so does each entry.
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

// transient reports whether a failed call may be retried: after throttling, and after the errors that the SDK retries
// (server errors, broken connections).
func transient(err error) bool {
	if api, ok := errors.AsType[smithy.APIError](err); ok && throttles(api.ErrorCode()) {
		return true
	}
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
