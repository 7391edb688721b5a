package events_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
)

const bare = `{"metadata":{"id":"e-1","type":"berth.checked.v1","subject":"ship-1","correlationId":"c-1",` +
	`"producer":"harbour","occurredAt":"2026-11-23T10:00:00Z"},"data":{"shipId":"ship-1"}}`

// berthChecked is an event like those in generated packages.
type berthChecked struct {
	ShipID string `json:"shipId"`
}

func (berthChecked) Contract() *events.Contract {
	return &events.Contract{Type: "berth.checked.v1", Producer: "harbour", Channel: events.Queue}
}

func (e berthChecked) Subject() string { return e.ShipID }

func TestDecodeTakesBothForms(t *testing.T) {
	bridged := `{"version":"0","id":"another","detail-type":"berth.checked.v1","source":"harbour","detail":` + bare + `}`
	for name, body := range map[string]string{"bare": bare, "EventBridge": bridged} {
		envelope, err := events.Decode([]byte(body))
		if err != nil || envelope.Metadata.ID != "e-1" || string(envelope.Data) != `{"shipId":"ship-1"}` {
			t.Errorf("%s: got %+v, %v", name, envelope, err)
		}
	}
}

func TestDecodeReturnsWhatSealMade(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 5, time.UTC)
	message, err := events.Seal(berthChecked{ShipID: "ship-1"}, events.Metadata{
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
	if m := decoded.Metadata; m.Type != "berth.checked.v1" || m.Producer != "harbour" || m.Subject != "ship-1" {
		t.Errorf("the event's own metadata is %+v", m)
	}
}

func TestDecodeSaysWhatIsMissing(t *testing.T) {
	cases := map[string]struct{ body, problem string }{
		"not JSON":      {`<xml/>`, "not a JSON object"},
		"not an object": {`[1]`, "not a JSON object"},
		"something":     {`{"Records":[]}`, "neither an envelope nor an EventBridge event"},
		"no detail":     {`{"detail-type":"x"}`, "detail of the EventBridge event"},
		"other detail":  {`{"detail-type":"Scheduled Event","source":"aws.events","detail":{}}`, `the event "Scheduled Event" of aws.events has no envelope and no contract here: declare it with "source"`},
		"no id":         {`{"detail-type":"x","detail":` + strings.Replace(bare, `"id":"e-1",`, "", 1) + `}`, "no metadata.id"},
		"no type":       {strings.Replace(bare, `"type":"berth.checked.v1",`, "", 1), "no metadata.type"},
		"no subject":    {strings.Replace(bare, `"subject":"ship-1",`, "", 1), "no metadata.subject"},
		"no time":       {strings.Replace(bare, `,"occurredAt":"2026-11-23T10:00:00Z"`, "", 1), "no metadata.occurredAt"},
		"data is text":  {strings.Replace(bare, `{"shipId":"ship-1"}`, `"ship-1"`, 1), "data that is not an object"},
		"data is null":  {strings.Replace(bare, `{"shipId":"ship-1"}`, `null`, 1), "data that is not an object"},
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
			t.Fatalf("%s was decoded, but not what it encodes to: %v", body, err)
		}
	})
}
