// Package count counts what AWS would bill while the local cloud runs, by service, in the units of package cost.
package count

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"example.com/localcloud/bill"
	"example.com/localcloud/tap"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
)

// Counter counts. Pass it the hops and uses of a local cloud, and the lines of workers; functions' lines are hops. Its
// methods may be called concurrently.
type Counter struct {
	names topology.Names

	mu      sync.Mutex
	usage   *cost.Usage
	written map[item]float64 // write units
}

type item struct{ service, key string }

// New returns a counter for the resources with these names.
func New(names topology.Names) *Counter {
	return &Counter{names: names, usage: &cost.Usage{}, written: map[item]float64{}}
}

// lineOverhead is what CloudWatch Logs bills for a line beside its text, in bytes
// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutLogEvents.html).
const lineOverhead = 26

// report is the end of a function's report of an invocation: its duration, and what is billed, which includes a start.
var report = regexp.MustCompile(`^REPORT RequestId: .*?\tDuration: ([0-9.]+) ms\tBilled Duration: ([0-9.]+) ms`)

// Line counts a line that a service logged: its bytes, and the step or the report of an invocation that it is.
func (c *Counter) Line(service string, line []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	used := c.usage.Of(service)
	used.Units["logs"] += float64(len(line)+lineOverhead) / cost.GB
	if found := report.FindSubmatch(line); found != nil {
		ms, _ := strconv.ParseFloat(string(found[1]), 64) // a number, as the expression says; without a start, because they are rare
		used.Function = true
		used.Invocations++
		used.InvocationMS += ms
	}
	if step, ok := trace.Parse(line); ok {
		used.Messages++
		used.StepMS += step.DurationMS
	}
}

// Hop counts what the local cloud did without being asked.
func (c *Counter) Hop(hop tap.Hop) {
	if hop.Kind == tap.Logged {
		c.Line(c.service(hop.Resource), hop.Body)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case hop.Kind == tap.Invoked && strings.Contains(hop.From, ":execute-api:"):
		c.usage.Of(c.service(hop.Resource)).Units["api-request"] += cost.Chunks(len(hop.Body), cost.RequestChunk)
	case hop.Kind == tap.Matched && strings.Contains(hop.Resource, ":rule/"):
		c.usage.Deliveries++
	case hop.Kind == tap.Published && strings.HasSuffix(hop.Resource, ":event-bus/"+c.names.Prefix()):
		c.usage.Of(c.service(hop.From)).Units["event"] += cost.Chunks(entrySize(hop.Body), cost.Chunk)
		shared := c.usage.Of(cost.Shared)
		shared.Units["archive"] += float64(len(hop.Body)) / cost.GB
		shared.Units["logs"] += float64(len(hop.Body)+lineOverhead) / cost.GB // its rule to a log group takes every event
	case hop.Kind == tap.Delivered && strings.HasPrefix(hop.To, "http"):
		c.usage.Of(cost.Shared).Units["sns-to-http"]++
	}
}

// entrySize returns the size of an event as PutEvents counts it (docs.aws.amazon.com/eventbridge/latest/userguide, "Calculating
// PutEvents event entry size"): the time, which the publisher gives, counts 14 bytes.
func entrySize(raw []byte) int {
	var event struct {
		Source string
		Type   string `json:"detail-type"`
		Detail json.RawMessage
	}
	if err := json.Unmarshal(raw, &event); err != nil {
		return len(raw)
	}
	return 14 + len(event.Source) + len(event.Type) + len(event.Detail)
}

// Use counts a request, or DynamoDB's units. Requests of the account's root user are those of tools and tests, not of
// the flow.
func (c *Counter) Use(u bill.Use) {
	c.mu.Lock()
	defer c.mu.Unlock()
	service := c.service(u.Caller)
	if strings.HasSuffix(u.Caller, ".amazonaws.com") || u.Operation == "" {
		service = c.service(u.Resource)
	}
	if service == cost.Shared || u.Empty {
		return
	}
	used := c.usage.Of(service)
	if u.Operation == "" {
		used.Units["dynamodb-read"] += u.Reads
		used.Units["dynamodb-write"] += u.Writes
		if u.Item != "" { // an index has partitions of its own
			c.written[item{service, u.Item}] += u.Writes
		}
		return
	}
	call := u.Service + " " + u.Operation
	if u.Caller == "events.amazonaws.com" || u.Caller == "sns.amazonaws.com" {
		call += cost.Delivered
	}
	used.Calls[call]++
	switch u.Service {
	case "sqs":
		used.Units["sqs-request"] += cost.Chunks(u.Bytes, cost.Chunk)
	case "sns":
		used.Units["sns-publish"] += cost.Chunks(u.Bytes, cost.Chunk)
	}
}

// service returns the service of a role's session, a function, a queue or a table, or Shared.
func (c *Counter) service(resource string) string {
	own := resource[strings.LastIndex(resource, ":")+1:]
	if session, ok := strings.CutPrefix(own, "assumed-role/"); ok {
		own, _, _ = strings.Cut(session, "/")
	}
	name, ours := strings.CutPrefix(own, c.names.Prefix()+"-")
	if !ours {
		return cost.Shared
	}
	for _, queue := range []string{"-dlq", "-undelivered"} {
		name = strings.TrimSuffix(name, queue)
	}
	return name
}

// Usage returns what was counted, divided by the executions that it was for. before is what another counter counted of
// the same flow: a key that both have written is one that every execution writes.
func (c *Counter) Usage(executions float64, before *Counter) *cost.Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := &cost.Usage{}
	u.Add(c.usage, 1/executions)
	before.mu.Lock()
	defer before.mu.Unlock()
	for of, units := range c.written {
		used := u.Of(of.service)
		if units /= executions; before.written[of] > 0 && units > used.HotWrites {
			used.HotKey, used.HotWrites = of.key, units
		}
	}
	return u
}
