package record

import (
	"cmp"
	"encoding/json"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

// assembler assembles an execution from its records.
type assembler struct {
	*flow
	audience   *Audience
	data       map[string]json.RawMessage // of events, by ID
	known      map[string]bool            // events that have been placed
	all        []*Part
	causes     map[string]*Part       // which part published an event, by ID
	publishers map[string]events.Step // and in which step
	handled    map[*Part]*Event       // which event a part handles
	logged     map[place][]trace.Line // what handlers logged
	cancelled  map[string]bool        // reminders, by the ID of their events
}

func assemble(d *flow, audience *Audience) *Execution {
	a := &assembler{flow: d, audience: audience, data: map[string]json.RawMessage{}, known: map[string]bool{}, causes: map[string]*Part{}, publishers: map[string]events.Step{}, handled: map[*Part]*Event{}, logged: map[place][]trace.Line{}, cancelled: map[string]bool{}}
	for _, line := range d.lines {
		at := place{line.EventID, line.Service}
		a.logged[at] = append(a.logged[at], line)
	}
	for _, step := range d.steps {
		if _, known := a.data[step.EventID]; len(step.In) > 0 && (!known || step.Outcome == events.Handled) { // another request may come with the key
			a.data[step.EventID] = step.In
		}
		for _, id := range step.Cancelled {
			a.cancelled[id] = true
		}
		for _, published := range step.Published {
			if len(published.Data) > 0 {
				a.data[published.ID] = published.Data
			}
		}
	}
	made := &Execution{Payloads: len(a.data) > 0, Dropped: d.dropped, Unlisted: d.unlisted, Events: []*Event{}}
	traced := trace.New(d.steps)
	for _, event := range traced.Events {
		made.Events = append(made.Events, a.event(event))
	}
	for _, published := range d.published {
		if !a.known[published.ID] {
			made.Events = append(made.Events, a.event(&trace.Event{ID: published.ID, Type: published.Type}))
		}
	}
	made.Summary = a.summary(made, traced)
	a.markCritical(a.end(made))
	return made
}

func (a *assembler) event(traced *trace.Event) *Event {
	a.known[traced.ID] = true
	event := &Event{
		ID: traced.ID, Type: traced.Type, Due: traced.Due, Data: a.data[traced.ID], Parts: []*Part{},
		Channel: cmp.Or(traced.Channel, a.audience.channels[traced.Type]),
	}
	for _, step := range traced.Steps {
		part := a.part(event, step.Service)
		part.Handler = cmp.Or(step.Handler, part.Handler)
		part.Attempts = append(part.Attempts, bare(step.Step))
		for _, published := range step.Published {
			a.causes[published.ID], a.publishers[published.ID] = part, step.Step
			part.Published = append(part.Published, a.event(published))
		}
	}
	for _, part := range event.Parts {
		part.setRepeatsApart()
		part.Times = a.times(event, part)
		part.Lines = a.logged[place{event.ID, part.Service}]
	}
	for _, l := range a.audience.listeners[event.Type] {
		a.expect(event, l)
	}
	for _, part := range event.Parts {
		a.judge(event, part)
	}
	return event
}

// bare returns a step without its published events, which the part lists.
func bare(step events.Step) events.Step {
	step.Published = nil
	return step
}

// part returns what a service has done with an event so far.
func (a *assembler) part(event *Event, service string) *Part {
	for _, p := range event.Parts {
		if p.Service == service {
			return p
		}
	}
	p := &Part{Key: event.ID + "." + service, Service: service, Attempts: []events.Step{}, Published: []*Event{}}
	if d := a.deliveries[place{event.ID, service}]; d != nil {
		p.QueuedAt, p.ReceivedAt = d.queued, d.received
	}
	event.Parts = append(event.Parts, p)
	a.all = append(a.all, p)
	a.handled[p] = event
	return p
}

// expect adds a subscriber without a step: it hasn't received the event yet, or won't receive it.
func (a *assembler) expect(event *Event, l listener) {
	if slices.ContainsFunc(event.Parts, func(p *Part) bool { return p.Service == l.service }) {
		return
	}
	d := a.deliveries[place{event.ID, l.service}]
	passes, known, why := l.passes(event.Data)
	if d == nil && (!known || a.onlyRepeated(event)) {
		return // unknown whether the filter matched, or its steps belong to the execution in which it was first published
	}
	p := a.part(event, l.service)
	if d != nil {
		return
	}
	p.Progress = Queueing
	if !passes {
		p.Progress, p.Note = Passed, why
	}
}
