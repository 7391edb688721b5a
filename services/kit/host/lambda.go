package host

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
	"golang.org/x/sync/errgroup"
)

// maxMargin is kept at the end of an invocation for what comes after the handlers:
// putting off what failed, and the answer. A short invocation keeps a fifth.
const maxMargin = time.Second

// errPayload says that a function was invoked with something that it does not take.
var errPayload = errors.New("a service takes an SQS event (aws:sqs) and an HTTP API event of payload format 2.0")

// function is a service in Lambda. It implements lambda.Handler.
type function struct {
	consumer    *consumer
	http        *httpadapter.HandlerAdapterV2
	concurrency int
	telemetry   telemetry
}

// serveLambda asks the runtime API for invocations until Lambda ends the process.
func (rt *Runtime) serveLambda(_ context.Context, consumer *consumer, telemetry telemetry) error {
	lambda.Start(rt.function(consumer, telemetry))
	return nil
}

func (rt *Runtime) function(consumer *consumer, telemetry telemetry) *function {
	return &function{
		consumer: consumer, http: httpadapter.NewV2(rt.router()),
		concurrency: rt.manifest.Queue.Concurrency, telemetry: telemetry,
	}
}

// Invoke handles one invocation.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	defer f.telemetry.flush(ctx)
	ctx, cancel := early(ctx)
	defer cancel()
	answer, err := f.invoke(ctx, payload)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// early ends a context before its deadline: what has not finished by then is returned
// to the queue as it was, while there is time to say so. A handler's changes are
// committed at once or not at all, so nothing is ever half done.
func early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(maxMargin, time.Until(deadline)/5)))
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
		return f.http.ProxyWithContext(ctx, event)
	}
	return nil, errPayload
}

// batch handles messages side by side, those of one FIFO group in order, and returns
// those that failed: one bad message never fails its batch.
func (f *function) batch(ctx context.Context, records []lambdaevents.SQSMessage) lambdaevents.SQSEventResponse {
	var (
		running  errgroup.Group
		mu       sync.Mutex
		response lambdaevents.SQSEventResponse
	)
	running.SetLimit(f.concurrency)
	messages := messagesOf(records)
	f.consumer.readAhead(ctx, messages)
	for _, lane := range lanes(messages) {
		running.Go(func() error {
			for _, m := range f.consumer.deliverInOrder(ctx, lane) {
				mu.Lock()
				response.BatchItemFailures = append(response.BatchItemFailures, lambdaevents.SQSBatchItemFailure{ItemIdentifier: m.id})
				mu.Unlock()
			}
			return nil
		})
	}
	_ = running.Wait() // its functions return no error
	return response
}

func messagesOf(records []lambdaevents.SQSMessage) []message {
	messages := make([]message, len(records))
	for i, r := range records {
		messages[i] = newMessage(r.MessageId, r.ReceiptHandle, r.Body, r.Attributes)
	}
	return messages
}

// deliverInOrder handles messages one after another up to the first that fails, and
// returns that one and those after it.
func (c *consumer) deliverInOrder(ctx context.Context, lane []message) []message {
	for i, m := range lane {
		if !c.deliver(ctx, m) {
			return lane[i:]
		}
	}
	return nil
}

// lanes splits a batch into what may be handled side by side: each message on its own,
// or each group of a FIFO queue.
func lanes(batch []message) (lanes [][]message) {
	of := map[string]int{}
	for _, m := range batch {
		name := cmp.Or(m.group, m.id)
		if _, known := of[name]; !known {
			of[name] = len(lanes)
			lanes = append(lanes, nil)
		}
		lanes[of[name]] = append(lanes[of[name]], m)
	}
	return lanes
}
