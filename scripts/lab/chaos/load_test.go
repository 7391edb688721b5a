//go:build chaos && linux

package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
)

// How many orders come each way while something is broken, and how many events a second.
const published, posted, rate, customers = 40, 40, 20, 4

// load sends orders, by events and through the API, until all are accepted.
func (p *troupe) load(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.publish(ctx) })
	for customer := range customers {
		group.Go(func() error {
			for i := customer; i < posted; i += customers {
				if err := p.post(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// publish runs the command that people run.
func (p *troupe) publish(ctx context.Context) error {
	command := exec.CommandContext(ctx, p.publisher, "-endpoint", p.Endpoint, "-count", strconv.Itoa(published), "-rate", strconv.Itoa(rate), "order.placed.v1")
	command.Dir = p.Declared().Root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("publish: %w\n%s", err, out)
	}
	return nil
}

// orders are what customers ask for: most can be had.
var orders = []struct{ token, sku string }{
	{"tok_ok", "poster"}, {"tok_ok", "programme"}, {"tok_declined", "poster"}, {"tok_ok", "poster"}, {"tok_ok", "sold-out-print"}, {"tok_flaky", "programme"},
}

// post places an order as a patient customer does: again with the same key, until it is acknowledged.
func (p *troupe) post(ctx context.Context, i int) error {
	wish := orders[i%len(orders)]
	body := fmt.Sprintf(`{"customerId": "c-%d", "email": "c@example.com", "region": "eu", "cardToken": %q, "lines": [{"sku": %q, "quantity": 1}]}`, i, wish.token, wish.sku)
	key := events.NewID()
	return until(ctx, "an order to be acknowledged", func() (bool, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.API+"/orders", strings.NewReader(body))
		if err != nil {
			return false, err
		}
		request.Header.Set("Idempotency-Key", key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false, nil // it may have been placed, or not: ask again
		}
		defer response.Body.Close()
		var placed struct{ OrderID string }
		switch err := json.NewDecoder(response.Body).Decode(&placed); {
		case response.StatusCode == http.StatusAccepted && err == nil:
			p.mu.Lock()
			defer p.mu.Unlock()
			p.acknowledged = append(p.acknowledged, placed.OrderID)
			return true, nil
		case response.StatusCode < http.StatusInternalServerError && response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusConflict:
			return false, fmt.Errorf("POST /orders: status %d", response.StatusCode)
		}
		return false, nil
	})
}

// poison publishes an event that breaks its contract: three services hear it and can only dead-letter it.
func (p *troupe) poison(ctx context.Context) error {
	id := events.NewID()
	p.poisoned[id] = true
	var detail bytes.Buffer
	if err := json.NewEncoder(&detail).Encode(events.Envelope{
		Metadata: events.Metadata{ID: id, Type: "order.placed.v1", Subject: "o-poison", CorrelationID: id, Producer: "checkout", OccurredAt: time.Now()},
		Data:     json.RawMessage(`{"orderId": 7}`),
	}); err != nil {
		return err
	}
	_, err := eventbridge.NewFromConfig(p.Config()).PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &p.Topology().Bus, Source: aws.String("checkout"), DetailType: aws.String("order.placed.v1"), Detail: aws.String(detail.String()),
	}}})
	return err
}
