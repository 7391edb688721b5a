package source

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/topology"
)

// kept is how many steps and hops may each wait to be read; more are counted as lost.
const kept = 1 << 14

// Local reads the tap of a local cloud, and the steps that Step is given: those of workers
// come on no tap.
type Local struct {
	hops  *tap.Listener // nil where there is no tap
	steps chan events.Step
	lost  atomic.Int64
	wired atomic.Pointer[places]
}

// NewLocal returns a source for a topology. It listens to the tap, which may be nil, from now on until Read ends: what
// happens before Read begins is kept for it.
func NewLocal(t *tap.Tap, wired *topology.Topology) *Local {
	l := &Local{steps: make(chan events.Step, kept)}
	if t != nil {
		l.hops = t.Listen(kept)
	}
	l.Wire(wired)
	return l
}

// Wire takes a new topology.
func (l *Local) Wire(wired *topology.Topology) { l.wired.Store(newPlaces(wired)) }

// Step takes a step; it never waits.
func (l *Local) Step(step events.Step) {
	select {
	case l.steps <- step:
	default:
		l.lost.Add(1)
	}
}

// Read implements record.Source.
func (l *Local) Read(ctx context.Context, to record.Sink) error {
	var hops <-chan tap.Hop // nil never comes
	if l.hops != nil {
		defer l.hops.Close()
		hops = l.hops.C
	}
	reader := &hopReader{events: newMemory(kept)}
	for {
		select {
		case <-ctx.Done():
			return nil
		case step := <-l.steps:
			to.Step(step)
		case hop := <-hops:
			if missed := reader.missed(hop); missed > 0 {
				to.Lost(missed)
			}
			reader.read(hop, l.wired.Load(), to)
		}
		if lost := l.lost.Swap(0); lost > 0 {
			to.Lost(int(lost))
		}
	}
}

// hopReader makes hops of the console out of those of the tap.
type hopReader struct {
	seq    uint64
	events *memory
}

// missed returns how many hops are missing before one.
func (r *hopReader) missed(hop tap.Hop) int {
	missed := 0
	if r.seq > 0 {
		missed = int(hop.Seq - r.seq - 1)
	}
	r.seq = hop.Seq
	return missed
}

func (r *hopReader) read(hop tap.Hop, wired *places, to record.Sink) {
	kind, service := wired.meaning(hop)
	if kind == "" {
		return
	}
	event, known := r.event(hop)
	if !known || kind == record.Skipped && wired.rules[hop.Resource].event != event.Type {
		return // not ours; a rule for another event is not worth telling
	}
	told := record.Hop{Time: hop.Time, Kind: kind, Event: event, Service: service, Note: hop.Note}
	if kind == record.Queued {
		if hop.From == "" { // sent straight to the queue
			to.Hop(record.Hop{Time: hop.Time, Kind: record.Published, Event: event})
		}
		told.Due = due(hop)
	}
	to.Hop(told)
}

// event returns which event a hop is about: the one in its body, or in that of an earlier hop of the same message.
func (r *hopReader) event(hop tap.Hop) (record.EventRef, bool) {
	if event, known := r.events.get(hop.MessageID); known {
		return event, true
	}
	event, ours := eventIn(hop.Body)
	if !ours {
		return record.EventRef{}, false
	}
	r.events.put(hop.MessageID, event)
	return event, true
}

// eventIn returns which event a message holds. One that is not as it should be is still worth following.
func eventIn(message []byte) (record.EventRef, bool) {
	envelope, _ := events.Decode(message)
	m := envelope.Metadata
	return record.EventRef{ID: m.ID, Type: m.Type, Subject: m.Subject, CorrelationID: m.CorrelationID}, m.ID != ""
}

// due returns the time from which a message can be received. The tap has it in words: "delayed by 4 s". Zero is at once.
func due(hop tap.Hop) time.Time {
	if delay, delayed := cutDelay(hop.Note); delayed {
		return hop.Time.Add(delay)
	}
	return time.Time{}
}
