package host

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events/bus"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// silentCloud is AWS as a peer that accepts connections, reads, and never answers.
func silentCloud(t *testing.T) aws.Config {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }() // ends with the connection
		return ours, nil
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: new("http://silent"), HTTPClient: &http.Client{Transport: transport},
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}
}

// inSilence is the house with clients of a silent cloud: for its queues, and for what is asked
// for of its store and its bus.
func inSilence(t *testing.T, declaration string, store, publisher bool) *house {
	cloud := silentCloud(t)
	h := newHouse(t, declaration)
	var driver inbox.Driver = h.store
	if store {
		driver = dynamostore.New(dynamodb.NewFromConfig(cloud), "table")
	}
	h.runner = unit.New(h.manifest, driver, h.bus, false)
	if publisher {
		h.runner = unit.New(h.manifest, driver, bus.New(bus.Config{
			EventBridge: eventbridge.NewFromConfig(cloud), BusName: "bus", SNS: sns.NewFromConfig(cloud), TopicARNPrefix: "arn:", SQS: sqs.NewFromConfig(cloud), QueueURL: "queue",
		}), false)
	}
	h.service = newService(h.Runtime, h.runner, sqs.NewFromConfig(cloud))
	return h
}

// TestAPeerThatNeverAnswers costs each call its deadline, and no more.
func TestAPeerThatNeverAnswers(t *testing.T) {
	const unitTime = 10 * time.Second // of the tower
	handle := func(h *house) {
		ctx, cancel := context.WithTimeout(context.Background(), unitTime)
		defer cancel()
		h.consumer.deliver(ctx, received("m", tower.Envelope("e", rung("tom", 1)), 1))
	}
	post := func(h *house) {
		w := httptest.NewRecorder()
		h.router.ServeHTTP(w, httptest.NewRequest("POST", "/bells", strings.NewReader(`{"bell":"tom","times":1}`)))
		if w.Code != http.StatusServiceUnavailable {
			h.log.Write([]byte(fmt.Sprintf("answered %d", w.Code)))
		}
	}
	for _, c := range []struct {
		name             string
		store, publisher bool
		call             func(*house)
		longest          time.Duration
	}{
		{"receive", false, false, func(h *house) { _, _ = h.consumer.queue.receive(context.Background(), 1) }, receiveTime},
		{"delete", false, false, func(h *house) { _ = h.consumer.queue.delete(context.Background(), []string{"r"}) }, deleteTime},
		{"back-off", false, false, func(h *house) {
			h.consumer.deliver(context.Background(), received("m", tower.Envelope("e", rung("flaky", 1)), 1))
		}, settleTime},
		{"dead-lettering", false, false, func(h *house) {
			h.consumer.deliver(context.Background(), received("m", "no event", 1))
		}, settleTime},
		{"the store, for a message", true, false, handle, unitTime + settleTime},
		{"the bus, for a message", false, true, handle, unitTime + settleTime},
		{"the store, for a request", true, false, post, unitTime},
		{"the bus, for a request", false, true, post, unitTime},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := inSilence(t, tower.Declaration, c.store, c.publisher)
				began := time.Now()
				c.call(h)
				if took := time.Since(began); took != c.longest {
					t.Errorf("it took %s, want %s\n%s", took, c.longest, h.log.Text())
				}
				if strings.Contains(h.log.Text(), "answered") {
					t.Error(h.log.Text())
				}
			})
		})
	}
}

// TestAnInvocationEndsInTime: what is done after the handlers fits into what is kept for it,
// even if neither SQS nor the collector answers.
func TestAnInvocationEndsInTime(t *testing.T) {
	for _, seconds := range []int{1, 3, 10, 60} {
		t.Run(fmt.Sprint(seconds), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				declaration := strings.NewReplacer(`"timeout_seconds": 10`, fmt.Sprintf(`"timeout_seconds": %d`, seconds),
					`"visibility_seconds": 60`, `"visibility_seconds": 360`).Replace(tower.Declaration)
				h := inSilence(t, declaration, false, false)
				limit := time.Duration(seconds) * time.Second
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(silentCollector{}))
				began := time.Now()
				_, err := h.function(telemetry{provider}).Invoke(ctx, batchOf(t, [2]string{"m", tower.Envelope("e", rung("stuck", 1))}))
				if took := time.Since(began); err != nil || took > limit || took < limit*2/3 {
					t.Errorf("it took %s of %s: %v", took, limit, err)
				}
			})
		})
	}
}

// silentCollector is a collector that takes spans and never says so.
type silentCollector struct{}

func (silentCollector) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (silentCollector) OnEnd(sdktrace.ReadOnlySpan)                     {}
func (silentCollector) Shutdown(context.Context) error                  { return nil }
func (silentCollector) ForceFlush(ctx context.Context) error            { <-ctx.Done(); return ctx.Err() }
