package host

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/internal/tower"
)

// post sends an event to a worker without a queue, and returns the status of its answer.
func post(handler http.Handler, body string) int {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(body)))
	return answer.Code
}

func TestDirectEvents(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	handler := h.newWorker().direct(h.router)
	for _, c := range []struct {
		name, body string
		status     int
		outcome    events.Outcome
	}{
		{"handled", tower.Envelope("e", rung("tom", 2)), http.StatusNoContent, events.Handled},
		{"repeated", tower.Envelope("e", rung("tom", 2)), http.StatusNoContent, events.Repeated},
		{"not an event", "ding dong", http.StatusUnprocessableEntity, events.Refused},
		{"against its contract", tower.Envelope("f", rung("tom", 0)), http.StatusUnprocessableEntity, events.Refused},
		{"a permanent failure", tower.Envelope("f", rung("cracked", 1)), http.StatusUnprocessableEntity, events.Refused},
		{"a failure", tower.Envelope("f", rung("flaky", 1)), http.StatusServiceUnavailable, events.Retried},
		{"too large", strings.Repeat(" ", maxEvent+1), http.StatusBadRequest, ""},
	} {
		h.log.Reset()
		if status := post(handler, c.body); status != c.status {
			t.Errorf("%s: answered %d, want %d", c.name, status, c.status)
		}
		if steps := h.log.Steps(t); len(steps) != 1 && c.outcome != "" || len(steps) == 1 && steps[0].Outcome != c.outcome {
			t.Errorf("%s: steps %+v", c.name, steps)
		}
	}
	if runs, published := h.tower.Runs.Load(), len(h.bus.Published); runs != 3 || published != 2 {
		t.Errorf("%d runs and %d events, want 3 and 2", runs, published)
	}
	if len(h.queue.hidden)+len(h.queue.deadLettered)+len(h.queue.polls) > 0 {
		t.Error("it used its queue")
	}
	answer := httptest.NewRecorder()
	if handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/bells/tom", nil)); answer.Code != http.StatusOK {
		t.Errorf("its routes answer %d", answer.Code)
	}
}

// TestDirectEventsExceed meets the limits of rate and concurrency.
func TestDirectEventsExceed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, strings.Replace(tower.Declaration, `"queue"`, `"rate": 20, "queue"`, 1))
		handler := h.newWorker().direct(h.router)
		send := func(n int, bell string) (refused int) {
			for i := range n {
				if post(handler, tower.Envelope(bell+string(rune('a'+i)), rung(bell, 1))) == http.StatusTooManyRequests {
					refused++
				}
			}
			return refused
		}
		if refused := send(5, "tom"); refused != 3 {
			t.Errorf("%d of 5 refused at once, want 3: a tenth of a second's work is let in", refused)
		}
		time.Sleep(time.Second)
		if refused := send(1, "tim"); refused != 0 {
			t.Error("refused though the rate allows it")
		}
		for i := range 4 { // as many as may be handled at once
			time.Sleep(time.Second)
			go post(handler, tower.Envelope("stuck"+string(rune('a'+i)), rung("stuck", 1)))
			synctest.Wait()
		}
		time.Sleep(time.Second)
		if refused := send(1, "tam"); refused != 1 {
			t.Error("handled though four are being handled")
		}
		time.Sleep(time.Minute)
		if refused := send(1, "tam"); refused != 0 {
			t.Error("refused though none is being handled")
		}
	})
}
