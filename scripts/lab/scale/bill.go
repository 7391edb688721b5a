package main

import (
	"example.com/troupe/scripts/internal/cost"
)

// What the bill assumes of each message, beside what the flow says.
const (
	reads     = 2      // read units of a step with a table: its record and a document
	lineBytes = 1000.0 // of a step in the log, and of an event in the bus's log group and in the archive
	perBatch  = 10.0   // messages that one receive and one delete take
)

// A task of a worker, in CPUs and GB.
const (
	taskCPU    = 1.0
	taskMemory = 2.0
)

// bill sets the dollars of an hour in which the load goes on as it did: without what an environment costs idle.
func (v *variant) bill(p *cost.Prices, arrived, seconds float64) {
	total := arrived * unit(p, "api-request")
	for i, step := range v.flow.Steps {
		s, n := v.flow.Services[step.Service], v.result.Handled[i]
		if !s.Worker {
			batch := s.Concurrency
			if step.Request() {
				batch = 1
			}
			total += n / batch * (unit(p, "lambda-request") + step.Seconds*float64(s.MemoryMB)/1024*unit(p, "lambda-compute"))
		}
		if !step.Request() {
			total += n * (1 + 2/perBatch) * unit(p, "sqs-request")
		}
		if s.Table {
			total += n * (step.Writes*unit(p, "dynamodb-write") + reads*unit(p, "dynamodb-read"))
		}
		total += n * step.Facts * unit(p, "event")
		total += n * step.Notices * unit(p, "sns-publish")
		total += n * lineBytes / 1e9 * ((1+step.Facts)*unit(p, "logs") + step.Facts*unit(p, "archive"))
	}
	v.hour = total * 3600 / seconds
	for i, s := range v.flow.Services {
		if s.Worker {
			v.hour += v.result.Services[i].Concurrency * (taskCPU*unit(p, "fargate-cpu") + taskMemory*unit(p, "fargate-memory"))
		}
	}
}

// unit returns the price of one.
func unit(p *cost.Prices, id string) float64 {
	price := p.Of(id)
	return price.USD / price.Per
}
