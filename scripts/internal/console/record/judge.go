package record

import (
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

// judge sets a part's progress from its last attempt and what happened to the message afterwards.
func (a *assembler) judge(event *Event, p *Part) {
	d := a.deliveries[place{event.ID, p.Service}]
	defer func() {
		if p.Progress == Scheduled && a.cancelled[event.ID] {
			p.Progress, p.Note = Passed, "cancelled"
		}
	}()
	if last := p.Last(); last != nil {
		p.Progress = progressOf(last.Outcome)
		p.Note = trace.Why(*last)
		if d == nil || !d.at.After(last.StartedAt) || p.Progress == Ran {
			return
		}
	}
	if d == nil {
		if p.Progress == Queueing && !event.Due.IsZero() {
			p.Progress = Scheduled
		}
		return
	}
	a.follow(event, p, d)
}

// follow applies the tap's reports of a message that has no step yet or was redelivered.
func (a *assembler) follow(event *Event, p *Part, d *delivery) {
	switch d.kind {
	case Queued:
		p.Progress, p.Note = Queueing, d.note
		if !event.Due.IsZero() {
			p.Progress, p.Note = Scheduled, ""
		}
	case Received:
		p.Progress, p.Note = Working, ""
	case Skipped:
		p.Progress, p.Note = Passed, ""
		if event.Data != nil && !a.audience.hides(event.Type, p.Service) {
			p.Note = fromRoot(d.note)
		}
	case Undelivered:
		p.Progress, p.Note = Unreachable, d.note
	case MovedToDLQ:
		p.Progress = DeadLettered
		p.Note = strings.TrimSuffix("dead letter, "+d.note+": "+p.Note, ": ")
	}
}

func progressOf(outcome events.Outcome) Progress {
	switch outcome {
	case events.Retried:
		return Retrying
	case events.DeadLettered:
		return DeadLettered
	case events.Refused:
		return Refused
	default:
		return Ran
	}
}
