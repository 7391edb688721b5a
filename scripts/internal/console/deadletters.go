package console

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/deadletters"
)

// mostPeeked is the maximum number of dead letters shown per queue.
const mostPeeked = 10

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
		if !c.options.Payloads {
			view.Letters[i].Body = nil
		}
	}
	answer(w, http.StatusOK, view.Letters)
}

// redrive moves the messages of a dead-letter queue to the service's queue.
func (c *Console) redrive(w http.ResponseWriter, r *http.Request) {
	queue, ok := c.letters(w, r)
	if !ok {
		return
	}
	if err := queue.Start(r.Context(), deadletters.Moves{}); err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusAccepted, struct{}{})
}
