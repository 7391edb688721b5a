package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/trace"
)

// summary returns the summary of the execution.
func (a *assembler) summary(made *Execution, traced trace.Execution) Summary {
	s := Summary{
		ID: a.id, Number: a.number, Subject: cmp.Or(traced.Subject, a.subject), StartedAt: a.first,
		Steps: traced.Steps, State: Done,
	}
	if !traced.StartedAt.IsZero() && (a.first.IsZero() || traced.StartedAt.Before(a.first)) {
		s.StartedAt = traced.StartedAt
	}
	if len(made.Events) > 0 {
		s.Began = began(made.Events[0])
		if first := made.Events[0]; first.Type == "http" && len(first.Parts) > 0 && first.Parts[0].Last() != nil {
			s.Status = first.Parts[0].Last().Status
		}
	}
	var latest time.Time
	refused, others := (*Part)(nil), 0
	for _, p := range a.all {
		s.take(p)
		if idle := !a.handled[p].Due.IsZero() && len(p.Published) == 0; !idle { // a reminder of what is over takes no time
			for _, attempt := range p.Attempts {
				s.DurationMS = max(s.DurationMS, milliseconds(ended(attempt).Sub(s.StartedAt)))
			}
		}
		switch {
		case p.Progress == Refused:
			refused = p
		case p.Progress != Passed:
			others++
		}
		if last := p.Last(); last != nil && p.Progress == Ran && last.StartedAt.After(latest) && len(p.Published) > 0 {
			latest, s.Last = last.StartedAt, p.Published[0].Type
		}
	}
	if refused != nil && others == 0 {
		s.State, s.Status = Rejected, refused.Last().Status
		s.Problem = strings.TrimSuffix(fmt.Sprintf("%s refused it with status %d: %s", refused.Service, s.Status, refused.Note), ": ")
	}
	s.setOutcome(a.endings(made))
	return s
}

func began(event *Event) string {
	if event.Type == "http" && len(event.Parts) > 0 {
		return event.Parts[0].Handler
	}
	return event.Type
}

// take adds one part to the summary: the worst progress decides.
func (s *Summary) take(p *Part) {
	worse := func(state State) {
		if slices.Index(severity, state) > slices.Index(severity, s.State) {
			s.State = state
		}
	}
	s.Retries += max(0, len(p.Attempts)-1)
	s.Repeats += p.repeated()
	switch p.Progress {
	case DeadLettered, Unreachable:
		worse(Failed)
		s.Problem = cmp.Or(s.Problem, p.Service+": "+p.Note)
	case Retrying:
		worse(Waiting)
	case Queueing, Working:
		worse(Running)
	case Passed:
		s.Skipped++
	}
}

var severity = []State{Done, Rejected, Running, Waiting, Failed}
