// Package customer plays the stories of services/stories as customers do: they make its requests and publish its events,
// and insist until they have an answer. What a story says must be true then is left out: under faults it comes late, or
// otherwise. Package always and services/invariants judge instead.
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

// verbs are those of a customer; all others are assertions.
var verbs = []string{"request", "status", "until", "publish", "set", "time"}

// Part is a story as a customer plays it.
type Part struct {
	*stories.Story
	Ends []always.Expected // the dead letters that the story says to end in
}

// Parts returns the stories that customers can play: those that need no more than the HTTP API and a valid event.
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

// special reports whether an argument of publish asks for what only a test may do.
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
	// Send makes a request once. Status 0 says that there was no answer.
	Send func(r *http.Request, body []byte) (status int, header http.Header, answer []byte)
	// Pause waits at most so long, and reports whether to go on.
	Pause func(longest time.Duration) bool
	// Chance is true one time in n.
	Chance func(n int) bool
}

// ErrLeft says that the customer has left without an answer.
var ErrLeft = errors.New("the customer has left")

// The longest pauses of a customer: before a request that had no answer is made again, and before one that had.
const (
	insist  = 5 * time.Second
	rethink = time.Minute
)

// RoundTrip makes a request again and again, with the same idempotency key, until there is an answer that is final. Some
// ask once more after that, and some who want to delete something give up.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.WithContext(context.WithoutCancel(r.Context())) // patience of a story is for what it waits for
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
