package record

import (
	"cmp"
	"container/list"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

// Limits limit what is kept.
type Limits struct {
	Executions int // beyond, those touched least recently are let go
	Steps      int // per execution; further ones are only counted
	Bytes      int // approximately, of all executions; beyond, those touched least recently are let go
}

// DefaultLimits allow some 4,000 executions of a dozen steps with their payloads.
var DefaultLimits = Limits{Executions: 10_000, Steps: 500, Bytes: 40 << 20}

// Change is a change for connected browsers.
type Change struct {
	Execution string
	Type      string // of the event
	Service   string // "" where the event was published
	Kind      Kind   // of the hop
	Outcome   events.Outcome
}

// Store keeps executions. It is a Sink, and is safe for concurrent use.
type Store struct {
	limits Limits
	notify func(Change)

	mu       sync.Mutex
	audience *Audience
	byID     map[string]*flow
	order    []*flow   // oldest first
	touched  list.List // of *flow, the least recently touched first
	bytes    int       // of all of them, approximately
	gone     int       // how many were let go
	numbers  uint64
	lost     int
	words    map[string]string
	queued   map[place]time.Time // when each message entered its queue
	retrying map[place]struct{}  // messages that failed last time and will be received again
	about    map[string][]*flow  // by subject, oldest first
	early    map[string][]trace.Line
	trouble  error
}

// flow is the record of one execution.
type flow struct {
	id, subject string
	number      uint64
	first       time.Time
	steps       []events.Step
	published   []EventRef
	deliveries  map[place]*delivery
	lines       []trace.Line
	subjects    []string
	touched     *list.Element
	bytes       int
	dropped     int
	unlisted    int // lines

	text    string  // the searchable text
	summary Summary // as last computed
	fresh   bool    // the summary is up to date
}

// place identifies an event's delivery to a service.
type place struct{ event, service string }

// delivery is the last observation of a message.
type delivery struct {
	kind                 Kind
	at, queued, received time.Time
	note                 string
}

// NewStore returns an empty store that calls notify with every change.
func NewStore(limits Limits, audience *Audience, notify func(Change)) *Store {
	return &Store{limits: limits, notify: notify, audience: audience, byID: map[string]*flow{}, words: map[string]string{}, queued: map[place]time.Time{}, retrying: map[place]struct{}{},
		about: map[string][]*flow{}, early: map[string][]trace.Line{}}
}

// Listen replaces the declarations.
func (s *Store) Listen(audience *Audience) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.audience = audience
	for _, d := range s.order {
		d.fresh = false
	}
}

// Lost counts records that a source dropped.
func (s *Store) Lost(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost += n
}

// Trouble records why nothing new arrives, or nil when it works again.
func (s *Store) Trouble(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = err
}

// Health returns how much was lost, and why nothing new arrives.
func (s *Store) Health() (lost int, trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost, s.trouble
}

// Step adds a step.
func (s *Store) Step(step events.Step) {
	// A message that isn't an event has no correlation ID; it becomes an execution by itself.
	id := cmp.Or(step.CorrelationID, step.EventID, step.Service+"@"+step.StartedAt.UTC().Format("2006-01-02T15:04:05.000000Z"))
	s.mu.Lock()
	d := s.flow(id, step.StartedAt)
	d.fresh = false
	s.relate(d, step.Subject)
	if len(d.steps) >= s.limits.Steps {
		d.dropped++
	} else {
		s.intern(&step)
		size := d.add(step)
		d.remember(step.Subject, step.Service, step.Handler, step.EventType, string(step.Outcome), step.Error, step.Reason)
		if step.Status != 0 {
			d.remember(strconv.Itoa(step.Status))
		}
		for _, published := range step.Published {
			d.remember(published.Type)
		}
		s.weigh(d, size)
	}
	s.retry(step)
	s.mu.Unlock()
	s.notify(Change{Execution: id, Type: step.EventType, Service: step.Service, Outcome: step.Outcome})
}

// Hop adds a hop.
func (s *Store) Hop(hop Hop) {
	id := cmp.Or(hop.Event.CorrelationID, hop.Event.ID)
	if id == "" {
		return // not an event of ours
	}
	s.mu.Lock()
	d := s.flow(id, hop.Time)
	d.fresh = false
	d.subject = cmp.Or(d.subject, hop.Event.Subject)
	s.relate(d, hop.Event.Subject)
	d.remember(hop.Event.Subject, hop.Event.Type)
	s.queue(hop)
	switch {
	case hop.Kind == Acknowledged: // its step contains more
	case len(d.published)+len(d.deliveries) >= 4*s.limits.Steps:
		d.dropped++
	case hop.Kind == Published:
		d.published = append(d.published, hop.Event)
		s.weigh(d, deliveryBytes)
	default:
		s.weigh(d, d.deliver(hop))
	}
	s.mu.Unlock()
	s.notify(Change{Execution: id, Type: hop.Event.Type, Service: hop.Service, Kind: hop.Kind})
}

// deliver records what happened to a message, and returns what that takes.
func (d *flow) deliver(hop Hop) (size int) {
	at := place{hop.Event.ID, hop.Service}
	seen := d.deliveries[at]
	if seen == nil {
		seen, size = &delivery{}, deliveryBytes
		if d.deliveries == nil {
			d.deliveries = map[place]*delivery{}
		}
		d.deliveries[at] = seen
	}
	seen.kind, seen.at, seen.note = hop.Kind, hop.Time, hop.Note
	switch hop.Kind {
	case Queued:
		seen.queued = hop.Time
	case Received:
		seen.received = hop.Time
	}
	return size
}

// most is the maximum number of messages in queues that are recorded. With more, the oldest are known already.
const most = 100_000

// retry records whether a message will be received again.
func (s *Store) retry(step events.Step) {
	at := place{step.EventID, step.Service}
	if step.Outcome != events.Retried {
		delete(s.retrying, at)
	} else if len(s.retrying) < most {
		s.retrying[at] = struct{}{}
	}
}

// Retrying returns how many messages each service failed at and will receive again.
func (s *Store) Retrying() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for at := range s.retrying {
		counts[at.service]++
	}
	return counts
}

// queue records when messages entered their queues.
func (s *Store) queue(hop Hop) {
	at := place{hop.Event.ID, hop.Service}
	switch hop.Kind {
	case Queued:
		if len(s.queued) < most && hop.Due.IsZero() {
			s.queued[at] = hop.Time
		}
	case Acknowledged, MovedToDLQ:
		delete(s.queued, at)
		delete(s.retrying, at)
	}
}

// Oldest returns when the oldest message of each service's queue entered it. It omits empty queues.
func (s *Store) Oldest() map[string]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := map[string]time.Time{}
	for at, since := range s.queued {
		if known, ok := oldest[at.service]; !ok || since.Before(known) {
			oldest[at.service] = since
		}
	}
	return oldest
}

// flow returns the record of an ID. It creates one if necessary, and makes room for it.
func (s *Store) flow(id string, at time.Time) *flow {
	d := s.byID[id]
	if d == nil {
		s.numbers++
		d = &flow{id: id, number: s.numbers, first: at, text: strings.ToLower(id) + "\n"}
		s.byID[id] = d
		s.order = append(s.order, d)
		d.touched = s.touched.PushBack(d)
		s.weigh(d, flowBytes+2*len(id))
		s.keepEarly(d)
		if len(s.order) > s.limits.Executions {
			s.forget()
		}
	}
	s.touched.MoveToBack(d.touched)
	if at.Before(d.first) { // a source reads one log after another
		d.first = at
	}
	return d
}
