package testevent_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/testevent"
)

func TestFresh(t *testing.T) {
	contract := &schema.Event{Contract: events.Contract{Type: "x.v1"}, Subject: "order"}
	example := `{"order":"o-1","parcelId":"p-1","lines":[{"orderId":"o-1","sku":"o-1"}],"cents":12345678901234567890,"plainId":"abc"}`
	data, err := testevent.Fresh(contract, []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Order, ParcelID, PlainID string
		Cents                    json.Number
		Lines                    []struct{ OrderID, SKU string }
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Order == "o-1" || !strings.HasPrefix(got.Order, "o-") || got.Lines[0].OrderID != got.Order {
		t.Errorf("the subject is %q in one place and %q in the other, want the same new one", got.Order, got.Lines[0].OrderID)
	}
	if got.ParcelID == "p-1" || got.PlainID == "abc" || got.Lines[0].SKU != "o-1" || got.Cents != "12345678901234567890" {
		t.Errorf("data = %s", data)
	}
}

// TestExamples makes an event of every example in the checkout.
func TestExamples(t *testing.T) {
	contracts, err := schema.Load(os.DirFS("../../../events"))
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
	for _, name := range []string{"stock.reserved.v1", "order.placed.v1", "order.placed.v2"} {
		contracts = append(contracts, schema.Event{Contract: events.Contract{Type: name}})
	}
	if found, err := testevent.Find(contracts, "order.placed.v1"); err != nil || found.Type != "order.placed.v1" {
		t.Errorf("found %v, %v", found, err)
	}
	_, err := testevent.Find(contracts, "order.paced.v1")
	unknown, ok := errors.AsType[*testevent.UnknownError](err)
	if !ok || unknown.Known[0] != "order.placed.v1" || unknown.Known[2] != "stock.reserved.v1" {
		t.Errorf("error = %v, want the nearest first", err)
	}
}
