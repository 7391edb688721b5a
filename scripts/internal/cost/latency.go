package cost

import "strings"

// Latency is the time that a call of AWS takes from a function or task in the same region. The local cloud has none.
type Latency struct {
	Call   string  `json:"call"` // "dynamodb GetItem", or its beginning
	MS     float64 `json:"ms"`
	Source string  `json:"source"`
}

// Latencies are added to what was measured locally. The first that fits a call counts; a call that a handler doesn't
// wait for, such as a receive, has none.
var Latencies = []Latency{
	{"dynamodb Transact", 15, "assumed: a transaction is two rounds of what a write takes"},
	{"dynamodb ", 5, "AWS promises single-digit milliseconds (docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html)"},
	{"events PutEvents", 25, "assumed"},
	{"sns Publish", 20, "assumed"},
	{"sqs SendMessage", 10, "assumed: less than the 16 ms in which a message reaches a function at the median (bitesizedserverless.com, serverless messaging latency compared, 2022)"},
}

// waiting returns the time that a service's calls take on AWS, in milliseconds, unless the durations contain it.
func (u *Used) waiting() (ms float64) {
	if u.Measured {
		return 0
	}
	for call, n := range u.Calls {
		for _, latency := range Latencies {
			if strings.HasPrefix(call, latency.Call) && !strings.HasSuffix(call, Delivered) {
				ms += n * latency.MS
				break
			}
		}
	}
	return ms
}

// Delivered ends the name of a call that a rule or topic made to a service's queue.
const Delivered = " (delivery)"

// overheadMS is what an invocation takes beside its steps, where a service has run as a worker only: assumed.
const overheadMS = 1

// AsFunction returns the invocations of one execution, and their duration in milliseconds on AWS. A worker's messages
// count as one invocation each.
func (u *Used) AsFunction() (invocations, ms float64) {
	if u.Function {
		return u.Invocations, u.InvocationMS + u.waiting()
	}
	return u.Messages, u.StepMS + u.waiting() + overheadMS*u.Messages
}

// AsWorker returns the messages of one execution, the time in which one of them holds a place in a task, and the CPU
// time that it needs there, both in milliseconds. The CPU time that was not measured on AWS is what the step took locally,
// where nothing waits for a network: the most that it can be.
func (u *Used) AsWorker() (messages, ms, cpuMS float64) {
	if u.Messages == 0 {
		return 0, 0, 0
	}
	cpuMS = u.StepMS
	if u.Measured {
		cpuMS = u.CPUMS
	}
	return u.Messages, (u.StepMS + u.waiting()) / u.Messages, cpuMS / u.Messages
}
