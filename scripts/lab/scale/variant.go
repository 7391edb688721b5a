package main

import (
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/lab/scale/model"
)

// variant is one way to run a flow.
type variant struct {
	name, text string
	flow       model.Flow
	limits     model.Limits
	result     *model.Result
	hour       float64 // dollars for an hour of this load
}

// taskConcurrency is how many messages a task of a worker handles at a time in the variant of workers.
const taskConcurrency = 50

// variants returns the ways to compare: as declared, with what is short raised, and the same with workers.
func variants(flow model.Flow, processor []float64, quotas *cost.Quotas, rate float64) []*variant {
	limits := limitsOf(quotas)
	grown := limits
	grown.Writes = quotas.Of("dynamodb-table-writes").Value // tables that are warm
	raised, more := model.Raise(flow, grown, rate)
	working, most := model.Raise(workers(flow, processor), grown, rate)
	return []*variant{
		{name: "As declared", flow: flow, limits: limits,
			text: "the services as their manifests are, the default quotas, tables that are new"},
		{name: "Raised", flow: raised, limits: more,
			text: "the same functions with every quota and every max_functions that is short raised to somewhat more than needed, tables that are warm"},
		{name: "Workers", flow: working, limits: most,
			text: "whatever has a queue runs as a worker of one CPU, with as many tasks as are needed, from the beginning"},
	}
}

// limitsOf returns a region's default quotas.
func limitsOf(q *cost.Quotas) model.Limits {
	of := func(id string) float64 { return q.Of(id).Value }
	return model.Limits{
		Requests:     of("api-requests"),
		RequestBurst: of("api-requests") / 2, // 5,000 for 10,000: docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
		Concurrency:  of("lambda-concurrency"),
		Scaling:      of("lambda-scaling") / 10, // it is for 10 seconds
		FirstPollers: 5,                         // docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
		Polling:      of("lambda-sqs-scaling") / 60,
		Puts:         of("events-put"),
		Invocations:  of("events-invocations"),
		Notices:      of("sns-publish"),
		Writes:       of("dynamodb-new-table-writes"),
	}
}

// workers returns the flow with a worker in place of every function that only has a queue. A task has one CPU, which
// its own work fills sooner or later.
func workers(flow model.Flow, processor []float64) model.Flow {
	messages := make([]float64, len(flow.Services))
	answers := make([]bool, len(flow.Services))
	for _, s := range flow.Steps {
		messages[s.Service]++
		answers[s.Service] = answers[s.Service] || s.Request()
	}
	f := model.Flow{Steps: flow.Steps, Services: append([]model.Service(nil), flow.Services...)}
	for i := range f.Services {
		if s := &f.Services[i]; !s.Worker && !answers[i] {
			s.Worker, s.Concurrency, s.MinTasks, s.MaxTasks = true, taskConcurrency, 1, 1
			s.Rate = messages[i] / processor[i]
		}
	}
	return f
}
