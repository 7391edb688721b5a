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

// sent is an entry as the server decodes it.
type sent struct {
	To, Body           string // the bus, topic or queue; the envelope
	Source, DetailType string // EventBridge
	TypeAttribute      string // SNS
	DelaySeconds       int    // SQS
	ID                 string
}

// reply is the server's scripted response to one call: for the whole call, or by entry.
type reply struct {
	hang    bool // until the client disconnects
	status  int  // of a call that fails as a whole
	code    string
	entries []string // by position: "" accepts, unmentioned omits it, anything else is an error code
}

const unmentioned = "unmentioned"

// server implements enough of the three protocols for the real clients. Its connections are in memory, so that time
// is virtual inside a synctest bubble.
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
	reply := s.script(len(s.called), entries)
	s.called = append(s.called, entries)
	s.mu.Unlock()
	switch {
	case reply.hang:
		<-r.Context().Done()
	case reply.status != 0:
		wire.fail(w, reply)
	default:
		wire.answer(w, entries, append(reply.entries, make([]string, len(entries))...))
	}
}
