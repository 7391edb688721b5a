package settle_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/settle"
)

// depth is what the queue returns at one look: visible, in flight, delayed.
type depth [3]int

// watch returns a watch of one queue that returns the depths in turn, and then repeats the last.
func watch(t *testing.T, depths ...depth) (w settle.Watch, looks *atomic.Int64) {
	looks = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		at := min(int(looks.Add(1)), len(depths)) - 1
		d := depths[at]
		body := fmt.Sprintf(`{"Attributes":{"ApproximateNumberOfMessages":"%d","ApproximateNumberOfMessagesNotVisible":"%d","ApproximateNumberOfMessagesDelayed":"%d"}}`, d[0], d[1], d[2])
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	client := sqs.NewFromConfig(endpoint.At(server.URL))
	return settle.Watch{Client: client, Queues: map[string]string{"jobs": server.URL + "/jobs"}}, looks
}

func TestWait(t *testing.T) {
	for _, c := range []struct {
		name          string
		depths        []depth
		ignoreDelayed bool
		stepAt        []int64 // looks during which a step occurs
		looks         int64
	}{
		{name: "empty: two looks", depths: []depth{{}}, looks: 2},
		{name: "visible", depths: []depth{{1, 0, 0}, {}}, looks: 3},
		{name: "in flight", depths: []depth{{0, 1, 0}, {}}, looks: 3},
		{name: "delayed", depths: []depth{{0, 0, 1}, {}}, looks: 3},
		{name: "delayed and ignored", depths: []depth{{0, 0, 1}}, ignoreDelayed: true, looks: 2},
		{name: "a message between two looks", depths: []depth{{}, {1, 0, 0}, {}}, looks: 4},
		{name: "a step between two looks", depths: []depth{{}}, stepAt: []int64{2}, looks: 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, looks := watch(t, c.depths...)
			w.IgnoreDelayed = c.ignoreDelayed
			steps := 0
			w.Steps = func() int {
				if slices.Contains(c.stepAt, looks.Load()) {
					steps++
				}
				return steps
			}
			report, err := w.Wait(t.Context())
			if err != nil || len(report.Queues) != 1 {
				t.Fatalf("report = %+v, error = %v", report, err)
			}
			if looks.Load() != c.looks {
				t.Errorf("it looked %d times, want %d", looks.Load(), c.looks)
			}
		})
	}
}

func TestUnsettled(t *testing.T) {
	w, looks := watch(t, depth{3, 2, 1})
	ctx, cancel := context.WithCancel(t.Context())
	w.Steps = func() int {
		if looks.Load() == 2 {
			cancel()
		}
		return 0
	}
	_, err := w.Wait(ctx)
	if _, ok := errors.AsType[*settle.UnsettledError](err); !ok || !errors.Is(err, context.Canceled) {
		t.Fatalf("error = %v", err)
	}
	if want := "jobs: 3 waiting, 2 in flight, 1 delayed"; !strings.Contains(err.Error(), want) {
		t.Errorf("error = %q, want it to contain %q", err, want)
	}
}
