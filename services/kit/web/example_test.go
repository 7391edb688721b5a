package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
)

// sent is a bus that keeps what is published.
type sent []events.Message

func (*sent) Check(...events.Message) error { return nil }

func (s *sent) Publish(_ context.Context, messages ...events.Message) error {
	*s = append(*s, messages...)
	return nil
}

// lampSwitched stands for a type that is generated from a schema.
type lampSwitched struct {
	Lamp string `json:"lamp"`
}

func (lampSwitched) Contract() *events.Contract {
	return &events.Contract{Type: "lamp.switched.v1", Producer: "lamps", Channel: events.EventBridge, Schema: []byte(`{"type": "object"}`)}
}
func (l lampSwitched) Subject() string { return l.Lamp }

// switchLamp is a request handler: it publishes what the request asks for.
func switchLamp(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var wanted lampSwitched
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil || wanted.Lamp == "" {
		web.Problem(w, http.StatusBadRequest, "Name the lamp", "", nil)
		return nil
	}
	tx.Publish(wanted)
	return web.JSON(w, http.StatusAccepted, wanted)
}

// A test of a request handler sends it requests through a router, as the host does, with a database in memory. A repeat
// with the same key gets the first answer and publishes the same event, with the same id.
func ExampleNewRouter() {
	declared, err := manifest.Parse("service.json", []byte(`{"name": "lamps", "description": "Switches lamps.", "runtime": "lambda",
		"http": ["POST /lamps"], "publishes": ["lamp.switched.v1"], "store": "dynamodb"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var bus sent
	runner := unit.New(declared, eventingtest.NewMemory(), &bus, false)
	router := web.NewRouter(runner, []web.Route{{Pattern: "POST /lamps", Handler: switchLamp, Unit: true}})
	for _, body := range []string{`{"lamp": "porch"}`, `{"lamp": "porch"}`, `{"lamp": "hall"}`} {
		r := httptest.NewRequest("POST", "/lamps", strings.NewReader(body))
		r.Header.Set("Idempotency-Key", "first")
		w := httptest.NewRecorder()
		router.ServeHTTP(w, r)
		fmt.Println(w.Code, http.StatusText(w.Code))
	}
	fmt.Println(len(bus), "events, one id:", len(bus) == 2 && bus[0].Envelope.Metadata.ID == bus[1].Envelope.Metadata.ID)
	// Output:
	// 202 Accepted
	// 202 Accepted
	// 422 Unprocessable Entity
	// 2 events, one id: true
}
