package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

const smokeOrder = `{"customerId": "smoke-test", "email": "smoke-test@example.com", "region": "eu", "cardToken": "tok_ok", "lines": [{"sku": "poster", "quantity": 1}]}`

// A new API is not everywhere at once: until then its name is unknown, or it answers 404.
const (
	orderTries = 10
	orderPause = 3 * time.Second
)

// placeOrder places an order, and returns the correlation id of what follows from it. It may be tried
// again, for the idempotency key stays the same.
func placeOrder(ctx context.Context, api string) (correlation string, err error) {
	key := fmt.Sprintf("smoke-test-%d", time.Now().UnixNano())
	for try := 1; ; try++ {
		var again bool
		if correlation, again, err = tryOrder(ctx, api, key); err == nil || !again || try == orderTries {
			return correlation, err
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(orderPause):
		}
	}
}

// tryOrder tells, with an error, whether another try makes sense.
func tryOrder(ctx context.Context, api, key string) (correlation string, again bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, api+"/orders", strings.NewReader(smokeOrder))
	if err != nil {
		return "", false, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	if token := os.Getenv("API_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", true, err
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", true, err
	}
	switch code := response.StatusCode; code {
	case http.StatusAccepted:
		return response.Header.Get("X-Correlation-Id"), false, nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", false, errors.New("the API wants a token: set API_TOKEN, or give -no-smoke")
	default:
		return "", code == http.StatusNotFound || code >= http.StatusInternalServerError, fmt.Errorf("status %d: %s", code, answer)
	}
}
