package simulation

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"example.com/troupe/events"
)

// The card tokens that customers pay with: see payments' README.
const (
	tokenOK       = "tok_ok"
	tokenDeclined = "tok_declined"
	tokenFlaky    = "tok_flaky"
	tokenBroken   = "tok_broken"
)

// customer is somebody who places one order, and insists.
type customer struct {
	world  *world
	rng    *rand.Rand
	name   string
	key    string // Idempotency-Key
	token  string
	body   string
	placed placed // what was acknowledged
	acked  bool
}

type placed struct {
	OrderID    string
	TotalCents int
}

type line struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// goShopping sends the customers on their way. Among them are some who want what can't be had.
func (w *world) goShopping(ctx context.Context) {
	for i := range w.orders {
		c := &customer{world: w, rng: rand.New(rand.NewPCG(w.seed, uint64(100+i))), name: fmt.Sprintf("customer%d", i)}
		c.key = fmt.Sprintf("%s-%d", c.name, w.seed)
		c.decide()
		w.customers = append(w.customers, c)
		w.facts.requested(events.DeriveID(c.key, "checkout/POST /orders", 0), "checkout/POST /orders")
		w.shopping.Go(func() { c.shop(ctx) })
	}
	w.shopping.Go(func() { w.poison(ctx) })
	w.running.Go(func() {
		w.shopping.Wait()
		w.shopped = true
	})
}

// decide fills the basket.
func (c *customer) decide() {
	c.token = pick(c.rng, tokenOK, tokenOK, tokenOK, tokenOK, tokenOK, tokenOK, tokenOK, tokenFlaky, tokenDeclined)
	if c.rng.IntN(40) == 0 {
		c.token = tokenBroken
	}
	lines := []line{{pick(c.rng, "poster", "programme"), 1 + c.rng.IntN(3)}}
	if c.rng.IntN(3) == 0 {
		lines = append(lines, line{pick(c.rng, "mask", "costume", "costume", "sold-out-print"), 1 + c.rng.IntN(2)})
	}
	body, _ := json.Marshal(map[string]any{
		"customerId": c.name, "email": c.name + "@example.com", "region": pick(c.rng, "eu", "us"), "cardToken": c.token, "lines": lines,
	})
	c.body = string(body)
}

// shop places the order until it is acknowledged, asks once more now and then, and may think
// better of it.
func (c *customer) shop(ctx context.Context) {
	c.wait(ctx, c.world.plan.shopping)
	if !c.order(ctx) {
		return
	}
	if c.rng.IntN(8) == 0 {
		c.wait(ctx, time.Minute)
		c.order(ctx)
	}
	if c.rng.IntN(6) == 0 {
		c.cancel(ctx)
	}
}

// order sends the order until there is an answer. Two answers must be the same.
func (c *customer) order(ctx context.Context) (acknowledged bool) {
	for ctx.Err() == nil {
		status, body := c.send(ctx, "checkout", "POST", "/orders", c.key, c.body)
		if status == http.StatusAccepted {
			var answer placed
			if err := json.Unmarshal(body, &answer); err != nil || c.acked && answer != c.placed {
				c.world.violate("a request has one answer", answer.OrderID, "%s got %s after %+v", c.name, body, c.placed)
			}
			c.placed, c.acked = answer, true
			return true
		}
		if status >= 400 && status < 500 {
			c.world.violate("orders are taken", "", "%s got %d: %s", c.name, status, body)
			return false
		}
		c.wait(ctx, 5*time.Second)
	}
	return false
}

// strangers is how often a customer asks about an order that nobody knows, before she gives up.
const strangers = 100

// cancel asks for the order not to be, until there is an answer or she has had enough.
func (c *customer) cancel(ctx context.Context) {
	const pattern = "DELETE /orders/{id}"
	key := "cancel-" + c.key
	c.world.facts.requested(events.DeriveID(key, "orders/"+pattern, 0), "orders/"+pattern)
	for unknown := 0; ctx.Err() == nil && unknown < strangers; {
		switch status, _ := c.send(ctx, "orders", "DELETE", "/orders/"+c.placed.OrderID, key, ""); status {
		case http.StatusAccepted, http.StatusOK, http.StatusConflict:
			return
		case http.StatusNotFound:
			unknown++
		default:
			if c.rng.IntN(2) == 0 {
				return
			}
		}
		c.wait(ctx, 5*time.Second)
	}
}

// send makes a request to one of a service's instances. Status 0 says that there was no answer.
func (c *customer) send(ctx context.Context, service, method, path, key, body string) (status int, answer []byte) {
	c.world.order()
	instances := c.world.service(service).instances
	if len(instances) == 0 || ctx.Err() != nil {
		return 0, nil
	}
	to := pick(c.rng, instances...)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
	request.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	to.host.Handler().ServeHTTP(w, request)
	c.world.order()
	if to.dead {
		return 0, nil
	}
	return w.Code, w.Body.Bytes()
}

// wait waits for a random time.
func (c *customer) wait(ctx context.Context, longest time.Duration) {
	timer := time.NewTimer(time.Duration(c.rng.Int64N(int64(longest))))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
