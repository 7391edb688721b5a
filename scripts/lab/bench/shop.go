package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"example.com/troupe/scripts/lab/bench/null"
)

// shop is the HTTP API, as its customers see it.
type shop struct {
	url    string
	client *http.Client

	mu     sync.Mutex
	ids    []string    // of the orders placed
	answer null.Answer // to the last one
}

func newShop(url string) *shop {
	return &shop{url: url + "/orders", client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: customers}}}
}

const orderForm = `{"customerId":"c-%d","email":"customer-%[1]d@example.com","region":"eu","cardToken":"tok_ok","lines":[{"sku":%q,"quantity":1}]}`

// order places the i-th order.
func (s *shop) order(ctx context.Context, i int) error {
	form := fmt.Sprintf(orderForm, i, []string{"poster", "programme"}[i%2])
	answer, err := s.call(ctx, http.MethodPost, s.url, form)
	if err != nil {
		return err
	}
	var placed struct{ OrderID string }
	if err := json.Unmarshal(answer.Body, &placed); err != nil {
		return fmt.Errorf("read the answer to an order: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids, s.answer = append(s.ids, placed.OrderID), answer
	return nil
}

var errUnshipped = errors.New("an order has not been shipped")

// check makes sure that every order has been shipped.
func (s *shop) check(ctx context.Context) error {
	return spread(ctx, customers, len(s.ids), func(ctx context.Context, i int) error {
		answer, err := s.call(ctx, http.MethodGet, s.url+"/"+s.ids[i], "")
		if err != nil {
			return err
		}
		var order struct{ State string }
		if err := json.Unmarshal(answer.Body, &order); err != nil || order.State != "shipped" {
			return fmt.Errorf("%w: %s", errUnshipped, answer.Body)
		}
		return nil
	})
}

// call makes a request, whose answer must be of 2xx.
func (s *shop) call(ctx context.Context, method, url, body string) (null.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return null.Answer{}, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return null.Answer{}, err
	}
	answer, err := keep(response)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s answered with status %d: %s", method, url, response.StatusCode, answer.Body)
	}
	return answer, err
}
