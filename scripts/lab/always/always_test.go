package always_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/services/kit/invariant"
)

// system returns the fixture's services, another one with routes, and one that keeps nothing.
func system(t *testing.T) []*manifest.Manifest {
	t.Helper()
	services, err := manifest.Load(fixture.FS())
	if err != nil {
		t.Fatal(err)
	}
	return append(services,
		&manifest.Manifest{Name: "ferry", Store: manifest.DynamoDB, HTTP: []string{"POST /crossings", "GET /crossings/{id}"}, Subscribes: []manifest.Subscription{{Event: "storm.warned.v1"}}},
		&manifest.Manifest{Name: "gull", Store: manifest.None, HTTP: []string{"POST /cries"}})
}

type run struct {
	*always.Log
	broken []string
}

func begin(t *testing.T) *run {
	r := &run{}
	r.Log = always.New(system(t), func(v invariant.Violation) { r.broken = append(r.broken, v.String()) })
	return r
}

func (r *run) publish(id, cause, producer, data string) {
	r.Published(wire(id, cause, producer, data), false)
}

func wire(id, cause, producer, data string) string {
	return fmt.Sprintf(`{"metadata": {"id": %q, "type": "x.v1", "subject": "s", "correlationId": "c", "causationId": %q, "producer": %q}, "data": %s}`, id, cause, producer, data)
}

func post(path string) *http.Request { return httptest.NewRequest(http.MethodPost, path, nil) }

// The cause of a request with the key k, and the event that it causes.
var (
	cause  = events.DeriveID("k", "ferry/POST /crossings", 0)
	effect = events.DeriveID(cause, "ferry/POST /crossings", 1)
	next   = events.DeriveID(effect, "buoy/x.v1", 0)
)

// asked returns a log in which a request was made, answered and followed by two events, each published twice.
func asked(t *testing.T) *run {
	r := begin(t)
	r.Asked(post("/crossings"), "k")
	for range 2 {
		r.publish(effect, cause, "ferry", `{}`)
		r.publish(next, effect, "buoy", `{}`)
		r.Answered(post("/crossings"), "k", nil, 202, []byte("yes"))
	}
	return r
}

func TestSound(t *testing.T) {
	r := asked(t)
	r.Published(wire("from a story", "", "ferry", `{}`), true)
	r.Published(wire("from a story", "", "ferry", `{"again": 1}`), true)
	r.Answered(httptest.NewRequest(http.MethodGet, "/crossings/1", nil), "", nil, 200, []byte("1"))
	for _, answer := range []string{"one", "other"} { // a service that keeps nothing may respond differently
		r.Answered(post("/cries"), "cry", nil, 200, []byte(answer))
	}
	r.Answered(post("/crossings"), "refused", nil, 400, []byte("no"))
	if len(r.broken) > 0 {
		t.Error(r.broken)
	}
	w := r.World()
	if len(w.Published) != 6 || len(w.Requests) != 2 || w.Requests[0].Path != "/crossings" || r.Caused() != 2 {
		t.Errorf("the world has %d events and %d requests, and %d events are caused", len(w.Published), len(w.Requests), r.Caused())
	}
}

