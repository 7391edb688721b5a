package console

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
)

// Changes are collected for a short time before they are sent to browsers, so that the number of frames doesn't grow
// with the number of events.
const (
	moment       = 50 * time.Millisecond
	framesKept   = 16  // frames that a browser may lag behind
	mostChanged  = 50  // executions in one frame; the rest are only counted
	mostGathered = 500 // executions collected by ID
)

// hub collects changes and sends them to all connected browsers, one frame at a time.
type hub struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
	next     gathered
}

// gathered is what has happened since the last frame.
type gathered struct {
	changed  []string // executions, in order of their first change
	known    map[string]bool
	more     int
	pulses   map[pulse]int
	queues   []queueView
	faults   []faultView   // nil if unchanged
	problems []problemView // nil if unchanged
	declared bool
	surged   bool
}

// pulse is an event at a place on the map.
type pulse struct {
	Type    string         `json:"type"`              // of the event
	Service string         `json:"service,omitempty"` // who received it; "" where it was published
	Kind    record.Kind    `json:"kind,omitempty"`
	Outcome events.Outcome `json:"outcome,omitempty"`
}

// watcher is one connected browser.
type watcher struct {
	frames  chan []byte
	dropped int // frames dropped since it was last notified
}

func newHub() *hub {
	return &hub{watchers: map[*watcher]struct{}{}, next: newGathered()}
}

func newGathered() gathered { return gathered{known: map[string]bool{}, pulses: map[pulse]int{}} }

func (h *hub) watch() *watcher {
	w := &watcher{frames: make(chan []byte, framesKept)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers[w] = struct{}{}
	return w
}

func (h *hub) leave(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

func (h *hub) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers) > 0
}

// take adds a change to the next frame.
func (h *hub) take(change record.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.watchers) == 0 {
		return
	}
	h.next.pulses[pulse{change.Type, change.Service, change.Kind, change.Outcome}]++
	switch {
	case h.next.known[change.Execution]:
	case len(h.next.changed) < mostGathered:
		h.next.known[change.Execution] = true
		h.next.changed = append(h.next.changed, change.Execution)
	default:
		h.next.more++
	}
}

func (h *hub) depths(queues []queueView) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.queues = queues
}

func (h *hub) failing(faults []faultView) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.faults = faults
}

func (h *hub) broken(problems []problemView) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.problems = problems
}

func (h *hub) declare() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.declared = true
}

func (h *hub) surge() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.surged = true
}

// run sends a frame at each interval in which something happened.
func (h *hub) run(ctx context.Context, frame func(gathered) any) {
	tick := time.NewTicker(moment)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if since, any := h.gather(); any {
				h.send(frame(since))
			}
		}
	}
}

func (h *hub) gather() (since gathered, any bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	since = h.next
	if len(since.pulses) == 0 && since.queues == nil && since.faults == nil && since.problems == nil && !since.declared && !since.surged {
		return since, false
	}
	h.next = newGathered()
	return since, true
}

// send sends a frame to every browser that has room for it.
func (h *hub) send(frame any) {
	encoded, err := json.Marshal(frame)
	if err != nil {
		return // encoding plain data can't fail
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		select {
		case w.frames <- encoded:
		default:
			w.dropped++
		}
	}
}

// missed returns the number of dropped frames and resets it.
func (h *hub) missed(w *watcher) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := w.dropped
	w.dropped = 0
	return n
}
