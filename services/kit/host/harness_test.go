package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// house is the tower, connected to things that remember what was asked of them.
type house struct {
	*consumer
	rt    *Runtime
	tower *tower
	store *eventingtest.Memory
	bus   *memoryBus
	queue *memoryQueue
	log   *logbook
}

var testEnvironment = map[string]string{
	"SERVICE_ENVIRONMENT": "test", "EVENT_BUS_NAME": "bus", "TOPIC_ARN_PREFIX": "arn:", "QUEUE_URL": "queue",
	"DEAD_LETTER_QUEUE_URL": "queue-dlq", "DATABASE_URL": "memory", "HTTP_ADDR": "127.0.0.1:0", "TRACE_PAYLOADS": "true",
}

func openMemory(context.Context, string) (inbox.Driver, error) { return eventingtest.NewMemory(), nil }

func newHouse(t testing.TB, declaration string) *house {
	t.Helper()
	h := &house{tower: &tower{}, store: eventingtest.NewMemory(), bus: &memoryBus{}, queue: newMemoryQueue(), log: captureLog(t)}
	rt, err := newRuntime([]byte(declaration), func(name string) string { return testEnvironment[name] }, WithStore(openMemory))
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.setUp(h.tower.setUp); err != nil {
		t.Fatal(err)
	}
	h.rt, h.consumer = rt, rt.connect(h.store, h.bus, h.queue)
	return h
}

// memoryBus is a publisher that fails as told.
type memoryBus struct {
	mu   sync.Mutex
	fail error
	said []events.Message
}

func (b *memoryBus) Check(messages ...events.Message) error {
	for _, m := range messages {
		if m.Envelope.Metadata.Subject == "whale" {
			return errors.New("too large")
		}
	}
	return nil
}

func (b *memoryBus) Publish(ctx context.Context, messages ...events.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.said = append(b.said, messages...)
	return ctx.Err()
}

// received is a message as the queue hands it out for the n-th time.
func received(id, body string, n int) message {
	return newMessage(id, "r", body, map[string]string{"ApproximateReceiveCount": strconv.Itoa(n)})
}

// ids returns the ids of all that was published, in order.
func (b *memoryBus) ids() (ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.said {
		ids = append(ids, m.Envelope.Metadata.ID)
	}
	return ids
}

// memoryQueue is SQS as a worker meets it, without visibility of its own: what it is asked
// to do about messages is only noted.
type memoryQueue struct {
	waiting chan types.Message

	mu           sync.Mutex
	fail         error
	polls        []time.Time
	asked        []int // messages, by poll
	received     []time.Time
	hidden       []hiding
	deleted      []string
	deadLettered []*sqs.SendMessageInput
}

type hiding struct {
	Receipt string
	Seconds int32
}

func newMemoryQueue() *memoryQueue { return &memoryQueue{waiting: make(chan types.Message, 10_000)} }

func (q *memoryQueue) put(bodies ...string) {
	for _, body := range bodies {
		id := events.NewID()
		q.waiting <- types.Message{MessageId: &id, ReceiptHandle: &id, Body: &body}
	}
}

func (q *memoryQueue) note(do func()) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	do()
	return q.fail
}

func (q *memoryQueue) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	if err := q.note(func() {
		q.polls, q.asked = append(q.polls, time.Now()), append(q.asked, int(in.MaxNumberOfMessages))
	}); err != nil {
		return nil, err
	}
	out := &sqs.ReceiveMessageOutput{}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(in.WaitTimeSeconds)*time.Second)
	defer cancel()
	select {
	case m := <-q.waiting:
		out.Messages = append(out.Messages, m)
	case <-ctx.Done():
	}
	for len(out.Messages) > 0 && len(out.Messages) < int(in.MaxNumberOfMessages) && len(q.waiting) > 0 {
		out.Messages = append(out.Messages, <-q.waiting)
	}
	return out, q.note(func() { q.received = append(q.received, slices.Repeat([]time.Time{time.Now()}, len(out.Messages))...) })
}

func (q *memoryQueue) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	return &sqs.DeleteMessageBatchOutput{}, q.note(func() {
		for _, entry := range in.Entries {
			q.deleted = append(q.deleted, *entry.ReceiptHandle)
		}
	})
}

func (q *memoryQueue) ChangeMessageVisibility(_ context.Context, in *sqs.ChangeMessageVisibilityInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error) {
	return &sqs.ChangeMessageVisibilityOutput{}, q.note(func() { q.hidden = append(q.hidden, hiding{*in.ReceiptHandle, in.VisibilityTimeout}) })
}

func (q *memoryQueue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	return &sqs.SendMessageOutput{}, q.note(func() { q.deadLettered = append(q.deadLettered, in) })
}

// logbook keeps the lines of the log.
type logbook struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(p)
}

func captureLog(t testing.TB) *logbook {
	before, l := slog.Default(), &logbook{}
	slog.SetDefault(newLogger(l, "tower", "test"))
	t.Cleanup(func() { slog.SetDefault(before) })
	return l
}

func (l *logbook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// steps returns the steps that were logged.
func (l *logbook) steps(t testing.TB) []events.Step { return stepsIn(t, l.text()) }

func stepsIn(t testing.TB, log string) (steps []events.Step) {
	t.Helper()
	for line := range strings.Lines(log) {
		var record struct {
			Message string `json:"msg"`
			Step    *events.Step
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("a log line is no JSON: %v: %s", err, line)
		}
		if record.Message == events.StepMessage && record.Step != nil {
			steps = append(steps, *record.Step)
		}
	}
	return steps
}
