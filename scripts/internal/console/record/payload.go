package record

import (
	"strings"

	"example.com/troupe/events"
)

// weigh counts payload bytes, and removes payloads of the oldest executions if there are too many.
func (s *Store) weigh(d *flow, bytes int) {
	d.bytes += bytes
	s.bytes += bytes
	for s.bytes > s.limits.PayloadBytes && s.stripped < len(s.order) {
		oldest := s.order[s.stripped]
		s.stripped++
		s.bytes -= oldest.bytes
		oldest.bytes, oldest.stripped = 0, true
		for i := range oldest.steps {
			strip(&oldest.steps[i])
		}
		oldest.unlisted += len(oldest.lines)
		oldest.lines = nil
	}
}

func payload(step *events.Step) int {
	n := len(step.In) + len(step.Out)
	for _, c := range step.Changes {
		n += len(c.Before) + len(c.After)
	}
	for _, published := range step.Published {
		n += len(published.Data)
	}
	return n
}

func strip(step *events.Step) {
	step.In, step.Out, step.Changes = nil, nil, nil
	for i := range step.Published {
		step.Published[i].Data = nil
	}
}

// intern makes steps share their few distinct names.
func (s *Store) intern(step *events.Step) {
	for _, name := range []*string{&step.Service, &step.Handler, &step.EventType} {
		*name = s.word(*name)
	}
	for i := range step.Published {
		step.Published[i].Type = s.word(step.Published[i].Type)
	}
}

func (s *Store) word(text string) string {
	const most = 10_000 // more distinct values aren't names
	known, ok := s.words[text]
	if !ok && len(s.words) < most {
		known = strings.Clone(text)
		s.words[known] = known
	} else if !ok {
		return text
	}
	return known
}
