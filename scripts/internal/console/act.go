package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/testevent"
)

// getExample returns an example of an event with new identities. The parameter name chooses the example.
func (c *Console) getExample(w http.ResponseWriter, r *http.Request) {
	contract := c.contract(w, r)
	if contract == nil {
		return
	}
	at := slices.IndexFunc(contract.Examples, func(e schema.Example) bool { return e.Name == r.URL.Query().Get("name") })
	if at < 0 {
		problem(w, http.StatusNotFound, contract.Type+" has no such example.")
		return
	}
	fresh, err := testevent.Fresh(contract, contract.Examples[at].Data)
	if err != nil {
		problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, http.StatusOK, json.RawMessage(fresh))
}

// contract returns the event in the path, or responds that there is none.
func (c *Console) contract(w http.ResponseWriter, r *http.Request) *schema.Event {
	contract, err := testevent.Find(c.scene.Load().declared.Contracts, r.PathValue("event"))
	if err != nil {
		problem(w, http.StatusNotFound, err.Error())
		return nil
	}
	return contract
}

// begun identifies the execution that a published event or a request began.
type begun struct {
	Execution string `json:"execution"`
	Subject   string `json:"subject,omitempty"`
}

// publish publishes an event with the data in the body, which must match the contract.
func (c *Console) publish(w http.ResponseWriter, r *http.Request) {
	contract := c.contract(w, r)
	if contract == nil {
		return
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "An event has at most 1 MiB.")
		return
	}
	message, err := testevent.Message(contract, data)
	if invalid, is := errors.AsType[*schema.InvalidError](err); is {
		problem(w, http.StatusUnprocessableEntity, "The data doesn't match "+contract.Type+".", violations(invalid)...)
		return
	}
	if err == nil {
		err = c.send(r, message)
	}
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusAccepted, begun{message.Envelope.Metadata.CorrelationID, message.Envelope.Metadata.Subject})
}

func (c *Console) send(r *http.Request, message events.Message) error {
	return c.scene.Load().target.Publisher(message.Envelope.Metadata.Producer).Publish(r.Context(), message)
}

func violations(invalid *schema.InvalidError) []violation {
	listed := make([]violation, len(invalid.Violations))
	for i, v := range invalid.Violations {
		listed[i] = violation{Place: v.Place, Expected: v.Expected}
	}
	return listed
}
