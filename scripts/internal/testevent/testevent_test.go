package testevent_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/testevent"
)

func TestFresh(t *testing.T) {
	contract := &schema.Event{Contract: events.Contract{Type: "x.v1"}, Subject: "ship"}
	example := `{"ship":"s-1","buoyId":"b-1","legs":[{"shipId":"s-1","sea":"s-1"}],"metres":12345678901234567890,"plainId":"abc"}`
	data, err := testevent.Fresh(contract, []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Ship, BuoyID, PlainID string
		Metres                json.Number
		Legs                  []struct{ ShipID, Sea string }
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Ship == "s-1" || !strings.HasPrefix(got.Ship, "s-") || got.Legs[0].ShipID != got.Ship {
		t.Errorf("the subject is %q in one place and %q in the other, want the same new one", got.Ship, got.Legs[0].ShipID)
	}
	if got.BuoyID == "b-1" || got.PlainID == "abc" || got.Legs[0].Sea != "s-1" || got.Metres != "12345678901234567890" {
		t.Errorf("data = %s", data)
	}
}

// TestExamples creates an event from every example in the fixture.
func TestExamples(t *testing.T) {
	folder, err := fs.Sub(fixture.FS(), "events")
	if err != nil {
		t.Fatal(err)
	}
	contracts, err := schema.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	for i := range contracts {
		contract := &contracts[i]
		for _, example := range contract.Examples {
			data, err := testevent.Fresh(contract, example.Data)
			if err != nil {
				t.Fatal(err)
			}
			message, err := testevent.Message(contract, data)
			if err != nil {
				t.Errorf("%s: %v", example.File, err)
			}
			if m := message.Envelope.Metadata; m.Subject == "" || m.CorrelationID != m.ID {
				t.Errorf("%s: metadata = %+v", example.File, m)
			}
		}
	}
}

func TestInvalid(t *testing.T) {
	contract := &schema.Event{Subject: "id", Contract: events.Contract{Type: "x.v1", Schema: []byte(`{"type": "object", "required": ["id"]}`)}}
	_, err := testevent.Message(contract, []byte(`{}`))
	if invalid, ok := errors.AsType[*schema.InvalidError](err); !ok || invalid.Violations[0].Place != "/id" {
		t.Errorf("error = %v, want what is missing", err)
	}
}

func TestFind(t *testing.T) {
	var contracts []schema.Event
	for _, name := range []string{"wave.measured.v1", "lamp.lit.v1", "lamp.lit.v2"} {
		contracts = append(contracts, schema.Event{Contract: events.Contract{Type: name}})
	}
	if found, err := testevent.Find(contracts, "lamp.lit.v1"); err != nil || found.Type != "lamp.lit.v1" {
		t.Errorf("found %v, %v", found, err)
	}
	_, err := testevent.Find(contracts, "lamp.lt.v1")
	unknown, ok := errors.AsType[*testevent.UnknownError](err)
	if !ok || unknown.Known[0] != "lamp.lit.v1" || unknown.Known[2] != "wave.measured.v1" {
		t.Errorf("error = %v, want the nearest first", err)
	}
}
