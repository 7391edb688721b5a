package bus

import (
	"fmt"
	"strings"
	"time"

	"example.com/troupe/events"
)

// TooLargeError reports that an event exceeds the service's limit. Nothing was sent. Store large data elsewhere, and
// publish its address.
type TooLargeError struct {
	ID, Type string // of the event
	Channel  events.Channel
	Size     int // bytes, as the service counts them
	Limit    int // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("%s %s has %d bytes; %s accepts at most %d: store large data elsewhere and publish its address",
		e.Type, e.ID, e.Size, e.Channel, e.Limit)
}

// ChannelError reports that the publisher has no client or address for an event's channel. Nothing was sent.
type ChannelError struct {
	Type    string // of the event
	Channel events.Channel
}

func (e *ChannelError) Error() string {
	return fmt.Sprintf("%s is published on the channel %q, for which this publisher is not configured", e.Type, e.Channel)
}

// DelayError reports that a reminder is due later than SQS can delay it, and that the publisher has no scheduler. Nothing
// was sent.
type DelayError struct {
	Type  string        // of the event
	Delay time.Duration // until it is due
}

func (e *DelayError) Error() string {
	return fmt.Sprintf("%s is due in %s, and SQS delays a message for %s at most: link what schedules longer reminders, host.WithReminders(reminders.Open)",
		e.Type, e.Delay, maxDelay)
}

// PublishError lists the events that were not accepted. All others were accepted.
type PublishError struct {
	Failed []EntryError
}

func (e *PublishError) Error() string {
	const shown = 3
	parts := make([]string, 0, shown)
	for i, failed := range e.Failed {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more", len(e.Failed)-shown))
			break
		}
		parts = append(parts, failed.Error())
	}
	return fmt.Sprintf("%d events were not published: %s", len(e.Failed), strings.Join(parts, "; "))
}

// Unwrap returns the errors of the entries.
func (e *PublishError) Unwrap() []error {
	errs := make([]error, len(e.Failed))
	for i := range e.Failed {
		errs[i] = &e.Failed[i]
	}
	return errs
}

// EntryError is the reason why one event was not accepted.
type EntryError struct {
	ID, Type string // of the event
	Err      error  // a *RejectedError, the SDK's error for the whole call, or the context's
}

func (e *EntryError) Error() string { return fmt.Sprintf("%s %s: %v", e.Type, e.ID, e.Err) }

// Unwrap returns the cause.
func (e *EntryError) Unwrap() error { return e.Err }

// RejectedError is the service's reason for rejecting an entry.
type RejectedError struct {
	Code    string // "ThrottlingException"
	Message string
}

func (e *RejectedError) Error() string { return e.Code + ": " + e.Message }
