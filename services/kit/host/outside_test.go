package host

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
)

const (
	listener = `{"name": "tower", "description": "Listens.", "runtime": "worker", "store": "sql", "subscribes": [{"event": "gust.measured.v1"}], "publishes": ["bell.echoed.v1"]}`
	blew     = `{"version": "0", "id": "6a7e8feb", "detail-type": "Gust", "source": "com.example.weather", "time": "2026-11-27T10:00:00Z", "detail": {"at": {"bell": "tom"}}}`
)

var gustContract = &events.Contract{
	Type: "gust.measured.v1", Producer: "weather", Channel: events.EventBridge,
	Schema:  []byte(`{"type": "object", "required": ["at"], "properties": {"at": {"type": "object"}}}`),
	Outside: &events.Outside{Source: "com.example.weather", DetailType: "Gust", Subject: "/at/bell"},
}

// gust is an event from outside.
type gust struct {
	At struct{ Bell string }
}

func (gust) Contract() *events.Contract { return gustContract }
func (g gust) Subject() string          { return g.At.Bell }

// TestOutside holds that an event from outside is one of ours wherever it arrives: its handler runs once, and what that
// publishes is caused by it.
func TestOutside(t *testing.T) {
	for name, arrive := range map[string]func(t *testing.T, h *house, body string){
		"worker": func(t *testing.T, h *house, body string) {
			h.queue.put(body)
			drain := h.start(t)
			time.Sleep(time.Second)
			drain()
		},
		"function": func(t *testing.T, h *house, body string) {
			payload, _ := json.Marshal(map[string]any{"Records": []map[string]string{{"eventSource": "aws:sqs", "messageId": "m", "body": body}}})
			if _, err := h.function(telemetry{}).invoke(t.Context(), payload); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := &house{store: eventingtest.NewMemory(), bus: &tower.Bus{}, queue: newMemoryQueue(), log: tower.CaptureLog(t)}
				rt, err := newRuntime([]byte(listener), func(name string) string { return testEnvironment[name] }, WithStore(openMemory))
				if err != nil {
					t.Fatal(err)
				}
				runs := 0
				if err := rt.setUp(func(rt *Runtime) error {
					eventing.On(rt, func(_ context.Context, tx *eventing.Tx, blew gust) error {
						runs++
						tx.Publish(tower.Echoed{Bell: blew.At.Bell, Times: 1})
						return nil
					})
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				h.service = newService(rt, unit.New(rt.manifest, h.store, h.bus, true), h.queue)
				arrive(t, h, blew)
				arrive(t, h, strings.Replace(blew, `{"version"`, `{"replay-name": "again", "version"`, 1))
				arrive(t, h, strings.Replace(blew, "Gust", "Calm", 1))
				steps := h.log.Steps(t)
				if len(steps) != 3 || runs != 1 {
					t.Fatalf("%d runs, steps %+v", runs, steps)
				}
				for i, want := range []events.Outcome{events.Handled, events.Repeated, events.DeadLettered} {
					if s := steps[i]; s.Outcome != want || s.EventID != "6a7e8feb" || s.CorrelationID != "6a7e8feb" || want != events.DeadLettered && (s.EventType != "gust.measured.v1" || s.Subject != "tom") {
						t.Errorf("step %d: %+v", i, s)
					}
				}
				if !strings.Contains(steps[2].Error, `"Calm" of com.example.weather has no envelope`) {
					t.Errorf("it was dead-lettered because %s", steps[2].Error)
				}
			})
		})
	}
}
