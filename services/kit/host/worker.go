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
	blink          = time.Millisecond // that a receive waits for more slots
)

// worker polls a service's queue and handles what it receives. It never receives more than
// it can begin at once, so no message waits here while its visibility runs out.
type worker struct {
	*consumer
	name       string        // random: what tells its pauses from those of other workers
	batch      int           // messages a receive
	visibility time.Duration // of the queue
	timeout    time.Duration // of a handler
	slots      chan struct{} // one for each message at work
	limiter    *rate.Limiter // nil without a limit
	tokens     int           // taken from the limiter and not yet used
	done       chan string   // receipts of messages to be deleted
}

func (rt *Runtime) newWorker(consumer *consumer) *worker {
	queue := rt.manifest.Queue
	w := &worker{
		consumer:   consumer,
		name:       rand.Text(),
		batch:      min(queue.Batch, maxBatch),
		visibility: time.Duration(queue.VisibilitySeconds) * time.Second,
		timeout:    rt.timeout(),
		slots:      make(chan struct{}, queue.Concurrency),
		done:       make(chan string, queue.Concurrency),
	}
	if limit := rt.env.rate; limit > 0 {
		// A tenth of a second's work at a time: small enough to be even, large enough to batch.
		burst := max(1, min(int(limit/10), w.batch))
		w.limiter = rate.NewLimiter(rate.Limit(limit), burst)
		w.batch = burst
	}
	return w
}

// run works until the context ends, and then finishes what it has begun: a message has
// the handler's time-out at most. What SQS was about to hand out when the last poll was cut
// off comes again when its visibility ends.
func (w *worker) run(ctx context.Context) {
	var handling, deleting sync.WaitGroup
	deleting.Go(func() { w.deleteDone(context.WithoutCancel(ctx)) })
	for failures := 0; ctx.Err() == nil; {
		received, err := w.poll(ctx)
		if len(received) > 0 {
			handling.Go(func() { w.workAll(context.WithoutCancel(ctx), received) })
		}
		if err == nil || ctx.Err() != nil {
			failures = 0
			continue
		}
		failures++
		slog.WarnContext(ctx, "poll failed", "error", err, "failures", failures)
		pause(ctx, jitter.Below(min(longestPollGap, 100*time.Millisecond<<min(failures, 10)), failures, w.name))
	}
	handling.Wait()
	close(w.done)
	deleting.Wait()
}

// poll takes free slots and the rate's tokens, and receives as many messages. Tokens come
// first, so that waiting for them burns neither receives nor visibility.
func (w *worker) poll(ctx context.Context) ([]message, error) {
	free, err := w.acquire(ctx)
	if err != nil {
		return nil, err
	}
	var received []message
	if err = w.takeTokens(ctx, free); err == nil {
		began := time.Now()
		received, err = w.queue.receive(ctx, free)
		w.received(ctx, began, len(received))
	}
	w.tokens -= min(w.tokens, len(received))
	for range free - len(received) {
		<-w.slots
	}
	return received, err
}

// acquire waits for a slot, and takes as many more as are free a blink later and a batch can use: what
// was received together is often done together.
func (w *worker) acquire(ctx context.Context) (free int, err error) {
	select {
	case w.slots <- struct{}{}:
		pause(ctx, blink)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	for free = 1; free < w.batch; free++ {
		select {
		case w.slots <- struct{}{}:
		default:
			return free, nil
		}
	}
	return free, nil
}

// takeTokens waits until there is a token for each message that may be received. Those
// that an earlier poll found no message for are used first.
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

// workAll handles what was received with one poll, each message in its slot.
func (w *worker) workAll(ctx context.Context, received []message) {
	w.readAhead(ctx, received)
	var handling sync.WaitGroup
	for _, m := range received {
		handling.Go(func() { w.work(ctx, m) })
	}
	handling.Wait()
}

// work handles one message in its slot.
func (w *worker) work(ctx context.Context, m message) {
	defer func() { <-w.slots }()
	var beating sync.WaitGroup
	beats, stop := context.WithCancel(ctx)
	beating.Go(func() { w.heartbeat(beats, m) })
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	acknowledge := w.deliver(ctx, m)
	stop()
	beating.Wait()
	if acknowledge {
		w.done <- m.receipt
	}
}

// heartbeat keeps a message from being delivered to another while it is handled.
func (w *worker) heartbeat(ctx context.Context, m message) {
	for pause(ctx, w.visibility/2) {
		if err := w.queue.hide(ctx, m, w.visibility); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "visibility was not extended: the message may be delivered twice", "error", err)
		}
	}
}

// pause waits, and tells whether the context lasted.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
