package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"
)

// errPayload means that a function was invoked with something that it does not take.
var errPayload = errors.New("a service takes an SQS event (aws:sqs) and an HTTP API event of payload format 2.0")

// function is a service in Lambda. It implements lambda.Handler.
type function struct {
	*service
	telemetry telemetry
}

func (s *service) function(telemetry telemetry) *function {
	return &function{service: s, telemetry: telemetry}
}

// Invoke handles one invocation.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	defer f.telemetry.flush(ctx, f.flushing())
	ctx, cancel := early(ctx, f.settling()+f.flushing())
	defer cancel()
	answer, err := f.invoke(ctx, payload)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// early ends a context before its deadline, by what has to fit in between: hiding what failed,
// and sending the spans. What has not finished by then returns to the queue unchanged: a
// handler's changes are committed together or not at all.
func early(ctx context.Context, margin time.Duration) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(margin, time.Until(deadline)/3)))
}

func (f *function) invoke(ctx context.Context, payload []byte) (any, error) {
	var kind struct {
		Version string
		Records []struct{ EventSource string }
	}
	if err := json.Unmarshal(payload, &kind); err != nil {
		return nil, fmt.Errorf("%w: %w", errPayload, err)
	}
	switch {
	case len(kind.Records) > 0 && kind.Records[0].EventSource == "aws:sqs":
		var event lambdaevents.SQSEvent
		if err := json.Unmarshal(payload, &event); err != nil {
			return nil, fmt.Errorf("decode SQS event: %w", err)
		}
		return f.batch(ctx, event.Records), nil
	case kind.Version == "2.0":
		var event lambdaevents.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(payload, &event); err != nil {
			return nil, fmt.Errorf("decode HTTP API event: %w", err)
		}
		return f.serveAPI(ctx, event)
	}
	return nil, errPayload
}

// batch handles messages side by side, and returns those that failed: one bad message never
// fails its batch. During an outage it handles them in turn, because the first may end it.
func (f *function) batch(ctx context.Context, records []lambdaevents.SQSMessage) lambdaevents.SQSEventResponse {
	var (
		running  errgroup.Group
		mu       sync.Mutex
		response lambdaevents.SQSEventResponse
	)
	running.SetLimit(f.env.concurrency)
	messages := make([]message, len(records))
	for i, r := range records {
		messages[i] = newMessage(r.MessageId, r.ReceiptHandle, r.Body, r.Attributes, f.consumer.queue.contracts...)
	}
	f.consumer.prefetch(ctx, messages)
	for _, m := range messages {
		handle := func() error {
			if !f.consumer.deliver(ctx, m) {
				mu.Lock()
				defer mu.Unlock()
				response.BatchItemFailures = append(response.BatchItemFailures, lambdaevents.SQSBatchItemFailure{ItemIdentifier: m.id})
			}
			return nil
		}
		if f.consumer.breaker.open() {
			_ = handle() // it returns no error
			continue
		}
		running.Go(handle)
	}
	_ = running.Wait() // its functions return no error
	return response
}
