package stories_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"example.com/troupe/events"
)

func (s *story) post(arguments []string) error {
	key := ""
	rest, err := s.flags(arguments, func(f *flag.FlagSet) { f.StringVar(&key, "key", events.NewID(), "") })
	if err != nil || len(rest) != 1 {
		return errors.New("usage: post [-key KEY] FILE")
	}
	body, err := s.call(http.MethodPost, "/orders", s.ReadFile(rest[0]), "Idempotency-Key", key)
	var placed struct{ OrderID string }
	if err == nil {
		err = json.Unmarshal(body, &placed)
	}
	if err == nil {
		s.Setenv("ORDER", placed.OrderID)
	}
	return err
}

func (s *story) get(arguments []string) error {
	_, err := s.call(http.MethodGet, arguments[0], "")
	return err
}

func (s *story) delete(arguments []string) error {
	_, err := s.call(http.MethodDelete, arguments[0], "")
	return err
}

// call makes a request, and writes the status, the headers and the body of its answer for stdout.
func (s *story) call(method, path, body string, headers ...string) ([]byte, error) {
	request, err := http.NewRequestWithContext(s.ctx, method, troupe.API+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	fmt.Fprintln(s.Stdout(), response.Status)
	_ = response.Header.Write(s.Stdout())
	fmt.Fprintf(s.Stdout(), "%s\n", content)
	if response.StatusCode >= http.StatusBadRequest {
		return content, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, content)
	}
	return content, nil
}

func (s *story) state(arguments []string) error {
	want := strings.Join(arguments, " ")
	for {
		now, err := s.stateNow()
		switch {
		case err == nil && now == want:
			return nil
		case s.ctx.Err() != nil || s.not:
			return fmt.Errorf("order %s is %q (%v)", s.order(), now, err)
		}
		s.pause()
	}
}

// stateNow returns the order's state, and its reason if it has one.
func (s *story) stateNow() (string, error) {
	body, err := s.call(http.MethodGet, "/orders/"+s.order(), "")
	if err != nil {
		return "", err
	}
	var order struct{ State, Reason string }
	if err := json.Unmarshal(body, &order); err != nil {
		return "", err
	}
	if order.Reason != "" && order.State != "pending" {
		order.State += ": " + order.Reason
	}
	return order.State, nil
}

// pause waits between two looks at something that is going to change.
func (s *story) pause() { pause(s.ctx) }

func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Millisecond):
	}
}
