package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/unit"
)

// eventType is the type of event in the step and the cause of a request.
const eventType = "http"

// uncommitted carries a response that must not commit out of its unit of work.
type uncommitted struct{ response }

func (*uncommitted) Error() string { return "the answer is not 2xx" }

// serveUnit answers a request with a unit of work.
func (rt *Router) serveUnit(w http.ResponseWriter, r *http.Request, route Route) {
	step := &events.Step{Handler: route.Pattern, EventType: eventType, Attempt: 1, StartedAt: time.Now()}
	step.WaitedMS = waited(r, step.StartedAt)
	q, err := readRequest(w, r, rt.runner.Manifest.Name, route.Pattern)
	ctx, finish := rt.begin(w, r, route.Pattern, q.id, q.body)
	step.EventID, step.CorrelationID, step.Subject = q.id, w.Header().Get(headerCorrelation), addressed(r, route.Pattern)
	var answer response
	if err == nil {
		answer, err = rt.run(ctx, q, route, step)
	}
	if err != nil {
		answer = failed(ctx, err, route.Pattern, step.CorrelationID)
		step.Outcome, step.Error = outcome(answer), err.Error()
	}
	step.Status, step.In, step.Out = answer.Status, rt.runner.Payload(q.body), rt.runner.Payload(answer.Body)
	answer.send(w)
	if step.Outcome == events.Refused {
		err = nil // the client's mistake, not ours
		step.Reason = answer.title()
	}
	finish(err)
	rt.runner.Report(ctx, step)
}

// run runs the unit of work that a request asks for, and returns its response: the original
// one if the request is a repeat.
func (rt *Router) run(ctx context.Context, q request, route Route, step *events.Step) (response, error) {
	record, err := rt.runner.Run(ctx, unit.Unit{Key: q.key, Cause: q.cause(step), Work: q.work(step.CorrelationID, route.Handler)}, step)
	if early, ok := errors.AsType[*uncommitted](err); ok {
		step.Outcome = outcome(early.response)
		return early.response, nil
	}
	if errors.Is(err, unit.ErrMismatch) {
		return response{}, &refusal{http.StatusUnprocessableEntity, "The idempotency key is taken",
			"Another request was made with the same " + headerKey + ". Send this one with a key of its own."}
	}
	if len(record.Messages) > 0 {
		step.Subject = record.Messages[0].Envelope.Metadata.Subject
	}
	if err != nil {
		return response{}, err
	}
	var answer response
	if err := json.Unmarshal(record.Response, &answer); err != nil {
		return response{}, fmt.Errorf("decode the recorded response: %w", err)
	}
	if step.Outcome == events.Repeated {
		answer.Header.Set(headerReplayed, "true")
	}
	return answer, nil
}

func (q request) cause(step *events.Step) eventing.Cause {
	about := events.Metadata{ID: q.id, Type: eventType, CorrelationID: step.CorrelationID, OccurredAt: step.StartedAt}
	return eventing.Cause{Event: events.Envelope{Metadata: about}, Handler: step.Handler, Fingerprint: q.fingerprint}
}

// work returns the handler as a unit of work that keeps its response.
func (q request) work(correlation string, handle Handler) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		answer, err := respond(tx, q.again(ctx), correlation, handle)
		if err != nil {
			return err
		}
		if !answer.committable() {
			return &uncommitted{answer}
		}
		encoded, err := json.Marshal(answer)
		tx.Respond(encoded)
		return err
	}
}

// addressed returns what the path of a request names: the value of the pattern's last wildcard, or "".
func addressed(r *http.Request, pattern string) string {
	name, _, _ := strings.Cut(pattern[strings.LastIndexByte(pattern, '{')+1:], "}")
	return r.PathValue(strings.TrimSuffix(name, "..."))
}

func outcome(answer response) events.Outcome {
	if answer.Status >= http.StatusInternalServerError {
		return events.Retried
	}
	return events.Refused
}
