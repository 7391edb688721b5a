package lambda

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// eventRetries holds the delays before an asynchronous invocation is retried after its function failed (developer
// guide, "How Lambda handles errors and retries with asynchronous invocation"). If the function is throttled or cannot
// start, the delays start at one second and double, until the event is too old.
var eventRetries = []time.Duration{time.Minute, 2 * time.Minute}

const (
	firstBackoff, longestBackoff = time.Second, 5 * time.Minute
	defEventAge                  = 6 * time.Hour
)

// Outcomes of an event, as its record names them.
const (
	succeeded        = "Success"
	retriesExhausted = "RetriesExhausted"
	eventAgeExceeded = "EventAgeExceeded"
)

// event is an asynchronous invocation. The exported fields are in the journal until the event ends.
type event struct {
	Call
	Began   time.Time
	Runs    int // number of runs of the function
	Backoff time.Duration

	outcome *Outcome // of the last run; nil if there was none
	err     error    // why the last attempt did not run
}

// accept queues an asynchronous invocation.
func (s *Service) accept(call Call) {
	call.RequestID = cmp.Or(call.RequestID, requestid.New())
	e := &event{Call: call, Began: time.Now(), Backoff: firstBackoff}
	s.keepEvent(e)
	s.launch(func() { s.runEvent(e) })
}

// runEvent invokes the function until it succeeds or the event is given up, and notifies its destination.
func (s *Service) runEvent(e *event) {
	for {
		outcome, err := s.Run(e.Call)
		if errors.Is(err, errClosing) {
			return // it runs again when the service is restored
		}
		e.attempted(outcome, err)
		wait, condition := e.next(s.eventSettings(e.Function))
		if condition != "" {
			s.conclude(e, condition)
			s.journal.Delete(kindEvent, e.RequestID)
			return
		}
		s.keepEvent(e)
		if !s.pause(wait) {
			return
		}
	}
}

func (e *event) attempted(outcome *Outcome, err error) {
	e.err = err
	if err == nil {
		e.outcome = outcome
		e.Runs++
	}
}

// next returns the delay before the next attempt, or the final condition of the event.
func (e *event) next(settings EventSettings) (wait time.Duration, condition string) {
	switch {
	case e.err != nil && wire.AsError(e.err).Status == http.StatusNotFound: // the function no longer exists
		return 0, retriesExhausted
	case e.err != nil:
		wait, e.Backoff = e.Backoff, min(2*e.Backoff, longestBackoff)
	case e.outcome.Failure == nil:
		return 0, succeeded
	case e.Runs > settings.retries():
		return 0, retriesExhausted
	default:
		wait = eventRetries[e.Runs-1]
	}
	if time.Since(e.Began)+wait >= settings.age() {
		return 0, eventAgeExceeded
	}
	return wait, ""
}

// failure returns the last error of the function or of the attempt to run it.
func (e *event) failure() error {
	if e.err != nil || e.outcome == nil {
		return cmp.Or(e.err, errNoOutcome)
	}
	return e.outcome.Failure
}

// status returns the HTTP status of the last attempt, as a synchronous caller would see it. It is 200 if the function
// ran, even if it failed.
func (e *event) status() int {
	if e.err != nil {
		return wire.AsError(e.err).Status
	}
	return http.StatusOK
}

// conclude notifies the destination and, if the event failed, sends it to the dead-letter queue.
func (s *Service) conclude(e *event, condition string) {
	destination, configured := s.destination(e.Function, condition)
	if configured {
		if err := s.sendRecord(e, destination, condition); err != nil {
			slog.Warn("a destination rejected the record of an event", "function", e.Function, "destination", destination, "error", err)
		}
	}
	if condition == succeeded {
		return
	}
	if target, _ := s.deadLetters(e.Function); target == "" && !configured {
		slog.Warn("an event is dropped because its function has no dead-letter queue and no destination", "function", e.Function, "error", e.failure())
	}
	s.sendDeadLetter(e)
}

// pause waits. It returns false if the service closes meanwhile.
func (s *Service) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.closing.Done():
		return false
	}
}

var errNoOutcome = errors.New("the function did not run")
