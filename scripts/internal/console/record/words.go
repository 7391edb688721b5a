package record

import (
	"strings"

	"example.com/troupe/events"
)

// intern makes steps share their few distinct names.
func (s *Store) intern(step *events.Step) {
	for _, name := range []*string{&step.Service, &step.Handler, &step.EventType} {
		*name = s.word(*name)
	}
	step.Outcome = events.Outcome(s.word(string(step.Outcome)))
	for i := range step.Published {
		p := &step.Published[i]
		p.Type, p.Channel = s.word(p.Type), events.Channel(s.word(string(p.Channel)))
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
