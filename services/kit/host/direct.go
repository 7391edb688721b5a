package host

import (
	"context"
	"io"
	"net/http"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/web"
)

// maxEvent is the size of the largest message that SNS and SQS deliver, in bytes.
const maxEvent = 1 << 20

// direct serves POST /events beside a service's routes: an event that no queue holds back.
// It is handled like a message of the queue, within the same rate and concurrency. What
// exceeds them is refused, what fails is not delivered again: both are the caller's to retry.
func (w *worker) direct(routes http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", routes)
	mux.HandleFunc("POST /events", w.serveEvent)
	return mux
}

func (w *worker) serveEvent(answer http.ResponseWriter, r *http.Request) {
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	default:
		web.Problem(answer, http.StatusTooManyRequests, "Too many events at once", "Send it again later.", nil)
		return
	}
	if w.limiter != nil && !w.limiter.Allow() {
		web.Problem(answer, http.StatusTooManyRequests, "Too many events a second", "Send it again later.", nil)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(answer, r.Body, maxEvent))
	if err != nil {
		web.Problem(answer, http.StatusBadRequest, "The event is not complete", err.Error(), nil)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), w.timeout)
	defer cancel()
	if status, err := w.handleDirect(ctx, newMessage("", "", string(body), nil, w.queue.contracts...)); err != nil {
		web.Problem(answer, status, "The event was not handled", err.Error(), nil)
		return
	}
	answer.WriteHeader(http.StatusNoContent)
}

// handleDirect handles an event and returns the status of the answer if it fails.
func (w *worker) handleDirect(ctx context.Context, m message) (status int, err error) {
	ctx, d := w.begin(ctx, m)
	defer func() { w.end(ctx, d, err) }()
	if err = w.handle(ctx, d); err == nil {
		return http.StatusNoContent, nil
	}
	d.step.Error = err.Error()
	reason, permanent := d.handler.Permanence(err)
	if permanent {
		d.step.Outcome, d.step.Reason = events.Refused, reason
		return http.StatusUnprocessableEntity, err
	}
	d.step.Outcome = events.Retried
	return http.StatusServiceUnavailable, err
}
