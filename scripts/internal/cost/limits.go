package cost

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
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

// account is where a quota of the whole account is shown.
const account = "account"

// Limits returns the limits that the flow reaches, the lowest rate first.
func (m *Model) Limits(u *Usage) []Limit {
	l := &limiter{Model: m}
	requests := u.Total(func(used *Used) float64 { return used.Units["api-request"] })
	l.quota("api-requests", account, requests)
	l.own("requests a second (access.requests_per_second)", "HTTP API", or(m.Environment.Access.RequestsPerSecond, defaultThrottle), requests,
		"refused", "the caller gets 429 and has to send the request again")
	l.quota("events-put", account, u.Total(func(used *Used) float64 { return used.Calls["events PutEvents"] }))
	l.quota("events-invocations", account, u.Deliveries)
	l.quota("sns-publish", account, u.Total(func(used *Used) float64 { return used.Units["sns-publish"] }))
	for _, name := range u.Names() {
		if service := m.manifest(name); service != nil {
			l.service(service, u.Services[name])
		}
	}
	l.quota("lambda-concurrency", account, l.busy)
	l.quota("lambda-rate", account, l.invocations/m.Quotas.Of("lambda-concurrency").Value)
	l.quota("fargate-cpu", account, l.cpus)
	return reached(l.limits)
}

// limiter collects the limits of a flow, and what an execution needs of the account's.
type limiter struct {
	*Model
	limits                  []Limit
	invocations, busy, cpus float64
}

func (l *limiter) quota(id, where string, each float64) {
	q := l.Quotas.Of(id)
	l.limits = append(l.limits, Limit{Name: q.Unit, Where: where, Value: q.Value, Each: each, Effect: q.Effect, Then: q.Then, Unsure: q.Unconfirmed})
}

func (l *limiter) own(name, where string, value, each float64, effect, then string) {
	l.limits = append(l.limits, Limit{Name: name, Where: where, Value: value, Each: each, Effect: effect, Then: then, Own: true})
}

// service adds the limits of one service.
func (l *limiter) service(service *manifest.Manifest, used *Used) {
	name, settings := service.Name, l.Environment.Overrides[service.Name]
	l.quota("dynamodb-new-table-writes", name, used.Units["dynamodb-write"])
	l.quota("dynamodb-table-writes", name, used.Units["dynamodb-write"])
	l.quota("dynamodb-table-reads", name, used.Units["dynamodb-read"])
	l.quota("dynamodb-partition-writes", name+", key "+used.HotKey, used.HotWrites)
	_, held, _ := used.AsWorker()
	if service.HasQueue() {
		l.quota("sqs-in-flight", name, used.Messages*held/1000)
	}
	const then = "messages wait in the queue"
	if service.Runtime == manifest.Worker {
		capable := l.capable(name, used)
		l.own(fmt.Sprintf("tasks (max_tasks), %s executions a second each", Figure(capable)), name, or(settings.MaxTasks, defaultMaxTasks), 1/capable, "delayed", then)
		cpus, _ := l.size(name)
		l.cpus += cpus / capable
		return
	}
	n, ms := used.AsFunction()
	l.invocations, l.busy = l.invocations+n, l.busy+ms/1000
	if !service.HasQueue() {
		return
	}
	// At these limits messages wait, so batches are full: an invocation does several messages at a time.
	together := min(float64(service.Queue.Batch), or(settings.Concurrency, float64(service.Queue.Concurrency)))
	full := used.Messages * held / 1000 / together
	l.quota("lambda-sqs-concurrency", name, full)
	l.own("invocations at a time (max_functions)", name, or(settings.MaxFunctions, float64(service.Queue.MaxFunctions)), full, "delayed", then)
}

// reached fills in the rates, and drops the limits that the flow doesn't use.
func reached(limits []Limit) []Limit {
	limits = slices.DeleteFunc(limits, func(l Limit) bool { return !(l.Each > 0) || math.IsInf(l.Each, 0) || l.Value == 0 })
	for i := range limits {
		limits[i].Rate = limits[i].Value / limits[i].Each
	}
	slices.SortStableFunc(limits, func(a, b Limit) int { return cmp.Compare(a.Rate, b.Rate) })
	return limits
}

// Figure returns a number with three digits that count, or all of a large one.
func Figure(n float64) string {
	if n >= 1000 {
		return cli.Thousands(int(math.Round(n)))
	}
	return fmt.Sprintf("%.3g", n)
}
