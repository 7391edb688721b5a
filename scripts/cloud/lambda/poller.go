package lambda

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"example.com/localcloud/bill"
	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

const (
	maxReceive   = 10              // the most messages that SQS returns at once
	longPoll     = 20              // seconds that a receive waits
	initialPause = time.Second     // after a function failed to start; it doubles
	longestPause = 1 * time.Minute // between attempts to start such a function
)

// poller polls a queue and invokes a function. It handles as many batches concurrently as there is work for, up to
// the mapping's limit.
type poller struct {
	*Service
	mapping Mapping
	filters []filter
	scale   *scale

	mu       sync.Mutex
	failures int // consecutive failures to start the function
}

func newPoller(s *Service, m Mapping) *poller {
	concurrency := defConcurrency
	if m.ScalingConfig != nil && m.ScalingConfig.MaximumConcurrency != nil {
		concurrency = *m.ScalingConfig.MaximumConcurrency
	}
	filters, _ := m.FilterCriteria.compile() // valid, or the mapping would not have been made
	waiting := func() bool { return s.SQS.Depth(wire.Resource(m.EventSourceArn)).Visible > 0 }
	return &poller{Service: s, mapping: m, filters: filters, scale: newScale(concurrency, waiting)}
}

// run polls until the context ends, and waits for its batches.
func (p *poller) run(ctx context.Context) {
	var batches sync.WaitGroup
	defer batches.Wait()
	for p.backOff(ctx) && p.scale.enter(ctx) {
		batch, err := p.gather(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Warn("event source mapping: receiving messages failed", "queue", p.mapping.EventSourceArn, "error", err)
			p.failed(true)
		}
		p.scale.adjust(len(batch) == *p.mapping.BatchSize, age(batch))
		if len(batch) == 0 {
			p.scale.leave()
			continue
		}
		for i, run := range p.runs(batch) {
			if i > 0 && !p.scale.enter(ctx) {
				break // the messages of the other parts become visible again
			}
			batches.Go(func() {
				defer p.scale.leave()
				run()
			})
		}
	}
}

// runs returns what handles a batch: one function, or one for each part if it is too large for an invocation. The parts
// of a FIFO queue follow each other, and end with the first that fails.
func (p *poller) runs(batch []sqs.Message) (runs []func()) {
	parts, err := p.divide(batch)
	if err != nil {
		slog.Error("event source mapping: a batch can't be encoded", "error", err)
		return []func(){func() {}}
	}
	if !p.mapping.fifo() {
		for _, one := range parts {
			runs = append(runs, func() { p.handle(one) })
		}
		return runs
	}
	return []func(){func() {
		for _, one := range parts {
			if !p.handle(one) {
				return
			}
		}
	}}
}

// gather receives a batch: the messages that there are, and those that arrive within the batching window.
func (p *poller) gather(ctx context.Context) ([]sqs.Message, error) {
	batch, err := p.receive(ctx, *p.mapping.BatchSize, longPoll)
	if len(batch) == 0 || err != nil {
		return batch, err
	}
	until := time.Now().Add(time.Duration(*p.mapping.MaximumBatchingWindowInSeconds) * time.Second)
	for len(batch) < *p.mapping.BatchSize && size(batch) < maxPayload && ctx.Err() == nil {
		left := time.Until(until)
		more, err := p.receive(ctx, *p.mapping.BatchSize-len(batch), min(longPoll, max(0, int(left.Seconds()+0.999))))
		batch = append(batch, more...)
		if err != nil || len(more) == 0 && time.Until(until) <= 0 {
			break
		}
	}
	return batch, nil // handle what was received, even after an error
}

func size(batch []sqs.Message) (bytes int) {
	for _, m := range batch {
		bytes += len(m.Body)
	}
	return bytes
}

// age returns how long ago the first message of a batch was sent.
func age(batch []sqs.Message) time.Duration {
	if len(batch) == 0 {
		return 0
	}
	sent, _ := strconv.ParseInt(batch[0].Attributes["SentTimestamp"], 10, 64) // always valid, because SQS wrote it
	return time.Since(time.UnixMilli(sent))
}

