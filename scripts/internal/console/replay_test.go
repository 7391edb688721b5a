package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/console"
)

// TestReplay checks that events on the bus are counted and replayed.
func TestReplay(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *console.Options) {
		for _, m := range o.Declared.Manifests {
			if m.Name == "buoy" { // so that only people and webhooks subscribe to the topic that the harbour publishes to
				m.Subscribes = nil
			}
		}
	})
	var refused any
	for _, event := range []string{"ship.docked.v1", "ship.docked.v1", "lamp.lit.v1"} {
		var example any
		p.ask("GET", "/api/events/"+event+"/example", "", &example)
		if got := p.ask("POST", "/api/events/"+event, encode(t, example), nil); got != http.StatusAccepted {
			t.Fatalf("publish: status %d", got)
		}
	}
	var counted struct {
		Services, Outside []string
		Events            archive.Contents
	}
	if p.ask("GET", "/api/replay?from=-1h&to=now&service=pilot", "", &counted); counted.Events.Types["ship.docked.v1"] != 2 || counted.Events.Total != 2 || len(counted.Services) != 1 || len(counted.Outside) > 0 {
		t.Errorf("counted %+v", counted)
	}
	if p.ask("GET", "/api/replay?from=-1h&to=now", "", &counted); strings.Join(counted.Outside, " ") != "storm.warned.v1" {
		t.Errorf("published again: %q", counted.Outside)
	}
	for path, want := range map[string]int{
		"/api/replay?from=now&to=-1h": 400, "/api/replay?from=yesterday&to=now": 400, "/api/replay?from=-1h&to=now&service=buoy": 404, "/api/replay/unknown": 404,
	} {
		if got := p.ask("GET", path, "", &refused); got != want {
			t.Errorf("%s: status %d, want %d", path, got, want)
		}
	}
	var state struct {
		Name, State string
		Ended       bool
	}
	if got := p.ask("POST", "/api/replay", `{"from": "-1h", "to": "now", "service": "pilot"}`, &state); got != http.StatusAccepted {
		t.Fatalf("replay: status %d, %+v", got, state)
	}
	for until := time.Now().Add(10 * time.Second); !state.Ended && time.Now().Before(until); {
		p.ask("GET", "/api/replay/"+state.Name, "", &state)
	}
	if state.State != "COMPLETED" {
		t.Errorf("the replay is %+v", state)
	}
	var queues []struct {
		Service string
		Visible int
	}
	p.ask("GET", "/api/queues", "", &queues)
	for _, q := range queues {
		if want := map[string]int{"pilot": 4, "harbour": 1}[q.Service]; q.Visible != want {
			t.Errorf("%s has %d messages, want %d", q.Service, q.Visible, want)
		}
	}
}

func encode(t *testing.T, document any) string {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
