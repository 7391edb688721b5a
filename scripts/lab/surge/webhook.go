package main

import (
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
)

// webhook is the HTTP endpoint to which SNS delivers. It confirms its subscription and passes on deliveries.
type webhook struct {
	URL string

	cloud     string // host:port of the endpoint that confirmation links must have
	take      func(message string, body []byte) (status int)
	confirmed chan struct{}
	server    *http.Server
	serving   sync.WaitGroup
}

// newWebhook listens on a port of this machine. The caller must close it.
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
	h.serving.Go(func() { _ = h.server.Serve(listener) }) // returns after Close
	return h, nil
}

// Close waits for deliveries in progress.
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
		return errors.New("the link of the confirmation has another host")
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
