package host

import (
	"context"
	"errors"
	"example.com/troupe/services/kit/internal/tower"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// start runs the house's worker in virtual time, and returns how to send it away and
// wait until it has gone.
func (h *house) start(t *testing.T) (drain func()) {
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		h.newWorker().run(ctx)
		close(gone)
	}()
	return func() { cancel(); <-gone }
}

func (h *house) ring(n int, bell string) {
	for i := range n {
		h.queue.put(tower.Envelope(fmt.Sprintf("%s-%d", bell, i), rung(bell, 1)))
	}
}

func TestWorkerHandlesAndAcknowledges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		drain := h.start(t)
		h.queue.put(tower.Envelope("poison", rung("flaky", 1)), "no event")
		for i := range 25 {
			h.queue.put(tower.Envelope(fmt.Sprint(i), rung(fmt.Sprintf("bell-%d", i), 1)))
		}
		time.Sleep(time.Second)
		drain()
		if deleted := len(h.queue.deleted); deleted != 26 || len(h.queue.hidden) != 1 || len(h.queue.deadLettered) != 1 {
			t.Errorf("%d deleted, %v put off, %d dead-lettered", deleted, h.queue.hidden, len(h.queue.deadLettered))
		}
		for _, asked := range h.queue.asked {
			if asked > 4 {
				t.Errorf("asked for %d messages with 4 slots", asked)
			}
		}
	})
}

// TestWorkerObeysItsRate counts what is received in every second.
func TestWorkerObeysItsRate(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		burst int
	}{{2, 1}, {0.5, 1}, {30, 3}, {400, 10}} {
		t.Run(fmt.Sprint(c.rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t, strings.Replace(tower.Declaration, `"queue"`, fmt.Sprintf(`"rate": %v, "queue"`, c.rate), 1))
				drain := h.start(t)
				h.ring(1, "first")
				time.Sleep(time.Minute) // virtual: nothing to do, and nothing may be saved up
				n := int(4*c.rate) + c.burst
				h.ring(n, "many")
				started := time.Now()
				for len(h.queue.waiting) > 0 {
					time.Sleep(time.Millisecond)
				}
				took := time.Since(started)
				drain()
				if took > 5*time.Second {
					t.Errorf("%d messages took %s: too slow", n, took)
				}
				checkRate(t, h.queue.received, c.rate, 2*c.burst)
			})
		})
	}
}

// TestRateOfTheEnvironment: what RATE says comes before service.json.
func TestRateOfTheEnvironment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		testEnvironment["RATE"] = "30"
		defer delete(testEnvironment, "RATE")
		h := newHouse(t, strings.Replace(tower.Declaration, `"queue"`, `"rate": 400, "queue"`, 1))
		drain := h.start(t)
		h.ring(60, "many")
		time.Sleep(time.Minute)
		drain()
		if len(h.queue.received) != 60 {
			t.Errorf("received %d of 60", len(h.queue.received))
		}
		checkRate(t, h.queue.received, 30, 2*3)
	})
}

// checkRate wants no more messages in any span of time than the rate allows, and the burst:
// what the poll that was waiting had taken, and the bucket, come at once.
func checkRate(t *testing.T, received []time.Time, rate float64, burst int) {
	t.Helper()
	for i, from := range received {
		for j := i; j < len(received); j++ {
			span := received[j].Sub(from)
			if n := j - i + 1; float64(n) > rate*span.Seconds()+float64(burst)+1e-6 {
				t.Fatalf("%d messages within %s", n, span)
			}
		}
	}
}

// TestWorkerTakesTokensBeforeItReceives finds no receive that waits for the rate.
func TestWorkerTakesTokensBeforeItReceives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, strings.Replace(tower.Declaration, `"queue"`, `"rate": 1, "queue"`, 1))
		drain := h.start(t)
		h.ring(5, "tom")
		time.Sleep(10 * time.Second)
		drain()
		for i, received := range h.queue.received {
			if !received.Equal(h.queue.polls[i]) && i > 0 {
				t.Errorf("message %d waited from %s to %s", i, h.queue.polls[i], received)
			}
		}
		if len(h.queue.received) != 5 {
			t.Errorf("received %d", len(h.queue.received))
		}
	})
}

// TestDrainFinishesWhatRuns ends the worker in the middle of its work.
func TestDrainFinishesWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		drain := h.start(t)
		h.ring(6, "stuck") // four slots: two stay in the queue
		time.Sleep(slotWait)
		synctest.Wait()
		started := time.Now()
		drain()
		if took := time.Since(started); took != 10*time.Second {
			t.Errorf("drained in %s, want the handler's time-out", took)
		}
		if left := len(h.queue.waiting); left != 2 || len(h.queue.hidden) != 4 || len(h.queue.deleted) != 0 {
			t.Errorf("%d left, %d put off, %d deleted", left, len(h.queue.hidden), len(h.queue.deleted))
		}
	})
}

func TestPollsThatFailBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		h.queue.fail = errors.New("SQS is away")
		drain := h.start(t)
		time.Sleep(10 * time.Minute)
		_ = h.queue.note(func() { h.queue.fail = nil })
		h.ring(1, "tom")
		time.Sleep(longestPollGap)
		drain()
		if polls := len(h.queue.polls); polls < 60 || polls > 300 {
			t.Errorf("%d polls in ten minutes", polls)
		}
		if len(h.queue.deleted) != 1 {
			t.Error("it did not recover")
		}
	})
}

// TestConcurrencyOfTheEnvironment: what QUEUE_CONCURRENCY says comes before service.json, for a
// worker and within a batch of a function.
func TestConcurrencyOfTheEnvironment(t *testing.T) {
	testEnvironment["QUEUE_CONCURRENCY"] = "2"
	defer delete(testEnvironment, "QUEUE_CONCURRENCY")
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		drain := h.start(t)
		h.ring(6, "stuck")
		time.Sleep(time.Second)
		if runs := h.tower.Runs.Load(); runs != 2 {
			t.Errorf("a worker handles %d messages at a time", runs)
		}
		drain()
	})
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		var messages [][2]string
		for i := range 6 {
			id := fmt.Sprint(i)
			messages = append(messages, [2]string{id, tower.Envelope(id, rung("stuck", 1))})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		failures(t, ctx, h, batchOf(t, messages...))
		if runs := h.tower.Runs.Load(); runs != 2 {
			t.Errorf("a function handles %d messages at a time", runs)
		}
	})
}
