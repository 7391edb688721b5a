package lambda

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

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
	scale   *scale

	mu       sync.Mutex
	failures int // consecutive failures to start the function
}

func newPoller(s *Service, m Mapping) *poller {
	concurrency := defConcurrency
	if m.ScalingConfig != nil && m.ScalingConfig.MaximumConcurrency > 0 {
		concurrency = m.ScalingConfig.MaximumConcurrency
	}
	waiting := func() bool { return s.SQS.Depth(wire.Resource(m.EventSourceArn)).Visible > 0 }
	return &poller{Service: s, mapping: m, scale: newScale(concurrency, waiting)}
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
		batches.Go(func() {
			defer p.scale.leave()
			p.handle(batch)
		})
	}
}

// gather receives a batch: the messages that there are, and those that arrive within the batching window.
func (p *poller) gather(ctx context.Context) ([]sqs.Message, error) {
	batch, err := p.receive(ctx, *p.mapping.BatchSize, longPoll)
	if len(batch) == 0 || err != nil {
		return batch, err
	}
	until := time.Now().Add(time.Duration(*p.mapping.MaximumBatchingWindowInSeconds) * time.Second)
	for len(batch) < *p.mapping.BatchSize && ctx.Err() == nil {
		left := time.Until(until)
		more, err := p.receive(ctx, *p.mapping.BatchSize-len(batch), min(longPoll, max(0, int(left.Seconds()+0.999))))
		batch = append(batch, more...)
		if err != nil || len(more) == 0 && time.Until(until) <= 0 {
			break
		}
	}
	return batch, nil // handle what was received, even after an error
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
	return out.Messages, nil
}

// handle invokes the function with a batch, and deletes the messages that it handled. The others become visible again
// when their visibility timeout ends, or when the function itself set it to.
func (p *poller) handle(batch []sqs.Message) {
	payload, err := json.Marshal(sqsEvent(p.mapping.EventSourceArn, batch))
	if err != nil {
		slog.Error("event source mapping: a batch can't be encoded", "error", err)
		return
	}
	outcome, err := p.Run(Call{Function: p.mapping.FunctionArn, Payload: payload, From: p.mapping.EventSourceArn})
	p.failed(err != nil || outcome.Failure != nil && outcome.Failure.Init)
	if err != nil || outcome.Failure != nil {
		return
	}
	failed, ok := failures(outcome.Payload, p.mapping.FunctionResponseTypes, batch)
	if !ok {
		slog.Warn("event source mapping: the response is not a valid batch response, so the whole batch failed", "function", p.mapping.FunctionArn)
		return
	}
	p.acknowledge(batch, failed)
}

func (p *poller) acknowledge(batch []sqs.Message, failed map[string]bool) {
	var entries []sqs.DeleteMessageBatchRequestEntry
	flush := func() {
		if len(entries) > 0 {
			_, _ = p.SQS.DeleteMessageBatch(context.Background(), &sqs.DeleteMessageBatchInput{QueueUrl: queueURL(p.mapping.EventSourceArn), Entries: entries}) // the queue may have been deleted
		}
		entries = nil
	}
	for i, m := range batch {
		if failed[m.MessageId] {
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
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(payload, &response); err != nil {
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

// record is a message as a function receives it.
type record struct {
	MessageID         string                     `json:"messageId"`
	ReceiptHandle     string                     `json:"receiptHandle"`
	Body              string                     `json:"body"`
	Attributes        map[string]string          `json:"attributes"`
	MessageAttributes map[string]recordAttribute `json:"messageAttributes"`
	MD5OfBody         string                     `json:"md5OfBody"`
	EventSource       string                     `json:"eventSource"`
	EventSourceARN    string                     `json:"eventSourceARN"`
	AWSRegion         string                     `json:"awsRegion"`
}

type recordAttribute struct {
	StringValue string   `json:"stringValue,omitempty"`
	BinaryValue []byte   `json:"binaryValue,omitempty"`
	ListStrings []string `json:"stringListValues"`
	ListBinary  [][]byte `json:"binaryListValues"`
	DataType    string   `json:"dataType"`
}

func sqsEvent(arn string, batch []sqs.Message) map[string][]record {
	records := make([]record, len(batch))
	for i, m := range batch {
		attributes := map[string]recordAttribute{}
		for name, a := range m.MessageAttributes {
			attributes[name] = recordAttribute{StringValue: a.StringValue, BinaryValue: a.BinaryValue, ListStrings: []string{}, ListBinary: [][]byte{}, DataType: a.DataType}
		}
		records[i] = record{
			MessageID: m.MessageId, ReceiptHandle: m.ReceiptHandle, Body: m.Body, Attributes: m.Attributes,
			MessageAttributes: attributes, MD5OfBody: m.MD5OfBody, EventSource: "aws:sqs", EventSourceARN: arn, AWSRegion: wire.Region,
		}
	}
	return map[string][]record{"Records": records}
}
