package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// outage is how long an outage lasts, as teams meet them.
const outage = 15 * time.Minute

// TestAnOutageDeadLettersNothing: for a quarter of an hour every call of the store, or every
// PutEvents, fails. With the defaults of service.json no message is lost to the dead-letter
// queue, all are handled soon after, and a message that always fails gets there nevertheless.
func TestAnOutageDeadLettersNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("handles 20,000 messages")
	}
	for _, runtime := range []string{"worker", "lambda"} {
		for _, what := range []string{"store", "bus"} {
			t.Run(runtime+"/"+what, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { sufferOutage(t, runtime, what) }) })
		}
	}
}

func sufferOutage(t *testing.T, runtime, what string) {
	declaration := strings.Replace(tower.Declaration, `"queue": {"visibility_seconds": 60, "concurrency": 4},`, "", 1)
	if runtime == "lambda" {
		declaration = strings.NewReplacer(`"worker"`, `"lambda"`, `"sql"`, `"dynamodb"`).Replace(declaration)
		testEnvironment["TABLE_NAME"] = "table"
		defer delete(testEnvironment, "TABLE_NAME")
	}
	h := newHouse(t, declaration)
	slog.SetDefault(slog.New(slog.DiscardHandler)) // newHouse puts the former one back
	queue := newHidingQueue(h.manifest.Queue.VisibilitySeconds, h.manifest.Queue.MaxReceives)
	h.runner = unit.New(h.manifest, &breakable{Memory: h.store}, h.bus, false)
	h.service = newService(h.Runtime, h.runner, queue)

	ctx, leave := context.WithCancel(t.Context())
	var running sync.WaitGroup
	if runtime == "worker" {
		running.Go(func() { h.newWorker().run(ctx) })
	} else {
		for range 5 { // instances, each with a memory of its own
			instance := newService(h.Runtime, h.runner, queue).function(telemetry{})
			running.Go(func() { feed(ctx, queue, instance) })
		}
	}
	queue.put("poison", tower.Envelope("poison", rung("flaky", 1)))
	setOutage(h, what, errors.New("the service is unavailable"))
	for second := range int(outage / time.Second) {
		for i := range perSecond {
			id := fmt.Sprintf("e-%d-%d", second, i)
			queue.put(id, tower.Envelope(id, rung("bell "+id, 1)))
		}
		time.Sleep(time.Second)
	}
	setOutage(h, what, nil)
	over := time.Now()
	for queue.left() > 1 { // the poison stays longer
		time.Sleep(time.Second)
	}
	recovered := time.Since(over)
	for queue.left() > 0 {
		time.Sleep(time.Minute)
	}
	poisoned := time.Since(over) + outage
	leave()
	running.Wait()

	if want := []string{"poison"}; !slices.Equal(queue.dead, want) {
		t.Errorf("%d dead letters, want %q alone", len(queue.dead), want)
	}
	handled := slices.Compact(slices.Sorted(slices.Values(h.bus.IDs())))
	if want := int(outage/time.Second) * perSecond; len(handled) != want {
		t.Errorf("%d of %d messages had their effect", len(handled), want)
	}
	t.Logf("recovered within %s, at most %d receives of a message; the poison was dead after %s", recovered, queue.most, poisoned.Round(time.Minute))
}

func setOutage(h *house, what string, err error) {
	if what == "bus" {
		h.bus.SetFail(err)
		return
	}
	h.runner.Store.(*breakable).set(err)
}

// TestAnOutageEndsWithinABatch: the first message of a batch is the one that is tried. When it
// succeeds, the others are handled too, and don't come again half a minute later.
func TestAnOutageEndsWithinABatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		slog.SetDefault(slog.New(slog.DiscardHandler)) // newHouse puts the former one back
		store := &breakable{Memory: h.store, takes: 10 * time.Millisecond}
		h.runner = unit.New(h.manifest, store, h.bus, false)
		f := newService(h.Runtime, h.runner, newHidingQueue(60, 5)).function(telemetry{})
		var records []lambdaevents.SQSMessage
		for i := range breakAfter {
			id := fmt.Sprintf("e-%d", i)
			records = append(records, lambdaevents.SQSMessage{MessageId: id, ReceiptHandle: id, Body: tower.Envelope(id, rung("bell "+id, 1)), Attributes: map[string]string{"ApproximateReceiveCount": "1"}})
		}
		for _, step := range []struct {
			failure error
			failed  int
		}{{errors.New("away"), len(records)}, {errors.New("away"), len(records)}, {nil, 0}} {
			store.set(step.failure)
			if failed := f.batch(t.Context(), records).BatchItemFailures; len(failed) != step.failed {
				t.Errorf("%d messages failed, want %d, while the store says %v", len(failed), step.failed, step.failure)
			}
			time.Sleep(2 * firstGap)
		}
	})
}

// TestBreaker: only failures that may be everybody's open it, and a success closes it.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b breaker
		note := func(n int, err error, permanent bool) {
			for range n {
				b.note(t.Context(), err, permanent)
			}
		}
		away := errors.New("away")
		note(breakAfter, away, true)
		note(breakAfter, eventing.RetryAfter(time.Second, away), false)
		note(breakAfter, fmt.Errorf("busy: %w", inbox.ErrConflict), false)
		note(breakAfter-1, away, false)
		note(1, nil, false)
		note(breakAfter-1, away, false)
		if b.open() || !b.admit() || !b.admit() {
			t.Error("it is open")
		}
		note(1, away, false)
		if !b.open() || b.admit() {
			t.Error("it is not open, or admits a message at once")
		}
		for failures, gap := range []time.Duration{firstGap, 2 * firstGap, 4 * firstGap, 8 * firstGap, 16 * firstGap, longestGap, longestGap} {
			began := time.Now()
			if err := b.wait(t.Context()); err != nil || time.Since(began) != gap {
				t.Errorf("after %d tries the gap is %s, want %s", failures, time.Since(began), gap)
			}
			if !b.admit() || b.admit() {
				t.Error("it does not admit one message")
			}
			note(1, away, false)
		}
		note(1, nil, false)
		if b.open() || !b.admit() || !b.admit() {
			t.Error("it stays open after a success")
		}
	})
}

