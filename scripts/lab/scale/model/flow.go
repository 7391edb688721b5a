package model

import (
	"cmp"
	"fmt"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// Flow is one execution, to be repeated at a rate.
type Flow struct {
	Services []Service
	Steps    []Step // causes come before what they cause
}

// Service is what the model needs to know about a service.
type Service struct {
	Name        string
	Worker      bool
	Functions   float64 // the most instances of its function that its queue invokes at a time
	Concurrency float64 // messages at a time of one instance or task
	Rate        float64 // messages a second of one task; 0: no limit
	MinTasks    float64
	MaxTasks    float64
	TaskBacklog float64 // messages waiting for each task, above which tasks are added
	MaxReceives int
	MemoryMB    int
	Table       bool // it keeps its state in DynamoDB
}

// Step is the handling of a request or of a message.
type Step struct {
	Service int            // index into Flow.Services
	Trigger string         // the route, or the type of the event
	Cause   int            // index of the step that published the event; Client for one that begins the execution
	Channel events.Channel // of the event; "" for a request
	Delay   float64        // of a reminder, in seconds
	Seconds float64        // how long one takes
	Writes  float64        // write units of the service's table
	Facts   float64        // events that it publishes on the bus, subscribed to or not
	Puts    float64        // calls of PutEvents
	Notices float64        // messages that it publishes on topics
}

// Client is the cause of a step that begins the execution.
const Client = -1

// Request reports whether the step answers a request.
func (s Step) Request() bool { return s.Channel == "" }

// Check returns an error for a flow that can't be computed.
func (f Flow) Check() error {
	for i, s := range f.Steps {
		switch {
		case s.Service < 0 || s.Service >= len(f.Services):
			return fmt.Errorf("step %d (%s): there is no service %d", i, s.Trigger, s.Service)
		case s.Cause >= i || s.Cause < Client:
			return fmt.Errorf("step %d (%s): its cause, step %d, does not come before it", i, s.Trigger, s.Cause)
		case !(s.Seconds > 0):
			return fmt.Errorf("step %d (%s): it takes %g seconds", i, s.Trigger, s.Seconds)
		case f.Services[s.Service].Worker && s.Request():
			return fmt.Errorf("step %d (%s): requests reach functions only", i, s.Trigger)
		}
	}
	for _, s := range f.Services {
		if s.Worker && (s.MinTasks < 1 || s.MaxTasks < s.MinTasks) || !s.Worker && s.Functions < 1 || s.Concurrency < 1 || s.MaxReceives < 1 {
			return fmt.Errorf("service %s: it can't handle anything", s.Name)
		}
	}
	return nil
}

// Of returns a service as its manifest declares it, with the defaults of an environment of Terraform.
func Of(m *manifest.Manifest) Service {
	s := Service{
		Name: m.Name, Worker: m.Runtime == manifest.Worker, Rate: m.Rate,
		Concurrency: float64(min(m.Queue.Concurrency, m.Queue.Batch)), Functions: float64(max(1, m.Queue.MaxFunctions)), MinTasks: 1, MaxTasks: 4,
		MaxReceives: m.Queue.MaxReceives, MemoryMB: m.MemoryMB, Table: m.Store == manifest.DynamoDB,
	}
	if s.Worker {
		s.Concurrency = float64(m.Queue.Concurrency)
	}
	s.TaskBacklog = cmp.Or(m.Rate, 10) * float64(m.Queue.AcceptableDelaySeconds) // as terraform/modules/service/worker.tf
	return s
}
