package host

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// UnitHandler handles a request as a unit of work. What it writes is held back until its
// changes are committed and its events are published. Only an answer of 2xx commits; any
// other leaves no trace, and neither does an error, which is answered with a problem
// document. It may run more than once.
type UnitHandler func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error

// eventTypeHTTP stands in a step, and in a unit of work, for the type of the event.
const eventTypeHTTP = "http"

// unanswered carries a response that must not be committed out of its unit of work.
type unanswered struct{ response }

func (*unanswered) Error() string { return "the answer is not of 2xx" }

// unit serves a route with a unit of work: the one entry that has no message behind it.
func (rt *Runtime) unit(pattern string, handle UnitHandler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		step := &events.Step{Handler: pattern, EventType: eventTypeHTTP, Attempt: 1, StartedAt: time.Now()}
		request, err := readUnitRequest(w, r, rt.manifest.Name, pattern)
		ctx, finish := rt.begin(w, r, pattern, request.id)
		step.EventID, step.CorrelationID = request.id, w.Header().Get(headerCorrelation)
		var answer response
		if err == nil {
			answer, err = rt.units.answer(ctx, request, handle, step)
		}
		if err != nil {
			answer = rt.units.problem(ctx, step, err)
		}
		step.Status, step.In, step.Out = answer.Status, rt.units.payload(request.body), rt.units.payload(answer.Body)
		answer.send(w)
		if step.Outcome == events.Refused {
			err = nil // the client's, not ours
		}
		finish(err)
		rt.units.report(ctx, step)
	})
}

// answer runs the unit of work that a request asks for, publishes what it said, and
// returns the response to give: the original one where the request is a repeat.
func (u *units) answer(ctx context.Context, request unitRequest, handle UnitHandler, step *events.Step) (response, error) {
	cause := eventing.Cause{Handler: request.pattern, Producer: u.manifest.Name}
	cause.Event = events.Metadata{ID: request.id, Type: eventTypeHTTP, CorrelationID: step.CorrelationID, OccurredAt: step.StartedAt}
	done, err := u.commit(ctx, request.key, inbox.Ahead{}, cause, func(ctx context.Context, tx *eventing.Tx) (inbox.Record, error) {
		w := newRecorder()
		w.Header().Set(headerCorrelation, step.CorrelationID)
		if err := handle(tx, w, request.again(ctx)); err != nil {
			return inbox.Record{}, err
		}
		if answer := w.response(); !answer.committable() {
			return inbox.Record{}, &unanswered{answer}
		}
		recorded, err := w.response().encode()
		return inbox.Record{Fingerprint: request.fingerprint, Response: recorded}, err
	})
	if early, ok := errors.AsType[*unanswered](err); ok {
		step.Outcome = refusedOrFailed(early.Status)
		return early.response, nil
	}
	if err != nil {
		return response{}, err
	}
	if done.repeated && done.record.Fingerprint != request.fingerprint {
		return response{}, &refusal{http.StatusUnprocessableEntity, "The idempotency key is taken",
			"Another request was made with the same " + headerKey + ". Send this one with a key of its own."}
	}
	return u.conclude(ctx, done, step)
}

// conclude publishes the events of a committed unit of work, and then lets its response out.
func (u *units) conclude(ctx context.Context, done result, step *events.Step) (response, error) {
	u.came(step, done)
	if messages := done.record.Messages; len(messages) > 0 {
		step.Subject = messages[0].Envelope.Metadata.Subject
	}
	if err := u.publish(ctx, done.record.Messages, step); err != nil {
		return response{}, err
	}
	answer, err := decodeResponse(done.record.Response)
	if done.repeated && err == nil {
		answer.Header.Set(headerReplayed, "true")
	}
	return answer, err
}

// problem returns the answer to a request that failed, and notes that in its step.
func (u *units) problem(ctx context.Context, step *events.Step, err error) response {
	w := newRecorder()
	w.Header().Set(headerCorrelation, step.CorrelationID)
	step.Error = err.Error()
	if refused, ok := errors.AsType[*refusal](err); ok {
		Problem(w, refused.status, refused.title, refused.detail, nil)
	} else {
		slog.ErrorContext(ctx, "request failed", "handler", step.Handler, "error", err)
		unavailable(w, err)
	}
	answer := w.response()
	step.Outcome = refusedOrFailed(answer.Status)
	return answer
}

func refusedOrFailed(status int) events.Outcome {
	if status >= http.StatusInternalServerError {
		return events.Retried
	}
	return events.Refused
}
