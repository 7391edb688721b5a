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

// kept is how many steps, and how many hops, may wait to be read; further ones are counted as lost.
const kept = 1 << 14

// remembered is how many messages' events are remembered at least. It saves decoding a body at each of their hops, and
// a rule's hop has none, but it follows at once.
const remembered = 1 << 12

// Local reads the tap of a local cloud, and the steps passed to Step: workers' steps don't appear on the tap.
type Local struct {
	hops  *tap.Listener // nil without a tap
	steps chan events.Step
	lost  atomic.Int64
	wired atomic.Pointer[places]
}

// NewLocal returns a source for a topology. It listens to the tap, which may be nil, from now until Read ends, and
// buffers what happens before Read begins.
func NewLocal(t *tap.Tap, wired *topology.Topology) *Local {
	l := &Local{steps: make(chan events.Step, kept)}
	if t != nil {
		l.hops = t.Listen(kept)
	}
	l.Wire(wired)
	return l
}

// Wire replaces the topology.
func (l *Local) Wire(wired *topology.Topology) { l.wired.Store(newPlaces(wired)) }

// Step queues a step. It never blocks.
func (l *Local) Step(step events.Step) {
	select {
	case l.steps <- step:
	default:
		l.lost.Add(1)
	}
}

// Read implements record.Source.
func (l *Local) Read(ctx context.Context, to record.Sink) error {
	var hops <-chan tap.Hop // a nil channel blocks for ever
	if l.hops != nil {
		defer l.hops.Close()
		hops = l.hops.C
	}
	reader := &hopReader{events: newMemory(remembered)}
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

// hopReader converts the tap's hops to the console's.
type hopReader struct {
	seq    uint64
	events *memory
}

// missed returns how many hops were dropped before this one.
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
		return // not ours; a rule for another event isn't worth reporting
	}
	report := record.Hop{Time: hop.Time, Kind: kind, Event: event, Service: service, Note: hop.Note}
	if kind == record.Queued {
		if hop.From == "" { // sent directly to the queue
			to.Hop(record.Hop{Time: hop.Time, Kind: record.Published, Event: event})
		}
		report.Due = due(hop)
	}
	to.Hop(report)
}

// event returns the event of a hop: from its body, or from an earlier hop of the same message.
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

// eventIn returns the event in a message. An invalid event is still worth following.
func eventIn(message []byte) (record.EventRef, bool) {
	envelope, _ := events.Decode(message)
	m := envelope.Metadata
	return record.EventRef{ID: m.ID, Type: m.Type, Subject: m.Subject, CorrelationID: m.CorrelationID}, m.ID != ""
}

// due returns when a message can be received, which the tap notes as "delayed by 4 s". Zero means immediately.
func due(hop tap.Hop) time.Time {
	if delay, delayed := cutDelay(hop.Note); delayed {
		return hop.Time.Add(delay)
	}
	return time.Time{}
}
