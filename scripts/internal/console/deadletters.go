package console

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/deadletters"
)

// mostPeeked is the maximum number of dead letters shown per queue.
const mostPeeked = 50

// letters returns the dead-letter queue in the path, or responds that there is none.
func (c *Console) letters(w http.ResponseWriter, r *http.Request) (found deadletters.Queue, ok bool) {
	at := c.scene.Load().target
	urls, known := at.Queues[r.PathValue("service")]
	switch queue := r.PathValue("queue"); {
	case known && queue == "dead":
		return deadletters.Failed(sqs.NewFromConfig(at.Config), urls), true
	case known && queue == "undelivered":
		return deadletters.Undelivered(sqs.NewFromConfig(at.Config), urls), true
	}
	problem(w, http.StatusNotFound, "A service with a queue has two more: dead and undelivered.")
	return found, false
}

// peek responds with some messages of a dead-letter queue.
func (c *Console) peek(w http.ResponseWriter, r *http.Request) {
	queue, ok := c.letters(w, r)
	if !ok {
		return
	}
	view, err := queue.Look(r.Context(), mostPeeked)
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	for i := range view.Letters {
		c.explain(r.PathValue("service"), &view.Letters[i])
		switch {
		case !c.options.Payloads:
			view.Letters[i].Body = nil
		case !c.options.Personal:
			view.Letters[i].Body = c.scene.Load().personal.Hide(view.Letters[i].Body)
		}
	}
	answer(w, http.StatusOK, view.Letters)
}

// explain adds the error of the service's last attempt to a letter without one: SQS moves a message that was received
// too often without a reason.
func (c *Console) explain(service string, l *deadletters.Letter) {
	if l.Error != "" {
		return
	}
	if last, known := c.store.LastAttempt(l.Execution, l.EventID, service); known {
		l.Error = last.Error
	}
}

// choice is which messages of a queue to redrive: one, those with a reason, or all.
type choice struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

func (c choice) wants(l deadletters.Letter) bool {
	return (c.ID == "" || c.ID == l.ID) && (c.Reason == "" || c.Reason == l.Reason)
}

// redrive moves messages of a dead-letter queue to the service's queue.
func (c *Console) redrive(w http.ResponseWriter, r *http.Request) {
	queue, ok := c.letters(w, r)
	if !ok {
		return
	}
	var wanted choice
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		problem(w, http.StatusBadRequest, "The body of the request isn't JSON: "+err.Error())
		return
	}
	var moved []deadletters.Letter
	var err error
	if wanted == (choice{}) {
		err = queue.Start(r.Context(), deadletters.Moves{})
	} else {
		moved, err = queue.Move(r.Context(), wanted.wants, deadletters.Moves{})
	}
	switch {
	case err != nil:
		problem(w, http.StatusBadGateway, err.Error())
	case len(moved) == 0 && wanted != (choice{}):
		problem(w, http.StatusNotFound, "No such message is in the queue any more.")
	default:
		answer(w, http.StatusAccepted, struct{}{})
	}
}
