package simulation

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"example.com/troupe/events"
)

// events is all that was published, as it was on the wire, and what is known of it.
type facts struct {
	world    *world
	byID     map[string]*fact
	said     map[string]map[string]*fact // by order, and by what may be said of it once
	requests map[string]string           // handlers of requests, by the ids that their events have as a cause
	poison   map[string]poisoned         // by the event's id
	first    time.Time
	last     time.Time
}

// event is one event.
type fact struct {
	events.Envelope
	wire  string
	times int
}

// poisoned is an event that was made so that services cannot handle it.
type poisoned struct {
	reason   string
	services []string
}

func newFacts(w *world) *facts {
	return &facts{
		world: w, byID: map[string]*fact{}, said: map[string]map[string]*fact{},
		requests: map[string]string{}, poison: map[string]poisoned{}, first: time.Now(),
	}
}

// requested notes a request that may be the cause of events.
func (f *facts) requested(id, handler string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.requests[id] = handler
}

func (f *facts) poisoned(id, reason string, services []string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.poison[id] = poisoned{reason, services}
}

// published notes what a call put on the bus, on a topic or into a queue.
func (f *facts) published(op string, body []byte) {
	switch op {
	case "PutEvents", "SendMessageBatch":
		var batch struct {
			Entries []struct{ Detail, MessageBody string }
		}
		_ = json.Unmarshal(body, &batch) // the SDK wrote it
		for _, entry := range batch.Entries {
			f.hear(entry.Detail + entry.MessageBody)
		}
	case "PublishBatch":
		form, _ := url.ParseQuery(string(body))
		for n := 1; form.Has("PublishBatchRequestEntries.member." + strconv.Itoa(n) + ".Message"); n++ {
			f.hear(form.Get("PublishBatchRequestEntries.member." + strconv.Itoa(n) + ".Message"))
		}
	}
}

// hear holds an event against what has been said before.
func (f *facts) hear(wire string) {
	said := &fact{wire: wire}
	if err := json.Unmarshal([]byte(wire), &said.Envelope); err != nil {
		f.world.violate("events are events", "", "%v: %s", err, wire)
		return
	}
	about := said.Metadata
	f.last = time.Now()
	if earlier := f.byID[about.ID]; earlier != nil {
		earlier.times++
		if earlier.wire != wire {
			f.world.violate("an event has one content", about.Subject, "%s was\n  %s and now is\n  %s", about.Type, earlier.wire, wire)
		}
		return
	}
	f.byID[about.ID] = said
	if _, poison := f.poison[about.ID]; poison {
		return
	}
	f.checkCause(about)
	f.checkOnce(said)
}

// checkCause holds an event's id against its cause: who knows the cause knows the id.
func (f *facts) checkCause(about events.Metadata) {
	handler, known := f.requests[about.CausationID]
	if cause := f.byID[about.CausationID]; cause != nil {
		handler, known = about.Producer+"/"+cause.Metadata.Type, true
	}
	if !known {
		f.world.violate("no event is without a cause", about.Subject, "%s %s: nothing with the id %q was said or asked for", about.Type, about.ID, about.CausationID)
		return
	}
	positions := []int{0, 1, 2, 3, 4}
	if !slices.ContainsFunc(positions, func(n int) bool { return events.DeriveID(about.CausationID, handler, n) == about.ID }) {
		f.world.violate("an event's id follows from its cause", about.Subject, "%s %s, of %s", about.Type, about.ID, about.CausationID)
	}
}

// contradictions are events that cannot both be true of an order.
var contradictions = [][2]string{
	{"order.confirmed.v1", "order.cancelled.v1"},
	{"payment.authorized.v1", "payment.declined.v1"},
	{"stock.reserved.v1", "stock.rejected.v1"},
	{"order.cancelled.v1", "shipment.dispatched.v1"},
}

// checkOnce holds a new event against those about the same order: each is said once, and none
// contradicts another.
func (f *facts) checkOnce(said *fact) {
	about := said.Metadata
	kind := about.Type
	if kind == "customer.notified.v1" {
		var letter struct{ Template string }
		_ = json.Unmarshal(said.Data, &letter)
		kind += " " + letter.Template
	}
	of := f.said[about.Subject]
	if of == nil {
		of = map[string]*fact{}
		f.said[about.Subject] = of
	}
	if earlier := of[kind]; earlier != nil {
		f.world.violate("an event is said once", about.Subject, "%s as %s and as %s", kind, earlier.Metadata.ID, about.ID)
	}
	of[kind] = said
	for _, pair := range contradictions {
		if of[pair[0]] != nil && of[pair[1]] != nil {
			f.world.violate("no event contradicts another", about.Subject, "%s and %s", pair[0], pair[1])
		}
	}
}

// says tells whether something was said of an order.
func (f *facts) says(order, kind string) bool { return f.said[order][kind] != nil }
