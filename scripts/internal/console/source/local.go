package source

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
)

// kept is how many steps and lines, and how many hops, may wait to be read; further ones are counted as lost.
const kept = 1 << 14

// remembered is how many messages' events are remembered at least. It saves decoding a body at each of their hops, and
// a rule's hop has none, but it follows at once.
const remembered = 1 << 12

// Local reads the tap of a local cloud, and what is passed to Step and Line: workers' logs don't appear on the tap.
type Local struct {
	hops  *tap.Listener // nil without a tap
	said  chan said
	lost  atomic.Int64
	wired atomic.Pointer[places]
	past  *CloudWatch // where an earlier run logged; may be nil
}

// said is a step or a line.
type said struct {
	step *events.Step
	line *trace.Line
}

// identity tells records apart.
type identity struct {
	service, event string
	at             int64
}

func (s said) identity() identity {
	if s.step != nil {
		return identity{s.step.Service, s.step.EventID, s.step.StartedAt.UnixNano()}
	}
	return identity{s.line.Service, s.line.EventID, s.line.Time.UnixNano()}
}

// NewLocal returns a source for a topology. It listens to the tap, which may be nil, from now until Read ends, and
// buffers what happens before Read begins.
func NewLocal(t *tap.Tap, wired *topology.Topology) *Local {
	l := &Local{said: make(chan said, kept)}
	if t != nil {
		l.hops = t.Listen(kept)
	}
	l.Wire(wired)
	return l
}

// Wire replaces the topology.
func (l *Local) Wire(wired *topology.Topology) { l.wired.Store(newPlaces(wired)) }

// Remember makes Read begin with what the logs contain of an earlier run. Call it before Read.
func (l *Local) Remember(logs *CloudWatch) { l.past = logs }

// Step queues a step. It never blocks.
func (l *Local) Step(step events.Step) { l.say(said{step: &step}) }

// Line queues a line of a service's log, if a handler wrote it. It never blocks.
func (l *Local) Line(line []byte) {
	if parsed, ok := trace.ParseLine(line); ok {
		l.say(said{line: &parsed})
	}
}

func (l *Local) say(what said) {
	select {
	case l.said <- what:
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
	var known map[identity]bool // of the newest records of the past, which may come again
	if l.past != nil {
		var err error
		if known, err = l.past.remember(ctx, to); err != nil && ctx.Err() == nil {
			to.Trouble(fmt.Errorf("read what happened before: %w", err))
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case what := <-l.said:
			if known[what.identity()] {
				continue
			}
			if what.step != nil {
				to.Step(*what.step)
			} else {
				to.Line(*what.line)
			}
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
	event, known := r.event(hop, wired.outsiders)
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
func (r *hopReader) event(hop tap.Hop, outsiders []*events.Contract) (record.EventRef, bool) {
	if event, known := r.events.get(hop.MessageID); known {
		return event, true
	}
	event, ours := eventIn(hop.Body, outsiders)
	if !ours {
		return record.EventRef{}, false
	}
	r.events.put(hop.MessageID, event)
	return event, true
}

// eventIn returns the event in a message. An invalid event is still worth following, but not one that nobody declares.
func eventIn(message []byte, outsiders []*events.Contract) (record.EventRef, bool) {
	envelope, err := events.Decode(message, outsiders...)
	m := envelope.Metadata
	return record.EventRef{ID: m.ID, Type: m.Type, Subject: m.Subject, CorrelationID: m.CorrelationID}, m.ID != "" && !errors.Is(err, events.ErrUndeclared)
}

// due returns when a message can be received, which the tap notes as "delayed by 4 s". Zero means immediately.
func due(hop tap.Hop) time.Time {
	if delay, delayed := cutDelay(hop.Note); delayed {
		return hop.Time.Add(delay)
	}
	return time.Time{}
}
