package count_test

import (
	"math"
	"testing"

	"example.com/localcloud/bill"
	"example.com/localcloud/tap"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/cost/count"
	"example.com/troupe/scripts/internal/topology"
)

const (
	role  = "arn:aws:sts::000000000000:assumed-role/sea-local-harbour/session"
	queue = "arn:aws:sqs:us-east-1:000000000000:sea-local-harbour"
	bus   = "arn:aws:events:us-east-1:000000000000:event-bus/sea-local"
)

// report is the end of an invocation's log, as Lambda writes it.
const report = "REPORT RequestId: 8f5a\tDuration: 12.50 ms\tBilled Duration: 60 ms\tMemory Size: 256 MB\tMax Memory Used: 40 MB\tInit Duration: 47.00 ms"

// TestCount counts two executions of a flow in which a request publishes an event for a function.
func TestCount(t *testing.T) {
	names := topology.Names{Project: "sea", Env: "local"}
	before, c := count.New(names), count.New(names)
	event := []byte(`{"source":"lighthouse","detail-type":"lamp.lit.v1","detail":{"a":"b"}}`)
	for _, counter := range []*count.Counter{before, c, c} {
		for _, hop := range []tap.Hop{
			{Kind: tap.Invoked, Resource: "arn:aws:lambda:us-east-1:000000000000:function:sea-local-lighthouse", From: "arn:aws:execute-api:us-east-1:000000000000:abc/$default/POST/lamps"},
			{Kind: tap.Published, Resource: bus, From: "arn:aws:sts::000000000000:assumed-role/sea-local-lighthouse/session", Body: event},
			{Kind: tap.Matched, Resource: "arn:aws:events:us-east-1:000000000000:rule/sea-local/sea-local-harbour-lamp-lit-v1"},
			{Kind: tap.Invoked, Resource: "arn:aws:lambda:us-east-1:000000000000:function:sea-local-harbour", From: queue},
			{Kind: tap.Logged, Resource: "arn:aws:lambda:us-east-1:000000000000:function:sea-local-harbour", Body: []byte(report)},
			{Kind: tap.Skipped, Resource: queue},
		} {
			counter.Hop(hop)
		}
		for _, use := range []bill.Use{
			{Service: "sqs", Operation: "SendMessage", Caller: "events.amazonaws.com", Resource: queue, Bytes: 100},
			{Service: "sqs", Operation: "ReceiveMessage", Caller: "lambda.amazonaws.com", Resource: queue, Bytes: 65 << 10},
			{Service: "sqs", Operation: "ReceiveMessage", Caller: "lambda.amazonaws.com", Resource: queue, Empty: true},
			{Service: "dynamodb", Operation: "TransactWriteItems", Caller: role, Bytes: 900},
			{Service: "dynamodb", Resource: "sea-local-harbour", Item: "doc#berths", Writes: 4},
			{Service: "dynamodb", Resource: "sea-local-harbour", Writes: 6}, // of an index
			{Service: "dynamodb", Resource: "sea-local-harbour", Reads: 1},
			{Service: "sns", Operation: "PublishBatch", Caller: role, Bytes: 129 << 10},
			{Service: "sqs", Operation: "GetQueueAttributes", Caller: "arn:aws:iam::000000000000:root", Bytes: 10},
		} {
			counter.Use(use)
		}
	}
	c.Use(bill.Use{Service: "dynamodb", Resource: "sea-local-harbour", Item: "doc#ship-7", Writes: 100}) // of one execution only
	u := c.Usage(2, before)
	harbour, lighthouse, shared := u.Services["harbour"], u.Services["lighthouse"], u.Services[cost.Shared]
	for what, figures := range map[string][2]float64{
		"requests to the API": {lighthouse.Units["api-request"], 1},
		"events":              {lighthouse.Units["event"], 1},
		"deliveries":          {u.Deliveries, 1},
		"archived":            {shared.Units["archive"], float64(len(event)) / cost.GB},
		"the bus's log":       {shared.Units["logs"], float64(len(event)+26) / cost.GB},
		"SQS":                 {harbour.Units["sqs-request"], 1 + 2}, // 65 KB are two
		"SNS":                 {harbour.Units["sns-publish"], 3},     // 129 KB
		"reads":               {harbour.Units["dynamodb-read"], 1},
		"writes":              {harbour.Units["dynamodb-write"], 60},
		"writes of one key":   {harbour.HotWrites, 4},
		"log":                 {harbour.Units["logs"], float64(len(report)+26) / cost.GB},
		"invocations":         {harbour.Invocations, 1},
		"their duration":      {harbour.InvocationMS, 12.5},
		"receives":            {harbour.Calls["sqs ReceiveMessage"], 1},
		"deliveries to it":    {harbour.Calls["sqs SendMessage"+cost.Delivered], 1},
	} {
		if math.Abs(figures[0]-figures[1]) > 1e-12 {
			t.Errorf("%s: %g, want %g", what, figures[0], figures[1])
		}
	}
	if harbour.HotKey != "doc#berths" || len(u.Services) != 3 {
		t.Errorf("hottest key %q, services %v", harbour.HotKey, u.Names())
	}
}
