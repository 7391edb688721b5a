package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/troupe/scripts/internal/trace"
)

// demoOrder is one of the demo's orders: what is sent, how it should end, and how it did.
type demoOrder struct {
	Name      string          `json:"name"`
	Want      string          `json:"want"` // state, and the reason if it has one
	ID        string          `json:"orderId"`
	State     string          `json:"state"`
	OK        bool            `json:"ok"`
	Execution trace.Execution `json:"execution"`

	request       string
	correlationID string
}

func demoOrders() []*demoOrder {
	const form = `{"customerId": "c-%d", "email": "customer-%[1]d@example.com", "region": "eu", "cardToken": %q, "lines": [{"sku": %q, "quantity": 2}]}`
	return []*demoOrder{
		{Name: "paid and in stock", Want: "shipped", request: fmt.Sprintf(form, 1, "tok_ok", "poster")},
		{Name: "declined card", Want: "cancelled: payment_declined", request: fmt.Sprintf(form, 2, "tok_declined", "poster")},
		{Name: "out of stock", Want: "cancelled: out_of_stock", request: fmt.Sprintf(form, 3, "tok_ok", "sold-out-print")},
	}
}

// lookAgain is how long follow waits between two looks at an order.
const lookAgain = 20 * time.Millisecond

// follow places the order and looks at it until it is as it should end, or the context ends.
func (o *demoOrder) follow(ctx context.Context, api string) error {
	if err := o.place(ctx, api); err != nil {
		return fmt.Errorf("place the order %q: %w", o.Name, err)
	}
	for !o.OK {
		if err := o.look(ctx, api); err != nil {
			return fmt.Errorf("the order %q (%s) should become %q and is %q: %w", o.Name, o.ID, o.Want, o.State, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookAgain):
		}
	}
	return nil
}

func (o *demoOrder) place(ctx context.Context, api string) error {
	var placed struct{ OrderID string }
	header, status, err := call(ctx, http.MethodPost, api+"/orders", o.request, &placed)
	if err == nil && status != http.StatusAccepted {
		err = fmt.Errorf("POST /orders answered with status %d", status)
	}
	o.ID, o.correlationID = placed.OrderID, header.Get("X-Correlation-Id")
	return err
}

// look asks for the order's state. One that was just placed may not be known yet.
func (o *demoOrder) look(ctx context.Context, api string) error {
	var order struct{ State, Reason string }
	_, status, err := call(ctx, http.MethodGet, api+"/orders/"+o.ID, "", &order)
	if err != nil || status == http.StatusNotFound {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("GET /orders/%s answered with status %d", o.ID, status)
	}
	o.State = order.State
	if order.Reason != "" {
		o.State += ": " + order.Reason
	}
	o.OK = o.State == o.Want
	return nil
}

func (o *demoOrder) trace(steps *trace.Collector) { o.Execution = trace.New(steps.Of(o.correlationID)) }

// call makes a request and decodes its answer, where that is a document.
func call(ctx context.Context, method, url, body string, answer any) (http.Header, int, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, 0, err
	}
	content, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, 0, err
	}
	if response.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(content, answer)
	}
	return response.Header, response.StatusCode, err
}
