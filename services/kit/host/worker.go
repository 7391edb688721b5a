package host

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"example.com/troupe/events/bus/jitter"
	"golang.org/x/time/rate"
)

const (
	maxBatch       = 10               // SQS: messages a receive, or a batch of deletes
	longestPollGap = 10 * time.Second // between polls that fail
	slotWait       = time.Millisecond // for more slots to become free before a receive
)

// worker polls a service's queue and handles what it receives. It never receives more than
// it can start at once, so no message waits here while its visibility timeout runs.
type worker struct {
	*consumer
	health  string        // the file that says when the last poll began; empty where nobody asks
	name    string        // random: workers pause for different times
	batch   int           // messages a receive
	timeout time.Duration // of a handler
	slots   chan struct{} // one for each message being handled
	limiter *rate.Limiter // nil without a rate
	tokens  int           // taken from the limiter and not used yet
	done    chan string   // receipts of messages to be deleted
}

func (s *service) newWorker() *worker {
	queue := s.manifest.Queue
	w := &worker{
		consumer: s.consumer,
		health:   s.env.health,
		name:     rand.Text(),
		batch:    min(queue.Batch, maxBatch),
		timeout:  s.timeout(),
		slots:    make(chan struct{}, s.env.concurrency),
		done:     make(chan string, s.env.concurrency),
	}
	if limit := s.env.rate; limit > 0 {
		// A tenth of a second's work at a time: small enough to be even, large enough to batch.
		burst := max(1, min(int(limit/10), w.batch))
		w.limiter = rate.NewLimiter(rate.Limit(limit), burst)
		w.batch = burst
	}
	return w
}

// run works until the context ends, and then finishes what it has begun, which takes the
// handler's time-out at most, or twice that where an outage has just ended: see workAll. What
// SQS was about to hand out when the last poll was cut off comes again when its visibility
// timeout ends.
func (w *worker) run(ctx context.Context) {
	var handling, deleting sync.WaitGroup
	deleting.Go(func() { w.deleteDone(context.WithoutCancel(ctx)) })
	for failures := 0; w.breaker.wait(ctx) == nil; {
		w.beat()
		one := w.breaker.open() // its outcome decides when to receive the next
		received, err := w.poll(ctx, one)
		switch {
		case one:
			w.workAll(context.WithoutCancel(ctx), received)
		case len(received) > 0:
			handling.Go(func() { w.workAll(context.WithoutCancel(ctx), received) })
		}
		if err == nil || ctx.Err() != nil {
			failures = 0
			continue
		}
		failures++
		slog.WarnContext(ctx, "poll failed", "error", err, "failures", failures)
		_ = jitter.Pause(ctx, min(longestPollGap, 100*time.Millisecond<<min(failures, 10)), failures, w.name)
	}
	handling.Wait()
	close(w.done)
	deleting.Wait()
}

// poll takes free slots and the rate's tokens, and receives as many messages, or one. Waiting
// for tokens comes first, so that it uses up neither receives nor visibility.
func (w *worker) poll(ctx context.Context, one bool) ([]message, error) {
	limit := w.batch
	if one {
		limit = 1
	}
	free, err := w.acquire(ctx, limit)
	if err != nil {
		return nil, err
	}
	var received []message
	if err = w.takeTokens(ctx, free); err == nil {
		began := time.Now()
		if received, err = w.queue.receive(ctx, free); len(received) > 0 {
			w.runner.Received(ctx, began, len(received))
		}
	}
	w.tokens -= min(w.tokens, len(received))
	for range free - len(received) {
		<-w.slots
	}
	return received, err
}

// acquire waits for a slot, and takes up to a limit of those that are free a moment later:
// messages that were received together often finish together.
func (w *worker) acquire(ctx context.Context, limit int) (free int, err error) {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	_ = jitter.Sleep(ctx, slotWait)
	for free = 1; free < limit; free++ {
		select {
		case w.slots <- struct{}{}:
		default:
			return free, nil
		}
	}
	return free, nil
}

// takeTokens waits until there is a token for each message that may be received. It uses tokens
// left over from earlier polls first.
func (w *worker) takeTokens(ctx context.Context, n int) error {
	if w.limiter == nil || w.tokens >= n {
		return nil
	}
	if err := w.limiter.WaitN(ctx, n-w.tokens); err != nil {
		return err
	}
	w.tokens = n
	return nil
}

// workAll handles what one poll received: side by side, but in turn during an outage, which the
// first may end.
func (w *worker) workAll(ctx context.Context, received []message) {
	w.prefetch(ctx, received)
	var handling sync.WaitGroup
	for _, m := range received {
		if w.breaker.open() {
			w.work(ctx, m)
			continue
		}
		handling.Go(func() { w.work(ctx, m) })
	}
	handling.Wait()
}

// work handles one message in its slot.
func (w *worker) work(ctx context.Context, m message) {
	defer func() { <-w.slots }()
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	if w.deliver(ctx, m) {
		w.done <- m.receipt
	}
}
