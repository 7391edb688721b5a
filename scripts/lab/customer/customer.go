// Package customer plays the stories of services/stories as customers do: it makes their requests and publishes their
// events, and repeats them until there is a response. It skips a story's checks, which under faults may hold late or
// not at all; package always and services/invariants check the result instead.
package customer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/always"
)

// verbs are a customer's verbs; the others are checks.
var verbs = []string{"request", "status", "until", "publish", "set", "time"}

// Part is a customer's part of a story.
type Part struct {
	*stories.Story
	Ends []always.Expected // the dead letters that the story expects
}

// Parts returns the stories that customers can play: those that only need the HTTP API and valid events.
func Parts(all []*stories.Story) (parts []Part) {
	for _, s := range all {
		if part := newPart(s); part != nil && !s.Only("local") {
			parts = append(parts, *part)
		}
	}
	return parts
}

func newPart(s *stories.Story) *Part {
	reduced := *s
	reduced.Lines = nil
	part := &Part{Story: &reduced}
	for _, line := range s.Lines {
		switch {
		case line.Verb == "publish" && slices.ContainsFunc(line.Args, special):
			return nil
		case line.Verb == "dead-letter":
			part.Ends = append(part.Ends, expected(line.Args))
		case slices.Contains(verbs, line.Verb) && !(line.Not && line.Verb != "request"):
			reduced.Lines = append(reduced.Lines, line)
		}
	}
	if !slices.ContainsFunc(reduced.Lines, func(l stories.Line) bool { return l.Verb == "request" || l.Verb == "publish" }) {
		return nil
	}
	return part
}

// special reports whether an argument of publish is only meant for tests.
func special(arg string) bool {
	return strings.HasPrefix(arg, "-as") || strings.HasPrefix(arg, "-unchecked") || strings.HasPrefix(arg, "--as") || strings.HasPrefix(arg, "--unchecked")
}

func expected(args []string) always.Expected {
	e := always.Expected{Service: args[0]}
	if len(args) > 1 && !strings.Contains(args[1], "$") {
		e.Reason = args[1]
	}
	return e
}

// Client makes a customer's requests. It is the transport of a stories.Stage.
type Client struct {
	Log *always.Log
	// Send makes a request once. It returns the status 0 if there was no response.
	Send func(r *http.Request, body []byte) (status int, header http.Header, answer []byte)
	// Pause waits up to a limit, and reports whether to continue.
	Pause func(longest time.Duration) bool
	// Chance returns true one time in n.
	Chance func(n int) bool
}

// ErrLeft reports that the customer gave up without a response.
var ErrLeft = errors.New("the customer has left")

// The longest pauses of a customer before a request is repeated: without a response, and after a response.
const (
	insist  = 5 * time.Second
	rethink = time.Minute
)

// RoundTrip repeats a request with the same idempotency key until it gets a final response. Some customers then
// repeat it once more, and some who delete something give up.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.WithContext(context.WithoutCancel(r.Context())) // the story's patience is only for what it waits for
	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		c.Log.Asked(r, key)
	}
	for again := false; ; {
		status, header, answer := c.Send(r, body)
		switch {
		case status == 0 || status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
			if r.Method == http.MethodDelete && c.Chance(2) || !c.Pause(insist) {
				return nil, ErrLeft
			}
			continue
		case key == "":
		default:
			c.Log.Answered(r, key, body, status, answer)
			if !again && c.Chance(8) && c.Pause(rethink) {
				again = true
				continue
			}
		}
		return &http.Response{
			StatusCode: status, Header: header, Request: r, ProtoMajor: 1, ProtoMinor: 1,
			Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)),
		}, nil
	}
}

func readAll(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}
