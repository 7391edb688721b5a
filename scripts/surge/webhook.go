package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"example.com/troupe/events"
)

// webhook is what SNS delivers to over HTTP. It confirms its subscription, and hands on what comes.
type webhook struct {
	URL string

	cloud     string // host:port of the endpoint that confirmations must lead to
	take      func(message string, body []byte) (status int)
	confirmed chan struct{}
	server    *http.Server
	serving   sync.WaitGroup
}

// newWebhook listens on a port of this machine. Close it.
func newWebhook(endpoint string, take func(message string, body []byte) (status int)) (*webhook, error) {
	cloud, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the webhook: %w", err)
	}
	h := &webhook{URL: "http://" + listener.Addr().String() + "/", cloud: cloud.Host, take: take, confirmed: make(chan struct{}, 1)}
	h.server = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	h.serving.Go(func() { _ = h.server.Serve(listener) }) // it ends with Close
	return h, nil
}

// Close ends what is under way.
func (h *webhook) Close() error {
	err := h.server.Close()
	h.serving.Wait()
	return err
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	switch r.Header.Get("X-Amz-Sns-Message-Type") {
	case "Notification":
		w.WriteHeader(h.take(r.Header.Get("X-Amz-Sns-Message-Id"), body))
	case "SubscriptionConfirmation":
		if err := h.confirm(r.Context(), body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		h.confirmed <- struct{}{}
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// confirm follows the link of a confirmation.
func (h *webhook) confirm(ctx context.Context, body []byte) error {
	var confirmation struct{ SubscribeURL string }
	if err := json.Unmarshal(body, &confirmation); err != nil {
		return fmt.Errorf("read the confirmation: %w", err)
	}
	link, err := url.Parse(confirmation.SubscribeURL)
	if err != nil || link.Host != h.cloud {
		return errors.New("the link of the confirmation leads elsewhere")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link.String(), http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("confirm the subscription: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("confirm the subscription: status %d", response.StatusCode)
	}
	return nil
}

// door admits as many deliveries a second as the warehouse takes, and refuses the others with 503, as an application
// does that protects its database. The limit is the one that the warehouse behind the queue obeys.
type door struct {
	limiter *rate.Limiter
	jobs    string // URL of the warehouse's route
	client  *http.Client
	ledger  *ledger
}

// burst is how many jobs may begin at once: the most that a worker's limit lets (services/internal/host), even where the
// worker itself gets fewer, so that deliveries in batches are not refused for coming together.
const burst = 10

func newDoor(capacity float64, address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{
		limiter: rate.NewLimiter(rate.Limit(capacity), burst), jobs: "http://" + address + "/jobs",
		client: &http.Client{Transport: transport}, ledger: l,
	}
}

func (d *door) take(message string, body []byte) (status int) {
	envelope, err := events.Decode(body)
	if err != nil {
		return http.StatusBadRequest
	}
	d.ledger.meet(message, envelope.Metadata.Subject)
	if !d.limiter.Allow() {
		d.ledger.refuse()
		return http.StatusServiceUnavailable
	}
	if err := d.work(message, body); err != nil {
		d.ledger.refuse()
		return http.StatusBadGateway
	}
	return http.StatusNoContent
}

// work has the warehouse do the job. SNS's id of the message is the same whenever it is delivered.
func (d *door) work(message string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, d.jobs, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", message)
	response, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be used again
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the warehouse answered %d", response.StatusCode)
	}
	return nil
}
