package record

import (
	"slices"
	"strings"
	"time"

	"example.com/troupe/events/schema"
)

// ending is an event whose contract names an outcome.
type ending struct {
	event   *Event
	outcome schema.Outcome
	at      time.Time
	by      *Part // nil if it was published from outside
}

// endings returns the events that ended an execution, in order of time. A reminder is no end.
func (a *assembler) endings(made *Execution) (found []ending) {
	look := func(event *Event, by *Part, at time.Time) {
		if outcome := a.audience.outcomes[event.Type]; outcome != "" && event.Due.IsZero() {
			found = append(found, ending{event, outcome, at, by})
		}
	}
	for _, event := range made.Events {
		look(event, nil, a.first)
	}
	for _, p := range a.all {
		for _, event := range p.Published {
			if last := p.Last(); last != nil {
				look(event, p, ended(*last).Add(-duration(last.PublishMS))) // before anyone could have received it
			}
		}
	}
	slices.SortStableFunc(found, func(a, b ending) int { return a.at.Compare(b.at) })
	return found
}

// setOutcome notes how an execution ended: as the latest of its endings says.
func (s *Summary) setOutcome(endings []ending) {
	if len(endings) == 0 {
		return
	}
	s.Outcome = endings[len(endings)-1].outcome
	var names []string
	for _, e := range endings {
		if name := words(e.event.Type); e.outcome == s.Outcome && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	s.Ended = strings.Join(names, ", ")
}

// words returns the name of an event as words: "lamp lit" for lamp.lit.v1.
func words(event string) string {
	name := event[:max(0, strings.LastIndexByte(event, '.'))]
	return strings.ReplaceAll(name, ".", " ")
}

// end returns the part with which an execution ended: the one that published its outcome, or else the one that ended
// last.
func (a *assembler) end(made *Execution) *Part {
	if endings := a.endings(made); len(endings) > 0 && endings[len(endings)-1].by != nil {
		return endings[len(endings)-1].by
	}
	var last *Part
	for _, p := range a.all {
		if p.Last() != nil && (last == nil || ended(*p.Last()).After(ended(*last.Last()))) {
			last = p
		}
	}
	return last
}

// markCritical marks a part and those that caused it.
func (a *assembler) markCritical(p *Part) {
	for p != nil && !p.Critical { // events can't cause themselves, but a log may say so
		p.Critical = true
		p = a.causes[a.handled[p].ID]
	}
}
