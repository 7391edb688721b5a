// Package null implements a server that responds to each operation with a recorded response of the local cloud. It
// only counts the messages in its queue, so that a client makes the same calls as to a real queue.
//
// It is plain net/http and does as little as an AWS client accepts.
package null

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Script contains the server's responses.
type Script struct {
	Answers map[string]Answer // by X-Amz-Target; "" is for the query protocol or a plain request
	Message json.RawMessage   // as in a response to ReceiveMessage
	Batch   int               // maximum number of messages per receive
}

// Answer is one response.
type Answer struct {
	Status int
	Type   string // Content-Type
	Body   []byte
}

// Receive is the operation whose response consists of messages.
const Receive = "AmazonSQS.ReceiveMessage"

const (
	mostMessages = 1 << 20
	longPoll     = 20 * time.Second
)

// server sends the responses. Every operation with a recorded response adds a message, except for those that only
// remove one.
type server struct {
	Script
	messages chan struct{}
	batches  [][]byte // responses to a receive, by number of messages
	answered sync.Map // number of messages in a response, by the ID of the call
}

// Serve serves the script in a file until the context ends. It prints its endpoint as the local cloud does.
func Serve(ctx context.Context, file string, out io.Writer) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the script: %w", err)
	}
	var script Script
	if err := json.Unmarshal(raw, &script); err != nil {
		return fmt.Errorf("read the script: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &http.Server{Handler: New(script), ReadHeaderTimeout: 10 * time.Second}
	ended := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer ended()
	fmt.Fprintf(out, "AWS endpoint http://%s\n", l.Addr())
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// New returns a server for a script.
func New(script Script) http.Handler {
	s := &server{Script: script, messages: make(chan struct{}, mostMessages)}
	for n := range script.Batch + 1 {
		messages := slices.Repeat([][]byte{script.Message}, n)
		s.batches = append(s.batches, fmt.Appendf(nil, `{"Messages":[%s]}`, bytes.Join(messages, []byte(","))))
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		return // a check whether the server runs
	}
	_, _ = io.Copy(io.Discard, r.Body) // a disconnected client is not an error
	target := r.Header.Get("X-Amz-Target")
	answer := s.Answers[target]
	if n := s.count(r, target); target == Receive {
		answer.Body = s.batches[n]
	}
	w.Header().Set("Content-Type", answer.Type)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// count removes messages or adds one, and returns their number. A repeated call does neither.
func (s *server) count(r *http.Request, target string) (n int) {
	call := r.Header.Get("Amz-Sdk-Invocation-Id")
	if n, again := s.answered.Load(call); again {
		return n.(int)
	}
	switch target {
	case Receive:
		n = s.take(r.Context())
	case "AmazonSQS.DeleteMessage", "AmazonSQS.DeleteMessageBatch":
		return 0
	default:
		s.messages <- struct{}{}
	}
	if call != "" {
		s.answered.Store(call, n)
	}
	return n
}

// take waits for a message and takes as many as there are, up to a batch.
func (s *server) take(ctx context.Context) (n int) {
	timer := time.NewTimer(longPoll)
	defer timer.Stop()
	select {
	case <-s.messages:
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return 0
	}
	for n = 1; n < s.Batch; n++ {
		select {
		case <-s.messages:
		default:
			return n
		}
	}
	return n
}