// breakable is a store that can be unavailable.
type breakable struct {
	*eventingtest.Memory
	takes time.Duration // a unit of work
	mu    sync.Mutex
	fail  error
}

func (b *breakable) set(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

func (b *breakable) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fail
}

func (b *breakable) Find(ctx context.Context, key string) (*eventing.Record, error) {
	if err := b.failure(); err != nil {
		return nil, err
	}
	return b.Memory.Find(ctx, key)
}

func (b *breakable) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	time.Sleep(b.takes)
	if err := b.failure(); err != nil {
		return eventing.Commit{}, err
	}
	return b.Memory.Try(ctx, key, work)
}

var _ inbox.Driver = (*breakable)(nil)

// hidingQueue is SQS as a consumer meets it: what was received is hidden for a while, and after
// too many receives it is dead.
type hidingQueue struct {
	visibility time.Duration
	receives   int

	mu   sync.Mutex
	held []*held // by the time from which they are visible
	byID map[string]*held
	dead []string
	most int // receives of a message that was no dead letter
}

type held struct {
	id, body string
	visible  time.Time
	receives int
}

func newHidingQueue(visibilitySeconds, receives int) *hidingQueue {
	return &hidingQueue{visibility: time.Duration(visibilitySeconds) * time.Second, receives: receives, byID: map[string]*held{}}
}

func (q *hidingQueue) put(id, body string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.byID[id] = &held{id: id, body: body}
	q.place(q.byID[id], time.Now())
}

func (q *hidingQueue) left() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.byID)
}

// place hides a message until a time.
func (q *hidingQueue) place(m *held, until time.Time) {
	q.remove(m)
	m.visible = until
	at, _ := slices.BinarySearchFunc(q.held, m, order)
	q.held = slices.Insert(q.held, at, m)
}

func (q *hidingQueue) remove(m *held) {
	if at, found := slices.BinarySearchFunc(q.held, m, order); found {
		q.held = slices.Delete(q.held, at, at+1)
	}
}

func order(a, b *held) int { return cmp.Or(a.visible.Compare(b.visible), strings.Compare(a.id, b.id)) }

func (q *hidingQueue) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	for until := time.Now().Add(time.Duration(in.WaitTimeSeconds) * time.Second); ; {
		if out := q.take(int(in.MaxNumberOfMessages)); len(out.Messages) > 0 || time.Now().After(until) {
			return out, nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (q *hidingQueue) take(n int) *sqs.ReceiveMessageOutput {
	q.mu.Lock()
	defer q.mu.Unlock()
	out, now := &sqs.ReceiveMessageOutput{}, time.Now()
	for len(out.Messages) < n && len(q.held) > 0 && !q.held[0].visible.After(now) {
		m := q.held[0]
		if m.receives++; m.receives > q.receives {
			q.remove(m)
			delete(q.byID, m.id)
			q.dead = append(q.dead, m.id)
			continue
		}
		q.place(m, now.Add(q.visibility))
		out.Messages = append(out.Messages, types.Message{
			MessageId: &m.id, ReceiptHandle: &m.id, Body: &m.body, Attributes: map[string]string{"ApproximateReceiveCount": strconv.Itoa(m.receives)},
		})
	}
	return out
}

func (q *hidingQueue) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	for _, entry := range in.Entries {
		q.delete(*entry.ReceiptHandle)
	}
	return &sqs.DeleteMessageBatchOutput{}, nil
}

func (q *hidingQueue) delete(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m := q.byID[id]; m != nil {
		q.remove(m)
		delete(q.byID, id)
		q.most = max(q.most, m.receives)
	}
}

func (q *hidingQueue) ChangeMessageVisibility(_ context.Context, in *sqs.ChangeMessageVisibilityInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m := q.byID[*in.ReceiptHandle]; m != nil {
		q.place(m, time.Now().Add(time.Duration(in.VisibilityTimeout)*time.Second))
	}
	return &sqs.ChangeMessageVisibilityOutput{}, nil
}

func (q *hidingQueue) SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return nil, io.ErrUnexpectedEOF // nothing here fails permanently
}

// feed is the event source mapping of one instance of a function.
func feed(ctx context.Context, queue *hidingQueue, f *function) {
	for ctx.Err() == nil {
		out, err := queue.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{MaxNumberOfMessages: 10, WaitTimeSeconds: 20})
		if err != nil || len(out.Messages) == 0 {
			continue
		}
		var records []lambdaevents.SQSMessage
		for _, m := range out.Messages {
			records = append(records, lambdaevents.SQSMessage{MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, Attributes: m.Attributes})
		}
		invocation, cancel := context.WithTimeout(ctx, f.timeout())
		failed := f.batch(invocation, records).BatchItemFailures
		cancel()
		for _, r := range records {
			if !slices.Contains(failed, lambdaevents.SQSBatchItemFailure{ItemIdentifier: r.MessageId}) {
				queue.delete(r.MessageId)
			}
		}
	}
}