// TestBroken breaks one thing at a time.
func TestBroken(t *testing.T) {
	letter := func(service, id, reason string) always.Letter {
		return always.Letter{Service: service, Body: `{"detail": ` + wire(id, "", "ferry", `{}`) + `}`, Reason: reason}
	}
	poisoned := func(r *run) {
		message := events.Message{Envelope: events.Envelope{Metadata: events.Metadata{ID: "p", Type: "x.v1"}}}
		r.Poisoned(always.Poison{Message: message, Subscribers: []string{"ferry", "buoy"}, Sure: []string{"ferry"}})
	}
	for want, breaks := range map[string]func(*run){
		"is an event: invalid":              func(r *run) { r.Published("no JSON", false) },
		"one content: s x.v1 was":           func(r *run) { r.publish(effect, cause, "ferry", `{"n": 2}`) },
		"without a cause: s x.v1 e":         func(r *run) { r.publish("e", "unknown", "ferry", `{}`) },
		`nothing with the id ""`:            func(r *run) { r.publish("e", "", "ferry", `{}`) },
		"follows from its cause: s x.v1 e,": func(r *run) { r.publish("e", cause, "ferry", `{}`) },
		"follows from its cause: s x.v1 " + events.DeriveID(effect, "ferry/x.v1", 0): func(r *run) {
			r.publish(events.DeriveID(effect, "ferry/x.v1", 0), effect, "buoy", `{}`)
		},
		"a request has one answer: POST /crossings was answered with 202 yes and then with 202 no": func(r *run) {
			r.Answered(post("/crossings"), "k", nil, 202, []byte("no"))
		},
		"and then with 201 yes":        func(r *run) { r.Answered(post("/crossings"), "k", nil, 201, []byte("yes")) },
		`x.v1 of ferry: reason "some"`: func(r *run) { r.DeadLetter(letter("ferry", "e", "some")) },
		`x.v1 of gull: reason "bad-contract"`: func(r *run) {
			poisoned(r)
			r.DeadLetter(letter("gull", "p", "bad-contract"))
		},
		`x.v1 of ferry: reason ""`: func(r *run) {
			poisoned(r)
			r.DeadLetter(letter("ferry", "p", ""))
		},
		`x.v1 of buoy: reason "other"`: func(r *run) {
			r.Began("c", []always.Expected{{Service: "buoy", Reason: "expected"}})
			r.DeadLetter(letter("buoy", "e", "other"))
		},
		"poison is dead-lettered: x.v1 p is not in the dead-letter queue of ferry": func(r *run) {
			poisoned(r)
			r.DeadLetter(letter("buoy", "p", "bad-contract"))
			r.CheckPoison()
		},
	} {
		r := asked(t)
		breaks(r)
		if got := strings.Join(r.broken, "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestExpectedDeadLetters(t *testing.T) {
	r := begin(t)
	message := events.Message{Envelope: events.Envelope{Metadata: events.Metadata{ID: "p", Type: "x.v1"}}}
	r.Poisoned(always.Poison{Message: message, Subscribers: []string{"ferry", "buoy"}, Sure: []string{"ferry"}})
	r.Began("c", []always.Expected{{Service: "gull"}, {Service: "buoy", Reason: "expected"}})
	r.DeadLetter(always.Letter{Service: "ferry", Body: wire("p", "", "x", `7`), Reason: "bad-contract"})
	r.DeadLetter(always.Letter{Service: "gull", Body: wire("e", "", "x", `7`), Reason: ""})
	r.DeadLetter(always.Letter{Service: "buoy", Body: wire("e", "", "x", `7`), Reason: "expected"})
	if r.CheckPoison(); len(r.broken) > 0 {
		t.Error(r.broken)
	}
}

// TestPoison makes poison of every event of the fixture that has a subscriber.
func TestPoison(t *testing.T) {
	folder, err := fs.Sub(fixture.FS(), "events")
	if err != nil {
		t.Fatal(err)
	}
	contracts, err := schema.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	services := system(t)
	for n := range 20 {
		p, ok := always.NewPoison(contracts, services, "p", func(of int) int { return n % of })
		if !ok {
			t.Fatal("nobody subscribes to anything")
		}
		about := p.Message.Envelope.Metadata
		for i := range contracts {
			if contracts[i].Type == about.Type && schema.Validate(&contracts[i].Contract, p.Message.Envelope.Data) == nil {
				t.Errorf("%s keeps to its contract: %s", about.Type, p.Message.Envelope.Data)
			}
		}
		if len(p.Subscribers) == 0 || len(p.Sure) > len(p.Subscribers) {
			t.Errorf("%s is for %v, for sure for %v", about.Type, p.Subscribers, p.Sure)
		}
	}
	if _, ok := always.NewPoison(contracts, nil, "p", func(int) int { return 0 }); ok {
		t.Error("there is poison for nobody")
	}
}
