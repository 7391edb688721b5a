package eventing

import (
	"errors"
	"fmt"
	"time"
)

// ErrUnloaded means that a document that exists was saved without being loaded: whatever was in
// it would be lost. Load a document before you save it, unless it is new.
var ErrUnloaded = errors.New("it is there already and was saved without being loaded")

// ErrStore means that a document could not be read: the store failed, and not the work.
var ErrStore = errors.New("the store failed")

// ErrOutside means that an event from outside was published: only its source publishes it.
var ErrOutside = errors.New("no service publishes an event from outside")

// PermanentError is a failure that another delivery can't fix.
type PermanentError struct {
	Reason string // a word or two, by which dead letters are grouped: "bad-contract"
	Err    error
}

func (e *PermanentError) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

// Unwrap returns the underlying error.
func (e *PermanentError) Unwrap() error { return e.Err }

// Permanent marks an error that another delivery can't fix.
func Permanent(reason string, err error) error {
	return &PermanentError{Reason: reason, Err: err}
}

// RetryAfterError is a failure that says when to try again.
type RetryAfterError struct {
	After time.Duration
	Err   error
}

func (e *RetryAfterError) Error() string { return fmt.Sprintf("try again in %s: %v", e.After, e.Err) }

// Unwrap returns the underlying error.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// RetryAfter asks for another delivery, no sooner than after the duration.
func RetryAfter(after time.Duration, err error) error {
	return &RetryAfterError{After: after, Err: err}
}

// Permanence reports whether a handler's error is permanent, and the reason to group dead
// letters by: the one given to Permanent, or the text of the error listed with DeadLetter,
// without the details of the case.
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
