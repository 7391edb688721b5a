package record

import (
	"cmp"

	"example.com/troupe/scripts/internal/trace"
)

// mostEarly limits the executions whose first lines wait for their first step.
const mostEarly = 1000

// Line adds a log line to its execution. A handler's lines come before its step, so they may have to wait for it.
func (s *Store) Line(line trace.Line) {
	id := cmp.Or(line.CorrelationID, line.EventID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.byID[id]; d != nil {
		s.list(d, line)
		return
	}
	if len(s.early) >= mostEarly {
		clear(s.early) // requests that only read have no step
	}
	if waiting := s.early[id]; len(waiting) < s.limits.Steps {
		s.early[id] = append(waiting, line)
	}
}

// keepEarly gives a new execution the lines that waited for it.
func (s *Store) keepEarly(d *flow) {
	for _, line := range s.early[d.id] {
		s.list(d, line)
	}
	delete(s.early, d.id)
}

// list keeps a line, within the limits of steps and payloads.
func (s *Store) list(d *flow, line trace.Line) {
	if len(d.lines) >= s.limits.Steps {
		d.unlisted++
		return
	}
	line.Service = s.word(line.Service)
	d.lines = append(d.lines, line)
	s.weigh(d, line.Size)
}
