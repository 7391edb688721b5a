package cost

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/troupe/events/manifest"
)

// Limit is a quota, or a limit that the environment sets itself, and the rate at which the flow reaches it.
type Limit struct {
	Name   string  `json:"name"`  // what is limited: "PutEvents calls a second"
	Where  string  `json:"where"` // "account", or a service
	Value  float64 `json:"value"`
	Each   float64 `json:"each"`   // what one execution uses of it
	Rate   float64 `json:"rate"`   // executions a second at which it is reached
	Effect string  `json:"effect"` // refused, delayed
	Then   string  `json:"then"`
	Own    bool    `json:"own"` // a setting of the environment, not a quota of AWS
	Unsure bool    `json:"unsure,omitempty"`
}

// Limits returns the limits that the flow reaches, the lowest rate first.
func (m *Model) Limits(u *Usage) (limits []Limit) {
	quota := func(id, where string, each float64) {
		q := m.Quotas.Of(id)
		limits = append(limits, Limit{Name: q.Unit, Where: where, Value: q.Value, Each: each, Effect: q.Effect, Then: q.Then, Unsure: q.Unconfirmed})
	}
	own := func(name, where string, value, each float64, effect, then string) {
		limits = append(limits, Limit{Name: name, Where: where, Value: value, Each: each, Effect: effect, Then: then, Own: true})
	}
	const account = "account"
	requests := u.Total(func(used *Used) float64 { return used.Units["api-request"] })
	quota("api-requests", account, requests)
	own("requests a second (access.requests_per_second)", "HTTP API", or(m.Environment.Access.RequestsPerSecond, defaultThrottle), requests,
		"refused", "the caller gets 429 and has to send the request again")
	quota("events-put", account, u.Total(func(used *Used) float64 { return used.Calls["events PutEvents"] }))
	quota("events-invocations", account, u.Deliveries)
	quota("sns-publish", account, u.Total(func(used *Used) float64 { return used.Units["sns-publish"] }))

	var invocations, busy, cpus float64 // of functions, in one execution
	for _, name := range u.Names() {
		service, used := m.manifest(name), u.Services[name]
		if service == nil {
			continue
		}
		quota("dynamodb-new-table-writes", name, used.Units["dynamodb-write"])
		quota("dynamodb-table-writes", name, used.Units["dynamodb-write"])
		quota("dynamodb-table-reads", name, used.Units["dynamodb-read"])
		if used.HotWrites > 0 {
			quota("dynamodb-partition-writes", name+", key "+used.HotKey, used.HotWrites)
		}
		_, held, _ := used.AsWorker()
		if service.HasQueue() {
			quota("sqs-in-flight", name, used.Messages*held/1000)
		}
		if service.Runtime == manifest.Worker {
			most, capable := or(m.Environment.Overrides[name].MaxTasks, defaultMaxTasks), m.capable(name, used)
			own(fmt.Sprintf("tasks (max_tasks), %s executions a second each", figure(capable)), name, most, 1/capable, "delayed", "messages wait in the queue")
			size, _ := m.size(name)
			cpus += size / capable
			continue
		}
		n, ms := used.AsFunction()
		invocations, busy = invocations+n, busy+ms/1000
		if !service.HasQueue() {
			continue
		}
		// At this limit messages wait, so batches are full: an invocation does several messages at a time.
		together := min(float64(service.Queue.Batch), or(m.Environment.Overrides[name].Concurrency, float64(service.Queue.Concurrency)))
		full := used.Messages * held / 1000 / together
		quota("lambda-sqs-concurrency", name, full)
		if most := or(m.Environment.Overrides[name].MaxFunctions, float64(service.Queue.MaxFunctions)); most > 0 {
			own("invocations at a time (max_functions)", name, most, full, "delayed", "messages wait in the queue")
		}
	}
	quota("lambda-concurrency", account, busy)
	quota("lambda-rate", account, invocations/m.Quotas.Of("lambda-concurrency").Value)
	quota("fargate-cpu", account, cpus)
	return reached(limits)
}

// reached fills in the rates, and drops the limits that the flow doesn't use.
func reached(limits []Limit) []Limit {
	limits = slices.DeleteFunc(limits, func(l Limit) bool { return !(l.Each > 0) || math.IsInf(l.Each, 0) })
	for i := range limits {
		limits[i].Rate = limits[i].Value / limits[i].Each
	}
	slices.SortStableFunc(limits, func(a, b Limit) int { return cmp.Compare(a.Rate, b.Rate) })
	return limits
}

// figure returns a number with three digits that count.
func figure(n float64) string {
	if n >= 1000 {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprintf("%.3g", n)
}
