package drawing

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
)

// flow returns the map of the fixture.
func flow(t *testing.T) Map {
	t.Helper()
	declared, err := stack.Load(fixture.Root(t))
	if err != nil {
		t.Fatal(err)
	}
	return Map{Services: declared.Manifests, Events: declared.Contracts}
}

// crowd returns a map of n services in a ring. Each publishes two events to which the next ones subscribe.
func crowd(n int) Map {
	m := Map{}
	name := func(i int) string { return fmt.Sprintf("service-%02d", i%n) }
	event := func(i, k int) string { return fmt.Sprintf("%s.happened%d.v1", name(i), k) }
	for i := range n {
		service := &manifest.Manifest{Name: name(i), Runtime: manifest.Lambda}
		for k := range 2 {
			service.Publishes = append(service.Publishes, event(i, k))
			service.Subscribes = append(service.Subscribes, manifest.Subscription{Event: event(i+n-1-k, k)})
			m.Events = append(m.Events, schema.Event{Contract: events.Contract{Type: event(i, k), Channel: events.EventBridge}})
		}
		m.Services = append(m.Services, service)
	}
	m.Services[0].Subscribes = nil
	return m
}

func TestTheMapFollowsTheFlow(t *testing.T) {
	s := flow(t).layOut(1200)
	var order []string
	for _, l := range s.lanes {
		order = append(order, l.service.Name)
	}
	if got := strings.Join(order, " "); got != "gull lighthouse harbour buoy pilot" {
		t.Errorf("services stand in the order %s", got)
	}
	const outside = 2 // events
	if s.rows[outside].event.Type != "POST /lamps" || s.rows[outside+2].event.Type != "lamp.lit.v1" {
		t.Errorf("it begins with %s, then %s", s.rows[outside].event.Type, s.rows[outside+2].event.Type)
	}
	uploaded := s.rows[0]
	if from, to := s.reach(uploaded); uploaded.event.Type != "chart.uploaded.v1" || from >= s.lanes[0].x || to != s.lanes[4].x {
		t.Errorf("what comes from outside, %s, reaches from %g to %g", uploaded.event.Type, from, to)
	}
	if says := s.sentence(uploaded); says != "charts, outside, publishes chart.uploaded.v1, subscribers: pilot (filtered)" {
		t.Error(says)
	}
}

// TestTheMapOfARing checks that, if every service subscribes to another, one with a route comes first.
func TestTheMapOfARing(t *testing.T) {
	ring := crowd(3)
	ring.Services[0].Subscribes = []manifest.Subscription{{Event: "service-02.happened0.v1"}}
	ring.Services[1].HTTP = []string{"POST /things"}
	if first := ring.layOut(1200).lanes[0].service.Name; first != "service-01" {
		t.Errorf("%s comes first, want service-01", first)
	}
}

// TestTheMapShowsSchedules: the clock is at the publisher, and the sentence says when.
func TestTheMapShowsSchedules(t *testing.T) {
	m := crowd(2)
	without := Score(m, 1200, true)
	m.Services[0].Schedules = []manifest.Schedule{{Expression: "cron(0 4 29 2 ? *)", Event: "service-00.happened0.v1", Timezone: "UTC"}}
	with := Score(m, 1200, true)
	const when = "service-00 publishes service-00.happened0.v1, also at cron(0 4 29 2 ? *) in UTC"
	if strings.Contains(without, `class="hands"`) || strings.Count(with, `class="hands"`) != 1 || !strings.Contains(with, when) {
		t.Errorf("the map does not have one clock, and %q:\n%s", when, with)
	}
}

func TestTheMapHasRoomForAll(t *testing.T) {
	for _, test := range []struct {
		name    string
		m       Map
		width   float64
		compact bool
		widest  float64
	}{
		{"five services on a screen", flow(t), 1200, false, 1200},
		{"five services on a phone", flow(t), 390, true, 390},
		{"seven services beside a card", crowd(7), 988, false, 988},
		{"thirty services on a screen", crowd(30), 1232, true, 1340},
		{"none", Map{}, 1200, false, 1200},
	} {
		s := test.m.layOut(test.width)
		if s.compact != test.compact || s.width > test.widest {
			t.Errorf("%s: compact is %t, width %g", test.name, s.compact, s.width)
		}
		for i := 1; i < len(s.lanes); i++ {
			if s.lanes[i].x-s.lanes[i-1].x < narrowest {
				t.Errorf("%s: lanes %d and %d are too close", test.name, i-1, i)
			}
		}
		for i := 1; i < len(s.rows); i++ {
			if s.rows[i].y-s.rows[i-1].y < laneHeight {
				t.Errorf("%s: rows %d and %d overlap", test.name, i-1, i)
			}
		}
		wellFormed(t, Score(test.m, test.width, false))
	}
}

func event(id, kind string, parts ...*record.Part) *record.Event {
	return &record.Event{ID: id, Type: kind, Channel: events.EventBridge, Parts: parts}
}

