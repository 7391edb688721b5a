package logs

import (
	"fmt"
	"slices"
	"time"
)

// MaxBytes is the most that all groups together store, in bytes by AWS's formula: what some 2,500 executions of a dozen
// steps log with their payloads. Groups share it, so that a talkative one doesn't push out a quiet one.
const MaxBytes = 48 << 20

// portions is how many parts of the budget there are. Room is made for one part at a time, so that it costs nothing
// per event.
const portions = 64

// NoteStream is the stream of the note that stands for events that were let go. No stream can have this name on AWS.
const NoteStream = "local cloud: note"

// letGo is what a group has let go to make room.
type letGo struct {
	Events    int
	Timestamp int64 // of the last of them
	Sequence  uint64
	At        int64 // when
	Budget    int
}

// note returns the event that readers find in the place of those that were let go.
func (l letGo) note() event {
	return event{position{l.Timestamp, l.Sequence}, NoteStream, l.At, fmt.Sprintf(
		"local cloud: %d events up to %s were let go: it keeps the last %.3g MB of logs",
		l.Events, time.UnixMilli(l.Timestamp).UTC().Format("2006-01-02T15:04:05.000Z"), float64(l.Budget)/(1<<20))}
}

// add adds an event to a group of the service, and makes room when another portion of the budget has been used.
func (s *Service) add(g *group, to *stream, timestamp int64, message string) {
	s.fresh += g.add(to, timestamp, message)
	if s.fresh >= s.Budget/portions {
		s.fresh = 0
		s.makeRoom()
	}
}

// makeRoom makes the largest groups let go of their oldest events until there is room for a portion of the budget.
func (s *Service) makeRoom() {
	total := 0
	for _, g := range s.groups {
		total += g.bytes
	}
	for total > s.Budget-s.Budget/portions {
		var largest *group
		for _, g := range s.groups {
			if largest == nil || g.bytes > largest.bytes {
				largest = g
			}
		}
		total -= largest.letGoOf(s.Budget/portions, s.Budget)
	}
}

// letGoOf drops the oldest events of a group, at least one and a number of bytes if it has so many, and returns their
// size.
func (g *group) letGoOf(atLeast, budget int) int {
	n, bytes := 0, 0
	for n < len(g.events) && (n == 0 || bytes < atLeast) {
		bytes += g.events[n].size()
		n++
	}
	last := g.events[n-1]
	g.gone = letGo{g.gone.Events + n, last.timestamp, last.sequence, now(), budget}
	g.drop(n)
	g.keep()
	return bytes
}

// drop drops the first n events.
func (g *group) drop(n int) {
	for _, e := range g.events[:n] {
		g.bytes -= e.size()
	}
	g.forgetEvents(g.events[:n])
	clear(g.events[:n]) // so that the messages can be garbage collected
	g.events = g.events[n:]
}

// after returns a copy of the events after a position, with a note in the place of those that were let go.
func (g *group) after(p position) []event {
	events := slices.Clone(g.events[find(g.events, p, true):])
	if note := g.gone.note(); g.gone.Events > 0 && note.compare(p) > 0 {
		events = slices.Insert(events, find(events, note.position, true), note)
	}
	return events
}

// find returns the index of the first event at a position or, if past is set, after it.
func find(events []event, p position, past bool) int {
	at, found := slices.BinarySearchFunc(events, p, func(e event, p position) int { return e.compare(p) })
	if found && past {
		at++
	}
	return at
}
