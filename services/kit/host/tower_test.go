package host

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
)

// The service under test: a tower whose bell echoes, and does whatever its name says.

const declaration = `{
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

type rung struct {
	Bell  string `json:"bell"`
	Times int    `json:"times"`
}

type (
	echoed rung
	silent rung // not in "publishes"
)

func (rung) Contract() *events.Contract   { return rungContract }
func (r rung) Subject() string            { return r.Bell }
func (echoed) Contract() *events.Contract { return echoedContract }
func (e echoed) Subject() string          { return e.Bell }
func (silent) Contract() *events.Contract { return silentContract }
func (s silent) Subject() string          { return s.Bell }

type bell struct {
	Name string `json:"name"`
	Sum  int    `json:"sum"`
}

func (b *bell) Key() string { return "bell/" + b.Name }

var errCracked = errors.New("the bell is cracked")

type tower struct {
	runs     atomic.Int32
	loudness int
	rest     time.Duration
	material string
}

// Ring counts and echoes.
func (t *tower) Ring(ctx context.Context, tx *eventing.Tx, heard rung) error {
	t.runs.Add(1)
	switch heard.Bell {
	case "cracked":
		return fmt.Errorf("ring: %w", errCracked)
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
		tx.Publish(echoed{Bell: heard.Bell})
	}
	b := &bell{Name: heard.Bell}
	if _, err := tx.Load(ctx, b); err != nil {
		return err
	}
	b.Sum += heard.Times
	tx.Save(b)
	tx.Publish(echoed{heard.Bell, b.Sum})
	return nil
}

// post is the unit of work behind POST /bells: a rung bell as a request.
func (t *tower) post(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var heard rung
	if err := json.NewDecoder(r.Body).Decode(&heard); err != nil {
		Problem(w, http.StatusBadRequest, "No bell", err.Error(), map[string]any{"hint": "ring one"})
		return nil
	}
	if err := t.Ring(r.Context(), tx, heard); err != nil {
		return err
	}
	w.Header().Set("Location", "/bells/"+heard.Bell)
	return JSON(w, http.StatusAccepted, map[string]any{"bell": heard.Bell, "event": tx.Event().ID})
}

// get is the query behind GET /bells/{name}.
func get(rt *Runtime) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := &bell{Name: r.PathValue("name")}
		switch known, err := eventing.NewTx(rt.State(), eventing.Cause{}).Load(r.Context(), b); {
		case err != nil:
			Fail(w, r, err)
		case b.Name == "falling":
			panic("it fell")
		case b.Name == "hoarse":
			Fail(w, r, eventing.RetryAfter(1500*time.Millisecond, errors.New("secret")))
		case !known:
			Problem(w, http.StatusNotFound, "No such bell", "", nil)
		default:
			_ = JSON(w, http.StatusOK, b)
		}
	})
}

func (t *tower) setUp(rt *Runtime) {
	t.loudness, t.rest, t.material = rt.ConfigInt("LOUDNESS"), rt.ConfigDuration("REST"), rt.Config("MATERIAL")
	eventing.On(rt, t.Ring, eventing.DeadLetter(errCracked))
	rt.Handle("GET /bells/{name}", get(rt))
	rt.HandleUnit("POST /bells", t.post)
}

// envelope returns a message's body: the event as it travels.
func envelope(id string, fact events.Event) string {
	message, err := events.Seal(fact, events.Metadata{
		ID: id, CorrelationID: "dance-" + id, CausationID: "cause", OccurredAt: time.Now().UTC(), Traceparent: remoteParent,
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

const remoteParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
