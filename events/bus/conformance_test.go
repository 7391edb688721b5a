package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
)

// The error codes of the suite: on each wire the first two are transient, the third is permanent.
const (
	internal = "InternalFailure"
	denied   = "AccessDeniedException"
)

// kind is a kind of bus under test.
type kind struct {
	channel   events.Channel
	throttled string // this wire's code
	bytes     int    // the limit of a call and of an entry
	overhead  int    // bytes that an entry counts in addition to its envelope
}

const eventType = "act.ended.v1"

var kinds = []kind{
	{events.EventBridge, "ThrottlingException", 1_000_000, len("stage" + eventType)},
	{events.SNS, "Throttled", 262_144, len("type" + "String" + eventType)},
	{events.Queue, "RequestThrottled", 1_048_576, 0},
}

// connect returns a publisher whose real clients talk to a server that follows a script.
func connect(t *testing.T, script func(call int, entries []sent) reply) (*server, *bus.Bus) {
	t.Helper()
	s, config := start(t, script)
	return s, bus.New(bus.Config{
		EventBridge: eventbridge.NewFromConfig(config), BusName: "theatre",
		SNS: sns.NewFromConfig(config), TopicARNPrefix: "arn:aws:sns:us-east-1:000000000000:troupe-test-",
		SQS: sqs.NewFromConfig(config), QueueURL: "http://aws.invalid/000000000000/stage",
	})
}

// message returns an event whose data contains a text of size bytes.
func (k kind) message(id string, size int) events.Message {
	return events.Message{Channel: k.channel, Envelope: events.Envelope{
		Metadata: events.Metadata{ID: id, Type: eventType, Producer: "stage", Subject: "act-1", CorrelationID: "c-1"},
		Data:     json.RawMessage(fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", size))),
	}}
}

func (k kind) messages(n, size int) []events.Message {
	messages := make([]events.Message, n)
	for i := range messages {
		messages[i] = k.message(fmt.Sprint("e-", i), size)
	}
	return messages
}

func accept(int, []sent) reply { return reply{} }

func TestConformance(t *testing.T) {
	for _, k := range kinds {
		for name, s := range scenarios {
			t.Run(string(k.channel)+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { s.run(t, k) })
			})
		}
	}
}

func (s scenario) run(t *testing.T, k kind) {
	server, b := connect(t, func(call int, entries []sent) reply { return s.script(k, call, entries) })
	ctx := t.Context()
	if s.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.limit)
		defer cancel()
	}
	messages := k.messages(max(len(s.sizes), 3), 1)
	began := time.Now()
	err := b.Publish(ctx, messages...)
	if took := time.Since(began); s.took[1] > 0 && (took < s.took[0] || took > s.took[1]) {
		t.Errorf("it took %v, not %v", took, s.took)
	}
	if got := server.ids(t); s.calls != nil && fmt.Sprint(got) != fmt.Sprint(s.calls) {
		t.Errorf("the calls were %v, not %v", got, s.calls)
	}
	s.judge(t, err)
}

// judge checks that the error lists what failed, and why.
func (s scenario) judge(t *testing.T, err error) {
	t.Helper()
	if len(s.failed) == 0 {
		if err != nil {
			t.Errorf("it failed: %v", err)
		}
		return
	}
	failure, ok := errors.AsType[*bus.PublishError](err)
	if !ok {
		t.Fatalf("got %v, not a PublishError", err)
	}
	var failed []string
	for _, entry := range failure.Failed {
		failed = append(failed, entry.ID)
		if entry.Type != eventType || s.cause != nil && !s.cause(&entry) {
			t.Errorf("the cause of %s is %v", entry.ID, entry.Err)
		}
	}
	if slices.Sort(failed); !slices.Equal(failed, s.failed) {
		t.Errorf("failed are %v, not %v", failed, s.failed)
	}
	if s.cause != nil && !s.cause(err) {
		t.Errorf("the error does not lead to its cause: %v", err)
	}
}

// ids decodes the IDs of the envelopes in each call.
func (s *server) ids(t *testing.T) (calls [][]string) {
	t.Helper()
	for _, call := range s.calls() {
		var held []string
		for _, e := range call {
			var envelope events.Envelope
			if err := json.Unmarshal([]byte(e.Body), &envelope); err != nil {
				t.Fatal(err)
			}
			held = append(held, envelope.Metadata.ID)
		}
		calls = append(calls, held)
	}
	return calls
}

func TestBatchesHoldNoMoreBytesThanTheWireTakes(t *testing.T) {
	for _, k := range kinds {
		synctest.Test(t, func(t *testing.T) {
			server, b := connect(t, accept)
			bare := len(encode(t, k.message("e-0", 0))) + k.overhead
			half := k.bytes/2 - bare
			err := b.Publish(t.Context(),
				k.message("e-0", half), k.message("e-1", half), // fills a call
				k.message("e-2", half), k.message("e-3", half+1), // one byte more
				k.message("e-4", k.bytes-bare))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fmt.Sprint(server.ids(t)), "[[e-0 e-1] [e-2] [e-3] [e-4]]"; got != want {
				t.Errorf("%s: the calls were %s, not %s", k.channel, got, want)
			}
		})
	}
}

func TestAnEntryThatIsTooLargeKeepsAllFromBeingSent(t *testing.T) {
	for _, k := range kinds {
		synctest.Test(t, func(t *testing.T) {
			server, b := connect(t, accept)
			bare := len(encode(t, k.message("e-1", 0))) + k.overhead
			err := b.Publish(t.Context(), k.message("e-0", 1), k.message("e-1", k.bytes-bare+1))
			large, ok := errors.AsType[*bus.TooLargeError](err)
			if !ok || large.ID != "e-1" || large.Size != k.bytes+1 || large.Limit != k.bytes || large.Channel != k.channel {
				t.Errorf("%s: got %v", k.channel, err)
			}
			if len(server.calls()) > 0 {
				t.Errorf("%s: %d calls were made", k.channel, len(server.calls()))
			}
		})
	}
}

func encode(t *testing.T, m events.Message) string {
	t.Helper()
	body, err := json.Marshal(m.Envelope)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
