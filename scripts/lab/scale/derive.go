package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/lab/scale/model"
)

// databaseLatency is a worker's transaction with its database in the same region, in seconds: assumed.
const databaseLatency = 0.008

// latency returns how long a call of AWS takes, in seconds, as make cost assumes it.
func latency(call string) float64 {
	for _, l := range cost.Latencies {
		if strings.HasPrefix(call, l.Call) {
			return l.MS / 1000
		}
	}
	panic(call + " has no latency") // which the tests would have met
}

// recordBytes is the size of an idempotency record without its events.
const recordBytes = 150

// deriver makes a flow of an execution's steps.
type deriver struct {
	manifests []*manifest.Manifest
	factor    float64            // of the latencies
	own       map[string]float64 // the steps' own seconds, by handler and event: the least of several plays
	flow      model.Flow
	services  map[string]int
	processor []float64 // seconds of own work of an execution, by service
}

// derive returns the flow of an execution, and the seconds of own work that each of its services does in it.
func derive(manifests []*manifest.Manifest, plays [][]events.Step, factor float64) (model.Flow, []float64, error) {
	d := &deriver{manifests: manifests, factor: factor, own: map[string]float64{}, services: map[string]int{}}
	for _, steps := range plays {
		for _, s := range steps {
			if s.Outcome != events.Handled {
				continue
			}
			key := s.Service + s.Handler + s.EventType
			took := max(0.0005, s.DurationMS/1000)
			if least, known := d.own[key]; !known || took < least {
				d.own[key] = took
			}
		}
	}
	execution := trace.New(plays[0])
	for _, event := range execution.Events {
		if err := d.event(event, model.Client, ""); err != nil {
			return model.Flow{}, nil, err
		}
	}
	return d.flow, d.processor, d.flow.Check()
}

// event adds the steps that handled an event, and all that followed.
func (d *deriver) event(e *trace.Event, cause int, channel events.Channel) error {
	for _, s := range e.Steps {
		if s.Outcome != events.Handled {
			continue // retries and repeats are the model's to make
		}
		if cause == model.Client && s.EventType != "http" {
			return fmt.Errorf("the execution begins with %s and not with a request: choose another story with -story", s.EventType)
		}
		i, m, err := d.service(s.Service)
		if err != nil {
			return err
		}
		step := model.Step{Service: i, Trigger: e.Type, Cause: cause, Channel: channel}
		if !e.Due.IsZero() {
			step.Delay = max(0, e.Due.Sub(s.StartedAt).Seconds())
		}
		d.load(&step, m, &s.Step)
		at := len(d.flow.Steps)
		d.flow.Steps = append(d.flow.Steps, step)
		for _, published := range s.Published {
			if err := d.event(published, at, published.Channel); err != nil {
				return err
			}
		}
	}
	return nil
}

// service returns a service's place in the flow.
func (d *deriver) service(name string) (int, *manifest.Manifest, error) {
	at := slices.IndexFunc(d.manifests, func(m *manifest.Manifest) bool { return m.Name == name })
	if at < 0 {
		return 0, nil, fmt.Errorf("a step is of %s, which is not declared", name)
	}
	i, known := d.services[name]
	if !known {
		i = len(d.flow.Services)
		d.services[name] = i
		d.flow.Services = append(d.flow.Services, model.Of(d.manifests[at]))
		d.processor = append(d.processor, 0)
	}
	return i, d.manifests[at], nil
}

// load sets what a step takes: time, write units and calls.
func (d *deriver) load(step *model.Step, m *manifest.Manifest, s *events.Step) {
	own := d.own[s.Service+s.Handler+s.EventType]
	d.processor[step.Service] += own
	record, waiting := recordBytes, 0.0
	for _, p := range s.Published {
		record += len(p.Data) + 500 // the envelope's metadata
		switch p.Channel {
		case events.EventBridge:
			step.Facts++
		case events.SNS:
			step.Notices++
		case events.Queue:
			waiting += latency("sqs SendMessage")
		}
	}
	if step.Facts > 0 {
		step.Puts = math.Ceil(step.Facts / 10) // PutEvents takes ten
		waiting += latency("events PutEvents") * step.Puts
	}
	if step.Notices > 0 {
		waiting += latency("sns Publish")
	}
	switch m.Store {
	case manifest.DynamoDB:
		waiting += latency("dynamodb BatchGetItem") + latency("dynamodb TransactWriteItems")
		step.Writes = units(record)
		if len(s.Changes) > 0 {
			step.Writes *= 2 // a transaction writes twice
		}
		for _, c := range s.Changes {
			step.Writes += 2 * units(len(c.Key)+len(c.After)+100)
		}
	case manifest.SQL:
		waiting += databaseLatency
	}
	step.Seconds = own + waiting*d.factor
}

// units returns the write units of an item: one for each KB begun.
func units(bytes int) float64 { return math.Ceil(float64(bytes) / 1024) }
