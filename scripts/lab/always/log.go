package always

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/invariant"
)

// Log records a run. It is safe for concurrent use.
type Log struct {
	routes    *http.ServeMux
	services  map[string]*manifest.Manifest // by name
	behind    map[string]string             // services by their routes
	mu        sync.Mutex
	published []events.Envelope
	first     map[string]entry              // events by ID
	handlers  map[string]string             // of requests, by the IDs that their events have as their cause
	answers   map[string]*invariant.Request // by idempotency key
	requests  []*invariant.Request          // in the order of their responses
	poison    map[string]Poison             // by id
	expected  map[string][]Expected         // expected dead letters by correlation ID
	letters   map[string]map[string]bool    // IDs of the events in each service's dead-letter queue
	violate   func(invariant.Violation)
}

type entry struct {
	events.Envelope
	wire string
}

// New returns an empty log for a system. It passes each violation to violate at once.
func New(services []*manifest.Manifest, violate func(invariant.Violation)) *Log {
	l := &Log{
		routes: http.NewServeMux(), services: map[string]*manifest.Manifest{}, behind: map[string]string{},
		first: map[string]entry{}, handlers: map[string]string{}, answers: map[string]*invariant.Request{},
		poison: map[string]Poison{}, expected: map[string][]Expected{}, letters: map[string]map[string]bool{},
		violate: violate,
	}
	for _, m := range services {
		l.services[m.Name] = m
		for _, route := range m.HTTP {
			l.routes.Handle(route, http.NotFoundHandler())
			l.behind[route] = m.Name
		}
	}
	return l
}

func (l *Log) wrong(invariantName, subject, format string, args ...any) {
	l.violate(invariant.Violation{Invariant: invariantName, Subject: subject, Detail: fmt.Sprintf(format, args...)})
}

// Route returns the service and the route of a request, or "" if there is none.
func (l *Log) Route(r *http.Request) (service, route string) {
	_, route = l.routes.Handler(r)
	return l.behind[route], route
}

// Published records an event that the bus, a topic or a queue accepted. Only an event published from outside may lack
// a cause.
func (l *Log) Published(wire string, outside bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	event := entry{wire: wire}
	if err := json.Unmarshal([]byte(wire), &event.Envelope); err != nil {
		l.wrong("what is published is an event", "", "%v: %s", err, wire)
		return
	}
	about := event.Metadata
	if _, poison := l.poison[about.ID]; poison {
		return
	}
	l.published = append(l.published, event.Envelope)
	earlier, known := l.first[about.ID]
	if !known {
		l.first[about.ID] = event
		l.checkCause(about, outside)
		return
	}
	if earlier.wire != wire && !l.free(event.Envelope, earlier.Envelope) {
		l.wrong("an event has one content", about.Subject, "%s was\n  %s\nand now is\n  %s", about.Type, earlier.wire, wire)
	}
}

// free reports whether an event may be published again with another content: a story's event if the story says so,
// and events of a service that keeps nothing, whose handlers run again.
func (l *Log) free(now, earlier events.Envelope) bool {
	if now.Metadata.CausationID == "" && earlier.Metadata.CausationID == "" {
		return true
	}
	producer := l.services[now.Metadata.Producer]
	return producer != nil && producer.Store == manifest.None && now.Metadata.Type == earlier.Metadata.Type
}

// maxPosition is the maximum number of events per unit of work for which IDs are checked.
const maxPosition = 64

// checkCause checks an event's ID, which derives from its cause.
func (l *Log) checkCause(about events.Metadata, outside bool) {
	if outside && about.CausationID == "" {
		return
	}
	handler, known := l.handlers[about.CausationID]
	if cause, published := l.first[about.CausationID]; published {
		handler, known = about.Producer+"/"+cause.Metadata.Type, true
	}
	if !known {
		l.wrong("no event is without a cause", about.Subject, "%s %s: nothing with the id %q was published or asked for", about.Type, about.ID, about.CausationID)
		return
	}
	for position := range maxPosition {
		if events.DeriveID(about.CausationID, handler, position) == about.ID {
			return
		}
	}
	l.wrong("an event's id follows from its cause", about.Subject, "%s %s, of %s", about.Type, about.ID, about.CausationID)
}

// Began records that a customer began an execution, and which dead letters it may cause.
func (l *Log) Began(correlationID string, may []Expected) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expected[correlationID] = may
}

// Asked records a request, which may cause events.
func (l *Log) Asked(r *http.Request, key string) {
	service, route := l.Route(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	handler := service + "/" + route
	l.handlers[events.DeriveID(key, handler, 0)] = handler
}

// Answered records the response to a request. Two successful responses to the same request must be identical.
func (l *Log) Answered(r *http.Request, key string, body []byte, status int, answer []byte) {
	if status >= http.StatusBadRequest || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return
	}
	service, _ := l.Route(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := &invariant.Request{Method: r.Method, Path: r.URL.Path, Body: body, Status: status, Answer: answer}
	earlier := l.answers[key]
	if earlier == nil {
		l.answers[key] = now
		l.requests = append(l.requests, now)
		return
	}
	stateless := l.services[service] != nil && l.services[service].Store == manifest.None
	if !stateless && (earlier.Status != status || string(earlier.Answer) != string(answer)) {
		l.wrong("a request has one answer", "", "%s %s was answered with %d %s and then with %d %s", r.Method, r.URL.Path, earlier.Status, earlier.Answer, status, answer)
	}
}

// World returns the part of a World that the log knows.
func (l *Log) World() *invariant.World {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &invariant.World{Published: slices.Clone(l.published)}
	for _, r := range l.requests {
		w.Requests = append(w.Requests, *r)
	}
	return w
}

// Caused returns the number of events that services have published.
func (l *Log) Caused() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.first {
		if e.Metadata.CausationID != "" {
			n++
		}
	}
	return n
}
