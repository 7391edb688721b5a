package host

import (
	"context"
	"encoding/json"
	"example.com/troupe/services/kit/internal/tower"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

// batchOf returns an SQS event of messages, each an id and a body.
func batchOf(t testing.TB, messages ...[2]string) []byte {
	t.Helper()
	var event lambdaevents.SQSEvent
	for _, m := range messages {
		attributes := map[string]string{"ApproximateReceiveCount": "2"}
		event.Records = append(event.Records, lambdaevents.SQSMessage{
			MessageId: m[0], ReceiptHandle: "r-" + m[0], Body: m[1], EventSource: "aws:sqs", Attributes: attributes,
		})
	}
	payload, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// failures invokes a function and returns the ids of the messages that it gives back, sorted.
func failures(t testing.TB, ctx context.Context, h *house, payload []byte) []string {
	t.Helper()
	answer, err := h.function(telemetry{}).Invoke(ctx, payload)
	if err != nil {
		t.Fatal(err)
	}
	var response lambdaevents.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, failure := range response.BatchItemFailures {
		ids = append(ids, failure.ItemIdentifier)
	}
	slices.Sort(ids)
	return ids
}

func TestPartialBatch(t *testing.T) {
	say := func(id, bell string) [2]string { return [2]string{id, tower.Envelope(id, rung(bell, 1))} }
	for _, c := range []struct {
		name     string
		messages [][2]string
		failed   []string
		runs     int32
	}{
		{"all succeed", [][2]string{say("a", "tom"), say("b", "tim")}, []string{}, 2},
		{"some fail", [][2]string{say("a", "tom"), say("b", "flaky"), say("c", "falling"), say("d", "cracked"), {"e", "no event"}}, []string{"b", "c"}, 4},
		{"a duplicate in the batch", [][2]string{say("a", "tom"), {"b", tower.Envelope("a", rung("tom", 1))}}, []string{}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, tower.Declaration)
			failed := failures(t, t.Context(), h, batchOf(t, c.messages...))
			if diff := cmp.Diff(c.failed, failed); diff != "" {
				t.Error(diff)
			}
			if runs := h.tower.Runs.Load(); c.runs >= 0 && runs != c.runs {
				t.Errorf("the handler ran %d times, want %d", runs, c.runs)
			}
		})
	}
}

// TestDeadline returns what cannot finish while there is time to say so, and starts
// nothing after that.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration) // concurrency 4
		var messages [][2]string
		for i := range 6 {
			id := fmt.Sprintf("stuck-%d", i)
			messages = append(messages, [2]string{id, tower.Envelope(id, rung("stuck", 1))})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		started := time.Now()
		failed := failures(t, ctx, h, batchOf(t, messages...))
		if took := time.Since(started); took != 7*time.Second {
			t.Errorf("it took %s of 10s", took)
		}
		if len(failed) != 6 || h.tower.Runs.Load() != 4 || h.saved(t) {
			t.Errorf("%v failed, %d runs, saved: %t", failed, h.tower.Runs.Load(), h.saved(t))
		}
		if !strings.Contains(h.log.Text(), "deadline exceeded") || len(h.queue.hidden) != 6 {
			t.Errorf("%d put off; log: %s", len(h.queue.hidden), h.log.Text())
		}
	})
}

func TestHTTPInLambda(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	f := h.function(telemetry{})
	payload := `{"version":"2.0","routeKey":"$default","rawPath":"/bells","headers":{"idempotency-key":"k","content-type":"application/json"},
		"requestContext":{"timeEpoch":` + strconv.FormatInt(time.Now().Add(-800*time.Millisecond).UnixMilli(), 10) + `,"domainName":"api.example.com","http":{"method":"POST","path":"/bells"}},
		"body":"{\"bell\":\"tom\",\"times\":2}","isBase64Encoded":false}`
	for _, replayed := range []string{"", "true"} {
		answer, err := f.Invoke(t.Context(), []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		var response lambdaevents.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(answer, &response); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != 202 || !strings.Contains(response.Body, "tom") || response.Headers["Idempotency-Replayed"] != replayed {
			t.Errorf("answered %s", answer)
		}
	}
	if waited := h.log.Steps(t)[0].WaitedMS; waited < 800 || waited > 60_000 {
		t.Errorf("it waited %g ms for its process, want at least 800", waited)
	}
}

func TestUnknownPayload(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	f := h.function(telemetry{})
	for _, payload := range []string{`{}`, `[]`, `"x"`, `{"version":"1.0"}`, `{"Records":[{"eventSource":"aws:s3"}]}`} {
		_, err := f.Invoke(t.Context(), []byte(payload))
		if err == nil || !strings.Contains(err.Error(), "SQS") || !strings.Contains(err.Error(), "payload format 2.0") {
			t.Errorf("%s: %v", payload, err)
		}
	}
}

// saved reports whether the bell that gets stuck has been saved.
func (h *house) saved(t testing.TB) bool {
	body, _, err := h.store.Read(t.Context(), "bell/stuck")
	return body != nil || err != nil
}
