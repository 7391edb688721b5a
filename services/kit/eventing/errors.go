package eventing

import (
	"errors"
	"fmt"
	"time"
)

// PermanentError is a failure that another delivery cannot mend.
type PermanentError struct {
	Reason string // a word or two, by which dead letters are grouped: "bad-contract"
	Err    error
}

func (e *PermanentError) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

// Unwrap returns the failure itself.
func (e *PermanentError) Unwrap() error { return e.Err }

// Permanent marks an error as not worth another delivery.
func Permanent(reason string, err error) error {
	return &PermanentError{Reason: reason, Err: err}
}

// RetryAfterError is a failure that knows when another try makes sense.
type RetryAfterError struct {
	After time.Duration
	Err   error
}

func (e *RetryAfterError) Error() string { return fmt.Sprintf("try again in %s: %v", e.After, e.Err) }

// Unwrap returns the failure itself.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// RetryAfter asks for another delivery, no sooner than after the duration.
func RetryAfter(after time.Duration, err error) error {
	return &RetryAfterError{After: after, Err: err}
}

// Permanence tells whether a handler's error is for good, and its reason: that of
// what was marked with Permanent, or the text of the error that the handler dead-letters,
// without the details of the case, so that dead letters can be grouped.
func (h Handler) Permanence(err error) (reason string, permanent bool) {
	if p, ok := errors.AsType[*PermanentError](err); ok {
		return p.Reason, true
	}
	for _, target := range h.DeadLetters {
		if errors.Is(err, target) {
			return target.Error(), true
		}
	}
	return "", false
}