func (p *poller) receive(ctx context.Context, n, wait int) ([]sqs.Message, error) {
	out, err := p.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: queueURL(p.mapping.EventSourceArn), MaxNumberOfMessages: new(min(n, maxReceive)), WaitTimeSeconds: &wait,
		MessageSystemAttributeNames: []string{"All"}, MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		return nil, err
	}
	p.bill("ReceiveMessage", size(out.Messages), len(out.Messages) == 0)
	return p.filter(out.Messages), nil
}

// bill tells the meter of a request to SQS, which AWS makes at the expense of the queue's owner.
func (p *poller) bill(operation string, bytes int, empty bool) {
	p.SQS.Bill.Tell(bill.Use{Service: "sqs", Operation: operation, Caller: "lambda.amazonaws.com", Resource: p.mapping.EventSourceArn, Bytes: bytes, Empty: empty})
}

// filter returns the messages that match the mapping's filters, and deletes the others.
func (p *poller) filter(messages []sqs.Message) (matching []sqs.Message) {
	if len(p.filters) == 0 {
		return messages
	}
	kept := map[string]bool{}
	for _, m := range messages {
		if slices.ContainsFunc(p.filters, func(f filter) bool { return f.matches(m.Body) }) {
			kept[m.MessageId] = true
			matching = append(matching, m)
		}
	}
	p.acknowledge(messages, kept)
	return matching
}

// handle invokes the function with messages, and deletes those that it handled. The others become visible again when
// their visibility timeout ends, or when the function itself set it to. It reports whether all were handled.
func (p *poller) handle(batch part) bool {
	outcome, err := p.Run(Call{Function: p.mapping.FunctionArn, Payload: batch.payload, From: p.mapping.EventSourceArn})
	p.failed(err != nil || outcome.Failure != nil && outcome.Failure.Init)
	if err != nil || outcome.Failure != nil {
		return false
	}
	failed, ok := failures(outcome.Payload, p.mapping.FunctionResponseTypes, batch.messages)
	if !ok {
		slog.Warn("event source mapping: the response is not a valid batch response, so the whole batch failed", "function", p.mapping.FunctionArn)
		return false
	}
	p.acknowledge(batch.messages, failed)
	return len(failed) == 0
}

// acknowledge deletes the messages of a batch, except those to keep.
func (p *poller) acknowledge(batch []sqs.Message, keep map[string]bool) {
	var entries []sqs.DeleteMessageBatchRequestEntry
	flush := func() {
		if len(entries) > 0 {
			p.bill("DeleteMessageBatch", 0, false)
			_, _ = p.SQS.DeleteMessageBatch(context.Background(), &sqs.DeleteMessageBatchInput{QueueUrl: queueURL(p.mapping.EventSourceArn), Entries: entries}) // the queue may have been deleted
		}
		entries = nil
	}
	for i, m := range batch {
		if keep[m.MessageId] {
			continue
		}
		entries = append(entries, sqs.DeleteMessageBatchRequestEntry{Id: strconv.Itoa(i), ReceiptHandle: m.ReceiptHandle})
		if len(entries) == maxReceive {
			flush()
		}
	}
	flush()
}

// failed updates the number of consecutive failures to start the function.
func (p *poller) failed(failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failures++
	if !failed {
		p.failures = 0
	}
}

// backOff waits after failures to start the function. It returns false if the context ends.
func (p *poller) backOff(ctx context.Context) bool {
	p.mu.Lock()
	failures := p.failures
	p.mu.Unlock()
	if failures == 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(min(longestPause, initialPause<<min(failures-1, 10)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// failures returns the messages that a function did not handle. An empty response means that it handled all; a
// malformed one, or one that names a message outside the batch, that it handled none.
func failures(payload []byte, types []string, batch []sqs.Message) (failed map[string]bool, ok bool) {
	failed = map[string]bool{}
	text := strings.TrimSpace(string(payload))
	if len(types) == 0 || text == "" || text == "null" {
		return failed, true
	}
	var response struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(payload, &response); err != nil { // by the exact names, as AWS does
		return nil, false
	}
	known := map[string]bool{}
	for _, m := range batch {
		known[m.MessageId] = true
	}
	for _, f := range response.BatchItemFailures {
		if !known[f.ItemIdentifier] {
			return nil, false
		}
		failed[f.ItemIdentifier] = true
	}
	return failed, true
}
