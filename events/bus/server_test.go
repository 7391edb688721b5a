package bus_test

import (
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// sent is an entry as the server reads it off the wire.
type sent struct {
	To, Body           string // bus, topic or queue; the envelope
	Source, DetailType string // EventBridge
	TypeAttribute      string // SNS
	DelaySeconds       int    // SQS
	ID                 string
}

// reply is what the server says to one call: as a whole, or entry by entry.
type reply struct {
	hang    bool // until the client has gone
	status  int  // of a call that fails as a whole
	code    string
	entries []string // by position: "" accepts, unmentioned leaves it out, else an error code
}

const unmentioned = "unmentioned"

// server speaks enough of the three wires for the real clients. Its connections are
// in memory, so that time is virtual inside a synctest bubble.
type server struct {
	mu     sync.Mutex
	called [][]sent
	script func(call int, entries []sent) reply // call counts from 0
}

// start returns a client configuration for a server that follows a script.
func start(t *testing.T, script func(call int, entries []sent) reply) (*server, aws.Config) {
	t.Helper()
	s := &server{script: script}
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	h := &http.Server{Handler: s}
	var serving sync.WaitGroup
	serving.Go(func() { _ = h.Serve(listener) })
	transport := &http.Transport{DialContext: listener.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = h.Close()
		serving.Wait()
	})
	return s, aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://aws.invalid"),
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient:   &http.Client{Transport: transport},
	}
}

// calls returns the calls so far, each with its entries.
func (s *server) calls() [][]sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.called)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	wire, entries := read(r)
	s.mu.Lock()
	said := s.script(len(s.called), entries)
	s.called = append(s.called, entries)
	s.mu.Unlock()
	switch {
	case said.hang:
		<-r.Context().Done()
	case said.status != 0:
		wire.fail(w, said)
	default:
		wire.answer(w, entries, append(said.entries, make([]string, len(entries))...))
	}
}
