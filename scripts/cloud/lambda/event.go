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

// How an event that nobody waits for is tried again (developer guide, "How Lambda handles errors and retries with
// asynchronous invocation"). A function that fails gets it twice more, a minute and two minutes later. One that is throttled,
// or can't be started, has not had it: then the pauses begin with a second and double, for as long as the event is young enough.
var eventRetries = []time.Duration{time.Minute, 2 * time.Minute}

const (
	firstBackoff, longestBackoff = time.Second, 5 * time.Minute
	defEventAge                  = 6 * time.Hour
)

// What became of an event, in the words of its record.
const (
	succeeded        = "Success"
	retriesExhausted = "RetriesExhausted"
	eventAgeExceeded = "EventAgeExceeded"
)

// event is an invocation that nobody waits for. What is exported is kept in the journal until it has ended.
type event struct {
	Call
	Began   time.Time
	Runs    int // of the function
	Backoff time.Duration

	outcome *Outcome // of the last run; nil without one
	err     error    // why the last try was no run
}

// accept takes an event.
func (s *Service) accept(call Call) {
	call.RequestID = cmp.Or(call.RequestID, requestid.New())
	e := &event{Call: call, Began: time.Now(), Backoff: firstBackoff}
	s.keepEvent(e)
	s.launch(func() { s.runEvent(e) })
}

// runEvent handles an event until it succeeds or is given up, and tells the function's destinations.
func (s *Service) runEvent(e *event) {
	for {
		outcome, err := s.Run(e.Call)
		if errors.Is(err, errClosing) {
			return // it runs again when the service is restored
		}
		e.took(outcome, err)
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

func (e *event) took(outcome *Outcome, err error) {
	e.err = err
	if err == nil {
		e.outcome = outcome
		e.Runs++
	}
}

// next returns how long to wait for the next try, or else what the event came to.
func (e *event) next(settings EventSettings) (wait time.Duration, condition string) {
	switch {
	case e.err != nil && wire.AsError(e.err).Status == http.StatusNotFound: // the function is gone
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

// failure is the last error, of the function or of the try to run it.
func (e *event) failure() error {
	if e.err != nil || e.outcome == nil {
		return cmp.Or(e.err, errNoOutcome)
	}
	return e.outcome.Failure
}

// status is that of the last try, as for a caller that waits: a function that fails has run.
func (e *event) status() int {
	if e.err != nil {
		return wire.AsError(e.err).Status
	}
	return http.StatusOK
}

// conclude tells the destination, and the dead-letter queue of an event that failed.
func (s *Service) conclude(e *event, condition string) {
	destination, told := s.destination(e.Function, condition)
	if told {
		if err := s.tell(e, destination, condition); err != nil {
			slog.Warn("a destination does not take what became of an event", "function", nameOf(e.Function), "destination", destination, "error", err)
		}
	}
	if condition == succeeded {
		return
	}
	if target, _ := s.deadLetters(e.Function); target == "" && !told {
		slog.Warn("an event is dropped: its function has no dead-letter queue and no destination", "function", nameOf(e.Function), "error", e.failure())
	}
	s.bury(e)
}

// pause waits, and tells whether the service lasted.
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
