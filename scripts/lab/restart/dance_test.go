//go:build restart

package restarttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/settle"
)

// patience is for the whole dance: what a killed function held is visible again after a minute.
const patience = 10 * time.Minute

// order is one whose POST was acknowledged.
type order struct{ id, want string }

// customers place orders at an API that is there at times.
type customers struct {
	api string

	mu     sync.Mutex
	orders []order
}

// TestTheDanceGoesOn kills the whole troupe but for its folder, twice, while customers place orders. Each order that
// was acknowledged ends as it should, once, and nothing is left in any queue.
func TestTheDanceGoesOn(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cloud, api, folder := freeAddress(t), freeAddress(t), filepath.Join(t.TempDir(), "data")
	c := &customers{api: "http://" + api}
	start := func() *process {
		p := run(ctx, t, "http://"+cloud, "up", "-data", folder, "-cloud", cloud, "-api", api, "-console", "127.0.0.1:0", "-quiet")
		eventually(ctx, t, "the API answers", func() bool {
			status, err := c.call(ctx, http.MethodGet, "/orders/none", "", nil)
			return err == nil && status == http.StatusNotFound
		})
		return p
	}
	p := start()
	shopping, enough := context.WithCancel(ctx)
	var placing sync.WaitGroup
	for i := range 4 {
		placing.Go(func() { c.place(shopping, i) })
	}
	for range 2 {
		seen := c.count()
		eventually(ctx, t, "orders are acknowledged", func() bool { return c.count() > seen+10+rand.IntN(20) })
		p.kill()
		p = start()
	}
	seen := c.count()
	eventually(ctx, t, "orders are acknowledged by the last life", func() bool { return c.count() > seen+10 })
	enough()
	placing.Wait()
	for _, o := range c.orders {
		eventually(ctx, t, o.id+" is "+o.want, func() bool { return c.state(ctx, t, o.id) == o.want })
	}
	checkQueues(ctx, t, "http://"+cloud)
	for _, o := range c.orders {
		if state := c.state(ctx, t, o.id); state != o.want {
			t.Errorf("%s is %s in the end, and was %s", o.id, state, o.want)
		}
	}
	t.Logf("%d orders were acknowledged in three lives", len(c.orders))
}

// place places orders until the context ends; each with a key of its own, and again until it is acknowledged.
func (c *customers) place(ctx context.Context, customer int) {
	for i := 0; ctx.Err() == nil; i++ {
		token, want := "tok_ok", "shipped"
		if i%3 == 0 {
			token, want = "tok_declined", "cancelled: payment_declined"
		}
		body := fmt.Sprintf(`{"customerId": "c-%d", "email": "c@example.com", "region": "eu", "cardToken": %q, "lines": [{"sku": "poster", "quantity": 1}]}`, customer, token)
		var placed struct{ OrderID string }
		for ctx.Err() == nil {
			if status, err := c.call(ctx, http.MethodPost, "/orders", body, &placed, "Idempotency-Key", fmt.Sprintf("%d-%d", customer, i)); err == nil && status == http.StatusAccepted {
				c.mu.Lock()
				c.orders = append(c.orders, order{placed.OrderID, want})
				c.mu.Unlock()
				break
			}
			pause(ctx, 50*time.Millisecond)
		}
	}
}

func (c *customers) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.orders)
}

// state is an order's state, with the reason if there is one. An order that was shipped twice is an error.
func (c *customers) state(ctx context.Context, t *testing.T, id string) string {
	t.Helper()
	var o struct {
		State, Reason string
		History       []struct{ Event string }
	}
	if status, err := c.call(ctx, http.MethodGet, "/orders/"+id, "", &o); err != nil || status != http.StatusOK {
		return fmt.Sprint(status, err)
	}
	shipments := 0
	for _, entry := range o.History {
		if entry.Event == "shipment.dispatched.v1" {
			shipments++
		}
	}
	if shipments > 1 || shipments == 1 && o.State != "shipped" {
		t.Errorf("%s is %s after %d shipments", id, o.State, shipments)
	}
	return strings.TrimSuffix(o.State+": "+o.Reason, ": ")
}

func (c *customers) call(ctx context.Context, method, path, body string, answer any, header ...string) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, method, c.api+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0, err
	}
	if len(header) > 0 {
		request.Header.Set(header[0], header[1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	raw, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err == nil && answer != nil && response.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(raw, answer)
	}
	return response.StatusCode, err
}

// checkQueues waits until all queues are empty, but for reminders, and dead-letter queues must be so too.
func checkQueues(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	client := sqs.NewFromConfig(endpoint.At(url))
	queues, err := client.ListQueues(ctx, &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	watch := settle.Watch{Client: client, Queues: map[string]string{}, DeadLetters: map[string]string{}, Interval: 100 * time.Millisecond, IgnoreDelayed: true}
	for _, queue := range queues.QueueUrls {
		name := queue[strings.LastIndex(queue, "/")+1:]
		if strings.HasSuffix(name, "-dlq") || strings.HasSuffix(name, "-undelivered") {
			watch.DeadLetters[name] = queue
		} else {
			watch.Queues[name] = queue
		}
	}
	report, err := watch.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(watch.Queues) < 5 || len(watch.DeadLetters) < 10 {
		t.Errorf("there are queues %v and dead-letter queues %v", watch.Queues, watch.DeadLetters)
	}
	for _, dead := range report.DeadLetters {
		if !dead.Empty() {
			t.Errorf("%s", dead)
		}
	}
}
