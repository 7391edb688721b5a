package record

import (
	"slices"

	"example.com/troupe/events"
)

// setRepeatsApart moves the steps that came after the event or request had had its effect from the attempts to the
// repeats: duplicates, replays, requests with a used idempotency key. A redelivery that only completed what an attempt
// had begun is an attempt.
func (p *Part) setRepeatsApart() {
	of := func(outcomes ...events.Outcome) int {
		return slices.IndexFunc(p.Attempts, func(s events.Step) bool { return slices.Contains(outcomes, s.Outcome) })
	}
	effect := of(events.Handled)
	if effect < 0 {
		effect = of(events.Repeated) // its step is missing, or a repeat completed it
	}
	if effect < 0 {
		return
	}
	var attempts []events.Step
	for i, step := range p.Attempts {
		if i > effect || i < effect && step.Outcome == events.Repeated {
			p.Repeats = append(p.Repeats, step)
		} else {
			attempts = append(attempts, step)
		}
	}
	p.Attempts = attempts
}

// onlyRepeated reports whether all that is known of the publication of an event is that it was repeated.
func (a *assembler) onlyRepeated(event *Event) bool {
	by := a.causes[event.ID]
	return by != nil && by.Attempts[0].Outcome == events.Repeated
}

// repeated returns how many steps of a part had no effect of their own.
func (p *Part) repeated() int {
	n := len(p.Repeats)
	if len(p.Attempts) == 1 && p.Attempts[0].Outcome == events.Repeated { // its first step is missing
		n++
	}
	return n
}
