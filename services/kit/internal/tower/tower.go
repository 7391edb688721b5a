// Package tower is the service that the kit's tests run: a tower whose bell echoes, and does
// whatever its name says.
package tower

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/web"
)

// Declaration is the tower's service.json.
const Declaration = `{
	"name": "tower", "description": "Echoes.", "runtime": "worker",
	"http": ["GET /bells/{name}", "POST /bells"],
	"subscribes": [{"event": "bell.rung.v1"}],
	"publishes": ["bell.echoed.v1"],
	"queue": {"visibility_seconds": 60, "concurrency": 4},
	"timeout_seconds": 10, "store": "sql", "config": {"LOUDNESS": "3", "REST": "5s", "MATERIAL": "bronze"}
}`

func contract(eventType string) *events.Contract {
	return &events.Contract{Type: eventType, Producer: "tower", Channel: events.EventBridge, Schema: []byte(`{
		"type": "object", "required": ["bell", "times"],
		"properties": {"bell": {"type": "string"}, "times": {"type": "integer", "minimum": 1}}}`)}
}

var rungContract, echoedContract, silentContract = contract("bell.rung.v1"), contract("bell.echoed.v1"), contract("bell.silent.v1")

// Rung is an event that the tower handles.
type Rung struct {
	Bell  string `json:"bell"`
	Times int    `json:"times"`
}

type (
	// Echoed is an event that the tower publishes.
	Echoed Rung
	silent Rung // not in "publishes"
)

func (Rung) Contract() *events.Contract   { return rungContract }
func (r Rung) Subject() string            { return r.Bell }
func (Echoed) Contract() *events.Contract { return echoedContract }
func (e Echoed) Subject() string          { return e.Bell }
func (silent) Contract() *events.Contract { return silentContract }
func (s silent) Subject() string          { return s.Bell }

// Bell is the tower's document.
type Bell struct {
	Name string `json:"name"`
	Sum  int    `json:"sum"`
}

func (b *Bell) Key() string { return "bell/" + b.Name }

// ErrCracked is permanent.
var ErrCracked = errors.New("the bell is cracked")

// Tower is the service's domain.
type Tower struct {
	Runs     atomic.Int32 // of Ring
	Loudness int
	Rest     time.Duration
	Material string
}

// Ring counts and echoes.
func (t *Tower) Ring(ctx context.Context, tx *eventing.Tx, heard Rung) error {
	t.Runs.Add(1)
	switch heard.Bell {
	case "cracked":
		return fmt.Errorf("ring: %w", ErrCracked)
	case "hoarse":
		return eventing.RetryAfter(90*time.Second, errors.New("not before a minute and a half"))
	case "flaky":
		return errors.New("a rope slipped")
	case "falling":
		panic("it fell")
	case "stuck":
		<-ctx.Done()
		return ctx.Err()
	case "undeclared":
		tx.Publish(silent(heard))
	case "mute":
		tx.Publish(Echoed{Bell: heard.Bell})
	}
	b := &Bell{Name: heard.Bell}
	if _, err := tx.Load(ctx, b); err != nil {
		return err
	}
	b.Sum += heard.Times
	tx.Save(b)
	tx.Publish(Echoed{heard.Bell, b.Sum})
	return nil
}

// Post handles POST /bells: a rung bell as a request.
func (t *Tower) Post(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var heard Rung
	if err := json.NewDecoder(r.Body).Decode(&heard); err != nil {
		web.Problem(w, http.StatusBadRequest, "No bell", err.Error(), map[string]any{"hint": "ring one"})
		return nil
	}
	if err := t.Ring(r.Context(), tx, heard); err != nil {
		return err
	}
	w.Header().Set("Location", "/bells/"+heard.Bell)
	return web.JSON(w, http.StatusAccepted, map[string]any{"bell": heard.Bell, "event": tx.Event().ID})
}

// Get handles GET /bells/{name}.
func Get(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	b := &Bell{Name: r.PathValue("name")}
	known, err := tx.Load(r.Context(), b)
	switch {
	case err != nil:
		return err
	case b.Name == "falling":
		panic("it fell")
	case b.Name == "hoarse":
		return eventing.RetryAfter(1500*time.Millisecond, errors.New("secret"))
	case b.Name == "undeclared":
		tx.Save(b)
	case !known:
		web.Problem(w, http.StatusNotFound, "No such bell", "", nil)
		return nil
	}
	return web.JSON(w, http.StatusOK, b)
}

// Envelope returns an event as it travels.
func Envelope(id string, event events.Event) string {
	message, err := events.Seal(event, events.Metadata{
		ID: id, CorrelationID: "flow-" + id, CausationID: "cause", OccurredAt: time.Now().UTC(), Traceparent: RemoteParent,
	})
	if err != nil {
		panic(err)
	}
	body, err := json.Marshal(message.Envelope)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// RemoteParent is the trace context of every Envelope.
const RemoteParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
