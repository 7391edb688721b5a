package host

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/services/kit/internal/tower"
)

// sentAt returns a message's system attributes as SQS reports them: epoch time in milliseconds (API reference of
// ReceiveMessage).
func sentAt(sent time.Time, receives int) map[string]string {
	return map[string]string{
		"ApproximateReceiveCount": strconv.Itoa(receives), "SentTimestamp": strconv.FormatInt(sent.UnixMilli(), 10),
	}
}

// TestWaited counts a message's time in its queue from when it was sent. Its event occurred earlier: as long ago as the
// producer's handler took.
func TestWaited(t *testing.T) {
	for _, c := range []struct {
		name             string
		sent             time.Duration // before it is handled
		receives         int
		waited, slowness float64
	}{
		{"the first delivery", 12 * time.Millisecond, 1, 12, 0},
		{"a redelivery, which was hidden for most of the time", time.Minute, 2, 0, 0},
		{"sent a moment after it was handled, by this clock", -90 * time.Millisecond, 1, 0, 90},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t, tower.Declaration)
				body := tower.Envelope("e", rung("tom", 1))
				time.Sleep(4 * time.Second) // of the producer's handler, in virtual time
				h.consumer.deliver(t.Context(), newMessage("m", "r", body, sentAt(time.Now().Add(-c.sent), c.receives)))
				step := h.log.Steps(t)[0]
				if step.WaitedMS != c.waited || step.ClockMS != c.slowness {
					t.Errorf("waited %g ms, clock %g ms behind; want %g and %g", step.WaitedMS, step.ClockMS, c.waited, c.slowness)
				}
			})
		})
	}
}

// TestWaitedOfAFunctionAndAWorker: both are told by the queue when a message was sent.
func TestWaitedOfAFunctionAndAWorker(t *testing.T) {
	for name, bring := range map[string]func(*testing.T, *house, string, map[string]string){
		"function": func(t *testing.T, h *house, body string, attributes map[string]string) {
			payload, err := json.Marshal(lambdaevents.SQSEvent{Records: []lambdaevents.SQSMessage{
				{MessageId: "m", ReceiptHandle: "r", Body: body, EventSource: "aws:sqs", Attributes: attributes},
			}})
			if err != nil {
				t.Fatal(err)
			}
			failures(t, t.Context(), h, payload)
		},
		"worker": func(t *testing.T, h *house, body string, attributes map[string]string) {
			id := "m"
			h.queue.waiting <- types.Message{MessageId: &id, ReceiptHandle: &id, Body: &body, Attributes: attributes}
			drain := h.start(t)
			synctest.Wait()
			time.Sleep(time.Second)
			drain()
			if asked := h.queue.attributes; len(asked) == 0 || !strings.Contains(asked[0], "SentTimestamp") {
				t.Errorf("the worker asked for the attributes %q", asked)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t, tower.Declaration)
				bring(t, h, tower.Envelope("e", rung("tom", 1)), sentAt(time.Now().Add(-70*time.Millisecond), 1))
				if waited := h.log.Steps(t)[0].WaitedMS; waited < 70 || waited > 80 {
					t.Errorf("waited %g ms, want 70", waited)
				}
			})
		})
	}
}

// TestAPanicSaysWhere: a step's error names the file and line in the service's code, and the log has the stack. Both,
// and what the handler logs, carry the correlation ID and the event's ID.
func TestAPanicSaysWhere(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	h.consumer.deliver(context.Background(), received("m", tower.Envelope("e", rung("falling", 1)), 1))
	step := h.log.Steps(t)[0]
	if !strings.Contains(step.Error, "internal/tower/tower.go:") || strings.Contains(step.Error, "runtime/") {
		t.Errorf("the step says %q, want the line in tower.go", step.Error)
	}
	var line struct{ Msg, CorrelationID, EventID, Stack, Panic string }
	for text := range strings.Lines(h.log.Text()) {
		if strings.Contains(text, `"stack"`) {
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if line.Msg != "panic" || line.CorrelationID != "flow-e" || line.EventID != "e" || !strings.Contains(line.Stack, "tower.go") {
		t.Errorf("logged %+v", line)
	}
}
