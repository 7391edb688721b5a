package events_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/orders"
)

const bare = `{"metadata":{"id":"e-1","type":"order.deadline.v1","subject":"o-1","correlationId":"c-1",` +
	`"producer":"orders","occurredAt":"2026-11-23T10:00:00Z"},"data":{"orderId":"o-1"}}`

func TestDecodeTakesBothForms(t *testing.T) {
	bridged := `{"version":"0","id":"another","detail-type":"order.deadline.v1","source":"orders","detail":` + bare + `}`
	for name, body := range map[string]string{"bare": bare, "EventBridge": bridged} {
		envelope, err := events.Decode([]byte(body))
		if err != nil || envelope.Metadata.ID != "e-1" || string(envelope.Data) != `{"orderId":"o-1"}` {
			t.Errorf("%s: got %+v, %v", name, envelope, err)
		}
	}
}

func TestDecodeReturnsWhatSealMade(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 5, time.UTC)
	message, err := events.Seal(orders.OrderDeadline{OrderID: "o-1"}, events.Metadata{
		ID: "e-1", CorrelationID: "c-1", CausationID: "e-0", OccurredAt: now, Traceparent: "00-1-2-01",
	})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(message.Envelope)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := events.Decode(body)
	if err != nil || decoded.Metadata != message.Envelope.Metadata {
		t.Errorf("got %+v, %v; want %+v", decoded.Metadata, err, message.Envelope.Metadata)
	}
	if m := decoded.Metadata; m.Type != "order.deadline.v1" || m.Producer != "orders" || m.Subject != "o-1" {
		t.Errorf("the event's own metadata is %+v", m)
	}
}

func TestDecodeSaysWhatIsMissing(t *testing.T) {
	cases := map[string]struct{ body, problem string }{
		"not JSON":      {`<xml/>`, "not a JSON object"},
		"not an object": {`[1]`, "not a JSON object"},
		"something":     {`{"Records":[]}`, "neither an envelope nor an EventBridge event"},
		"no detail":     {`{"detail-type":"x"}`, "detail of the EventBridge event"},
		"other detail":  {`{"detail-type":"Scheduled Event","detail":{}}`, "no metadata.id"},
		"no type":       {strings.Replace(bare, `"type":"order.deadline.v1",`, "", 1), "no metadata.type"},
		"no subject":    {strings.Replace(bare, `"subject":"o-1",`, "", 1), "no metadata.subject"},
		"no time":       {strings.Replace(bare, `,"occurredAt":"2026-11-23T10:00:00Z"`, "", 1), "no metadata.occurredAt"},
		"data is text":  {strings.Replace(bare, `{"orderId":"o-1"}`, `"o-1"`, 1), "data that is not an object"},
		"data is null":  {strings.Replace(bare, `{"orderId":"o-1"}`, `null`, 1), "data that is not an object"},
	}
	for name, c := range cases {
		_, err := events.Decode([]byte(c.body))
		if _, typed := errors.AsType[*events.DecodeError](err); !typed || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: got %v, want a DecodeError with %q", name, err, c.problem)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(bare))
	f.Add([]byte(`{"detail-type":"x","detail":` + bare + `}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		envelope, err := events.Decode(body)
		if err != nil {
			return
		}
		again, err := json.Marshal(envelope)
		if err != nil {
			t.Fatalf("an envelope that was decoded does not encode: %v", err)
		}
		if _, err := events.Decode(again); err != nil {
			t.Fatalf("%s was taken, but not what it encodes to: %v", body, err)
		}
	})
}
