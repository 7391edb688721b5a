package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/archive"
)

// TestReplay: what is on the bus is counted, and comes again.
func TestReplay(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	var example, refused any
	p.ask("GET", "/api/events/order.placed.v1/example", "", &example)
	for range 2 {
		if got := p.ask("POST", "/api/events/order.placed.v1", encode(t, example), nil); got != http.StatusAccepted {
			t.Fatalf("publish: status %d", got)
		}
	}
	var counted struct {
		Services, Outside []string
		Events            archive.Contents
	}
	if p.ask("GET", "/api/replay?from=-1h&to=now&service=payments", "", &counted); counted.Events.Types["order.placed.v1"] != 2 || len(counted.Services) != 1 || len(counted.Outside) > 0 {
		t.Errorf("counted %+v", counted)
	}
	if p.ask("GET", "/api/replay?from=-1h&to=now", "", &counted); strings.Join(counted.Outside, " ") != "customer.notified.v1" {
		t.Errorf("told again: %q", counted.Outside)
	}
	for path, want := range map[string]int{
		"/api/replay?from=now&to=-1h": 400, "/api/replay?from=yesterday&to=now": 400, "/api/replay?from=-1h&to=now&service=warehouse": 404, "/api/replay/unknown": 404,
	} {
		if got := p.ask("GET", path, "", &refused); got != want {
			t.Errorf("%s: status %d, want %d", path, got, want)
		}
	}
	var told struct {
		Name, State string
		Ended       bool
	}
	if got := p.ask("POST", "/api/replay", `{"from": "-1h", "to": "now", "service": "payments"}`, &told); got != http.StatusAccepted {
		t.Fatalf("replay: status %d, %+v", got, told)
	}
	for until := time.Now().Add(10 * time.Second); !told.Ended && time.Now().Before(until); {
		p.ask("GET", "/api/replay/"+told.Name, "", &told)
	}
	if told.State != "COMPLETED" {
		t.Errorf("the replay is %+v", told)
	}
	var queues []struct {
		Service string
		Visible int
	}
	p.ask("GET", "/api/queues", "", &queues)
	for _, q := range queues {
		if want := map[string]int{"payments": 4, "inventory": 2, "orders": 2}[q.Service]; q.Visible != want {
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
