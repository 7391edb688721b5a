package host

import (
	"context"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// house is the tower, connected to a store, a bus and a queue in memory.
type house struct {
	*service
	tower *tower.Tower
	store *eventingtest.Memory
	bus   *tower.Bus
	queue *memoryQueue
	log   *tower.Logbook
}

var testEnvironment = map[string]string{
	"SERVICE_ENVIRONMENT": "test", "EVENT_BUS_NAME": "bus", "TOPIC_ARN_PREFIX": "arn:", "QUEUE_URL": "queue",
	"DEAD_LETTER_QUEUE_URL": "queue-dlq", "DATABASE_URL": "memory", "HTTP_ADDR": "127.0.0.1:0", "TRACE_PAYLOADS": "true",
	"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
}

func openMemory(context.Context, string, string) (inbox.Driver, error) {
	return eventingtest.NewMemory(), nil
}

func newHouse(t testing.TB, declaration string) *house {
	t.Helper()
	h := &house{tower: &tower.Tower{}, store: eventingtest.NewMemory(), bus: &tower.Bus{}, queue: newMemoryQueue(), log: tower.CaptureLog(t)}
	rt, err := newRuntime([]byte(declaration), func(name string) string { return testEnvironment[name] }, WithStore(openMemory))
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.setUp(setUp(h.tower)); err != nil {
		t.Fatal(err)
	}
	h.service = newService(rt, unit.New(rt.manifest, h.store, h.bus, rt.env.payloads), h.queue)
	return h
}

// setUp returns the tower's setup function.
func setUp(tw *tower.Tower) func(*Runtime) error {
	return func(rt *Runtime) error {
		tw.Loudness, tw.Rest, tw.Material = rt.ConfigInt("LOUDNESS"), rt.ConfigDuration("REST"), rt.Config("MATERIAL")
		eventing.On(rt, tw.Ring, eventing.DeadLetter(tower.ErrCracked))
		rt.Handle("GET /bells/{name}", tower.Get)
		rt.HandleUnit("POST /bells", tw.Post)
		return nil
	}
}

func rung(bell string, times int) tower.Rung { return tower.Rung{Bell: bell, Times: times} }

// received is a message as the queue hands it out for the n-th time.
func received(id, body string, n int) message {
	return newMessage(id, "r", body, map[string]string{"ApproximateReceiveCount": strconv.Itoa(n)})
}

// memoryQueue is SQS as a worker meets it, without visibility of its own: what it is asked
// to do about messages is only noted.
type memoryQueue struct {
	waiting chan types.Message

	mu           sync.Mutex
	fail         error
	polls        []time.Time
	asked        []int // messages, by poll
	attributes   []string
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
		q.attributes = append(q.attributes, fmt.Sprint(in.MessageSystemAttributeNames))
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
