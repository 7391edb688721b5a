package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/settle"
)

// queueView is what a service's three queues hold.
type queueView struct {
	Service     string  `json:"service"`
	Visible     int     `json:"visible"`
	InFlight    int     `json:"inFlight"`
	Delayed     int     `json:"delayed"`
	Retrying    int     `json:"retrying,omitempty"` // those of InFlight and Visible that the service failed at before
	Dead        int     `json:"dead"`               // messages that the service failed to handle
	Undelivered int     `json:"undelivered"`        // events that didn't reach it
	OldestMS    float64 `json:"oldestMs,omitempty"`
}

// watch polls something while a browser is connected, and reports it when it has changed, or when a page has asked for it: the
// page may have been told what no poll has seen.
func watch[T comparable](ctx context.Context, c *Console, look func(context.Context) ([]T, error), report func([]T)) {
	tick := time.NewTicker(max(c.options.Queues, 100*time.Millisecond))
	defer tick.Stop()
	var before []T
	var asked int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !c.hub.watched() {
			before = nil
			continue
		}
		latest := c.asked.Load()
		if now, err := look(ctx); err == nil && (latest != asked || !slices.Equal(now, before)) {
			report(now)
			before, asked = now, latest
		}
	}
}

func (c *Console) getQueues(w http.ResponseWriter, r *http.Request) {
	defer c.asked.Add(1)
	queues, err := c.lookAtQueues(r.Context())
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusOK, queues)
}

// The names that settle uses for a service's other queues.
const (
	deadSuffix        = "-dlq"
	undeliveredSuffix = "-undelivered"
)

func (c *Console) lookAtQueues(ctx context.Context) ([]queueView, error) {
	at := c.scene.Load().target
	watch := settle.Watch{Client: sqs.NewFromConfig(at.Config), Queues: map[string]string{}, DeadLetters: map[string]string{}}
	for service, urls := range at.Queues {
		watch.Queues[service] = urls.Main
		watch.DeadLetters[service+deadSuffix] = urls.DeadLetter
		watch.DeadLetters[service+undeliveredSuffix] = urls.Undelivered
	}
	report, err := watch.Look(ctx)
	if err != nil {
		return nil, err
	}
	dead := map[string]int{}
	for _, d := range report.DeadLetters {
		dead[d.Queue] = d.Visible + d.InFlight + d.Delayed
	}
	oldest, retrying, now := c.store.Oldest(), c.store.Retrying(), time.Now()
	views := make([]queueView, 0, len(report.Queues))
	for _, d := range report.Queues {
		v := queueView{
			Service: d.Queue, Visible: d.Visible, InFlight: d.InFlight, Delayed: d.Delayed,
			Retrying: min(retrying[d.Queue], d.Visible+d.InFlight), // SQS may have moved others
			Dead:     dead[d.Queue+deadSuffix], Undelivered: dead[d.Queue+undeliveredSuffix],
		}
		if since, known := oldest[d.Queue]; known && d.Visible+d.InFlight > 0 {
			v.OldestMS = float64(now.Sub(since).Round(100 * time.Millisecond).Milliseconds())
		}
		views = append(views, v)
	}
	slices.SortFunc(views, func(a, b queueView) int { return strings.Compare(a.Service, b.Service) })
	return views, nil
}