func part(service string, progress record.Progress, published ...*record.Event) *record.Part {
	p := &record.Part{Key: "k." + service, Service: service, Handler: "Desk.Do", Progress: progress, Published: published}
	if progress == record.Ran {
		p.Attempts = []events.Step{{DurationMS: 12, StartedAt: time.Unix(0, 0)}}
	}
	return p
}

// troubled returns an execution with a skip, a retry, a dead-lettered message, and texts with markup.
func troubled() *record.Execution {
	skipped := part("buoy", record.Passed)
	skipped.Note = "data.sea was south, wanted north"
	deadLettered := part(`<script>alert("x")</script>`, record.DeadLettered)
	deadLettered.Note = "no\x00thing & <b>nobody</b>"
	warned := event("c", "storm.warned.v1", skipped, part("pilot", record.Retrying))
	lit := event("p", "lamp.lit.v1", part("harbour", record.Ran, warned, event("u", "fog.seen.v1")), deadLettered)
	request := &record.Event{ID: "r", Type: "http", Parts: []*record.Part{part("lighthouse", record.Ran, lit)}}
	return &record.Execution{
		Summary: record.Summary{ID: `a/"b`, Subject: "lamp-1", State: record.Failed},
		Events:  []*record.Event{request, event("x", "stray.v1", part("harbour", record.Queueing))},
	}
}

func TestBoxesDoNotOverlap(t *testing.T) {
	d := layOut(troubled())
	if len(d.boxes) != 7 {
		t.Errorf("%d boxes, want 7", len(d.boxes))
	}
	for i, a := range d.boxes {
		for _, b := range d.boxes[:i] {
			if a.x < b.x+boxWidth && b.x < a.x+boxWidth && a.y < b.y+b.height && b.y < a.y+a.height {
				t.Errorf("boxes at %g,%g and %g,%g overlap", a.x, a.y, b.x, b.y)
			}
		}
		if a.x+boxWidth > d.width || a.y+a.height > d.height {
			t.Errorf("the box at %g,%g sticks out of %g×%g", a.x, a.y, d.width, d.height)
		}
	}
	for _, w := range d.wires {
		if w.x1 >= w.x2 {
			t.Errorf("the wire to %s leads back", w.event.Type)
		}
	}
}

func TestDiagram(t *testing.T) {
	for _, alone := range []bool{true, false} {
		drawn := Diagram(troubled(), alone)
		wellFormed(t, drawn)
		if strings.Contains(drawn, "<script") || strings.Contains(drawn, "<b>") {
			t.Error("a text became markup")
		}
		for _, class := range []string{"box ran", "box skipped", "box retrying", "box dead-lettered", "box queued", "box origin"} {
			if !strings.Contains(drawn, `class="`+class+`"`) {
				t.Errorf("there is no %s", class)
			}
		}
		if strings.Contains(drawn, "<a ") == alone || strings.Contains(drawn, "<style>") != alone {
			t.Errorf("alone %t: links and style are not as they should be", alone)
		}
	}
}

func wellFormed(t *testing.T, drawn string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(drawn))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"a few short words here", "a few|short|words|here"},
		{"unbelievable", "unbelie|vable"},
		{"one two three four five six seven eight nine", "one two|three|four|five…"},
	} {
		if got := strings.Join(wrap(test.in, 7, 4), "|"); got != test.want {
			t.Errorf("wrap(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

// TestRepeatsStandApart: what came again hangs below its box, and the box still says how the first one ended.
func TestRepeatsStandApart(t *testing.T) {
	p := part("lighthouse", record.Ran, event("p", "lamp.lit.v1"))
	p.Attempts[0].Status = 202
	p.Repeats = []events.Step{{Outcome: events.Refused, Status: 422}}
	e := &record.Execution{Summary: record.Summary{Steps: 1}, Events: []*record.Event{{ID: "r", Type: "http", Parts: []*record.Part{p, part("harbour", record.Ran)}}}}
	drawn := texts(t, Diagram(e, true))
	if got := strings.Join(append(drawn["word"], drawn["small"]...), "|"); !strings.Contains(got, "202|ran") || !strings.Contains(got, "+ 1 repeat, no effect") {
		t.Errorf("it says %s", got)
	}
	if !strings.Contains(Diagram(e, true), "1 step,") {
		t.Error("the label counts one steps")
	}
	d := layOut(e)
	if first, second := d.boxes[0], d.boxes[1]; first.y+first.height+tabHeight > second.y {
		t.Error("the repeats hang into the box below")
	}
}

// TestDue: nothing is due a negative time after it was published, whatever the clocks say.
func TestDue(t *testing.T) {
	for want, due := range map[string]time.Time{"in 30.0 s": time.Unix(30, 0), "due at once": time.Unix(-109, 0)} {
		reminder := event("d", "deadline.v1")
		reminder.Due = due
		e := &record.Execution{Events: []*record.Event{{ID: "r", Type: "http", Parts: []*record.Part{part("desk", record.Ran, reminder)}}}}
		if got := texts(t, Diagram(e, true))["small"]; len(got) != 1 || got[0] != want {
			t.Errorf("due at %s: it says %q, want %q", due, got, want)
		}
	}
}
