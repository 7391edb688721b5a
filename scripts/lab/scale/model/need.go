package model

// Kind is what is limited.
type Kind string

// The kinds. Rates are a second.
const (
	APIRequests   Kind = "API Gateway: requests a second"
	Instances     Kind = "Lambda: instances of all functions"
	PutEvents     Kind = "EventBridge: calls of PutEvents a second"
	Deliveries    Kind = "EventBridge: deliveries a second"
	TopicMessages Kind = "SNS: messages a second"
	TableWrites   Kind = "DynamoDB: write units of the table a second"
	MaxFunctions  Kind = "max_functions"
	MaxTasks      Kind = "max_tasks"
)

// Account is the service of what all services share.
const Account = -1

// Need is what a flow takes of something limited.
type Need struct {
	Kind    Kind
	Service int     // index into Flow.Services, or Account
	Has     float64 // the limit
	Needs   float64
}

// Short reports whether the limit is too low.
func (n Need) Short() bool { return n.Needs > n.Has*(1+1e-9) }

// Needs returns what a flow takes of everything that is limited, at a number of executions a second and with nothing
// else in its way.
func Needs(flow Flow, limits Limits, rate float64) []Need {
	var requests, concurrency, puts, deliveries, notices float64
	slots := make([]float64, len(flow.Services)) // instances or tasks for messages
	writes := make([]float64, len(flow.Services))
	for _, s := range flow.Steps {
		service := flow.Services[s.Service]
		puts, notices, deliveries = puts+s.Puts, notices+s.Notices, deliveries+s.Facts
		writes[s.Service] += s.Writes
		switch {
		case s.Request():
			requests++
			concurrency += rate * s.Seconds
		case service.Worker && service.Rate > 0:
			slots[s.Service] += rate * max(1/service.Rate, s.Seconds/service.Concurrency)
		default:
			slots[s.Service] += rate * s.Seconds / service.Concurrency
		}
		if onBus(s.Channel) {
			deliveries++
		}
	}
	for i, s := range flow.Services {
		if !s.Worker {
			concurrency += slots[i]
		}
	}
	needs := []Need{
		{APIRequests, Account, limits.Requests, rate * requests},
		{Instances, Account, limits.Concurrency, round(concurrency)},
		{PutEvents, Account, limits.Puts, rate * puts},
		{Deliveries, Account, limits.Invocations, rate * deliveries},
		{TopicMessages, Account, limits.Notices, rate * notices},
	}
	for i, s := range flow.Services {
		switch {
		case slots[i] > 0 && s.Worker:
			needs = append(needs, Need{MaxTasks, i, s.MaxTasks, round(slots[i])})
		case slots[i] > 0:
			needs = append(needs, Need{MaxFunctions, i, s.Functions, round(slots[i])})
		}
		if s.Table && writes[i] > 0 {
			needs = append(needs, Need{TableWrites, i, limits.Writes, rate * writes[i]})
		}
	}
	return needs
}
