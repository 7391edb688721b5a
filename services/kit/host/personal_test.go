package host

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
)

const practice = `{
	"name": "clinic", "description": "Books visits.", "runtime": "worker", "http": ["POST /visits"],
	"subscribes": [{"event": "visit.booked.v1"}], "publishes": ["visit.noted.v1"],
	"store": "sql", "personal": ["email", "mail"]
}`

func practiceContract(eventType string) *events.Contract {
	return &events.Contract{Type: eventType, Producer: "clinic", Channel: events.EventBridge, Schema: []byte(`{
		"type": "object", "required": ["visitId"],
		"properties": {"visitId": {"type": "string"}, "email": {"type": "string", "format": "email", "x-personal": true}}}`)}
}

var bookedContract, notedContract = practiceContract("visit.booked.v1"), practiceContract("visit.noted.v1")

type booked struct {
	VisitID string `json:"visitId"`
	Email   string `json:"email"`
}

func (booked) Contract() *events.Contract { return bookedContract }
func (b booked) Subject() string          { return b.VisitID }

type noted booked

func (noted) Contract() *events.Contract { return notedContract }
func (n noted) Subject() string          { return n.VisitID }

// card is a document whose member is called otherwise than the event's.
type card struct {
	ID   string `json:"id"`
	Mail string `json:"mail"`
}

func (c *card) Key() string { return "card/" + c.ID }

func takeVisit(ctx context.Context, tx *eventing.Tx, b booked) error {
	slog.InfoContext(ctx, "write to "+b.Email, "email", "another@example.com", "to", []string{b.Email})
	if strings.HasPrefix(b.VisitID, "bad") {
		return eventing.Permanent("unreachable", fmt.Errorf("nobody reads %q", b.Email))
	}
	tx.Save(&card{ID: b.VisitID, Mail: b.Email})
	tx.Publish(noted(b))
	return nil
}

func postVisit(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error {
	var b booked
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		web.Problem(w, http.StatusBadRequest, "No visit", err.Error(), nil)
		return nil
	}
	if err := takeVisit(r.Context(), tx, b); err != nil {
		return err
	}
	return web.JSON(w, http.StatusAccepted, b)
}

// TestPersonalDataStaysOutOfWhatIsWritten looks for an address in the log, in the reasons of dead letters and in spans:
// with and without payloads, handled, failed, and of events that are no events.
func TestPersonalDataStaysOutOfWhatIsWritten(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	before := otel.GetTracerProvider()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	defer otel.SetTracerProvider(before)
	event := tower.Envelope("e", booked{"v-1", "ann@example.com"})
	for _, c := range []struct {
		name, body, path string
		want             string // in the log
	}{
		{name: "handled", body: event, want: `"after":{"id":"v-1","mail":"[personal]"}`},
		{name: "repeated", body: event, want: `"data":{"email":"[personal]","visitId":"v-1"}`},
		{name: "failed", body: tower.Envelope("e2", booked{"bad-1", "ann@example.com"}), want: `nobody reads \"[personal]\"`},
		{name: "invalid", body: tower.Envelope("e3", booked{"v-2", "ann"}), want: `"in":"[personal]"`},
		{name: "foreign", body: strings.Replace(event, "visit.booked.v1", "visit.moved.v1", 1), want: `"in":"[personal]"`},
		{name: "no event", body: "mail ann@example.com", want: `"in":"[personal]"`},
		{name: "requested", path: "/visits", body: `{"visitId":"v-3","Email":"ann@example.com"}`, want: `"out":{"email":"[personal]","visitId":"v-3"}`},
		{name: "refused", path: "/visits", body: `{"visitId":3,"email":"ann@example.com"}`, want: `"in":{"email":"[personal]","visitId":3}`},
		{name: "no request", path: "/visits", body: `mail=ann@example.com`, want: `"in":"[personal]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &house{tower: &tower.Tower{}, bus: &tower.Bus{}, queue: newMemoryQueue(), log: tower.CaptureLog(t)}
			h.newClinic(t)
			slog.SetDefault(unit.NewLogger(h.log, "clinic", "test", unit.Personal(h.manifest)))
			deliver := func() {
				if c.path == "" {
					h.consumer.deliver(t.Context(), received("m", c.body, 1))
					return
				}
				h.router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", c.path, strings.NewReader(c.body)))
			}
			if deliver(); c.name == "repeated" {
				deliver()
			}
			if !strings.Contains(h.log.Text(), c.want) {
				t.Errorf("the log has no %s:\n%s", c.want, h.log.Text())
			}
			told := h.log.Text()
			for _, letter := range h.queue.deadLettered {
				for name, attribute := range letter.MessageAttributes {
					told += name + "=" + *attribute.StringValue + "\n"
				}
				if *letter.MessageBody != c.body {
					t.Errorf("a dead letter can't be sent back: %s", *letter.MessageBody)
				}
			}
			for _, span := range spans.Ended() {
				told += span.Name() + span.Status().Description + fmt.Sprint(span.Attributes(), span.Events()) + "\n"
			}
			for _, secret := range []string{"ann", "another"} {
				if strings.Contains(told, secret+"@") || strings.Contains(told, `"`+secret+`"`) {
					t.Errorf("%s is told:\n%s", secret, told)
				}
			}
			for _, published := range h.bus.Published {
				if !strings.Contains(string(published.Envelope.Data), "ann@example.com") {
					t.Errorf("what was published is hidden: %s", published.Envelope.Data)
				}
			}
		})
	}
}

// newClinic makes a house the clinic's.
func (h *house) newClinic(t *testing.T) {
	t.Helper()
	rt, err := newRuntime([]byte(practice), func(name string) string { return testEnvironment[name] }, WithStore(openMemory))
	if err != nil {
		t.Fatal(err)
	}
	err = rt.setUp(func(rt *Runtime) error {
		eventing.On(rt, takeVisit)
		rt.HandleUnit("POST /visits", postVisit)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	store, _ := openMemory(t.Context(), "", "")
	h.service = newService(rt, unit.New(rt.manifest, store, h.bus, true), h.queue)
}

func TestPersonalDataIsOnlyShownLocally(t *testing.T) {
	for environment, refused := range map[string]bool{"local": false, "dev": true} {
		rt, err := newRuntime([]byte(practice), func(name string) string {
			if name == tracePersonal {
				return "true"
			}
			if name == "SERVICE_ENVIRONMENT" {
				return environment
			}
			return testEnvironment[name]
		}, WithStore(openMemory))
		if err != nil {
			t.Fatal(err)
		}
		err = rt.setUp(func(rt *Runtime) error {
			eventing.On(rt, takeVisit)
			rt.HandleUnit("POST /visits", postVisit)
			return nil
		})
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "TRACE_PERSONAL is only for the environment local") {
			t.Errorf("in %s: %v", environment, err)
		}
		if refused {
			continue
		}
		cloud, err := rt.loadAWS()
		if err != nil {
			t.Fatal(err)
		}
		s, err := rt.connect(t.Context(), cloud)
		if err != nil {
			t.Fatal(err)
		}
		const data = `{"visitId":"v-1","email":"ann@example.com"}`
		ctx, shown := s.runner.Event(t.Context(), bookedContract, json.RawMessage(data), data)
		if string(shown) != data || unit.Scrub(ctx, data) != data || string(s.runner.Payload([]byte(data))) != data {
			t.Errorf("it is hidden though asked for: %s", shown)
		}
	}
}
