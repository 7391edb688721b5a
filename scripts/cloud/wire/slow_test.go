package wire_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.com/localcloud/wire"
)

// pipes is a listener in memory, so that time can be virtual.
type pipes struct {
	conns chan net.Conn
	ended chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.ended) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// TestSlowClients checks that a client that stops sending its request or reading the response is disconnected in
// bounded time.
func TestSlowClients(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Echo.Echo\r\n"
	for name, test := range map[string]struct {
		sends  string
		reads  bool
		within time.Duration
		answer string // part of the response
	}{
		"no end of the header":      {"POST / HTTP/1.1\r\nHost: local", true, 10 * time.Second, ""},
		"no end of the body":        {head + "Content-Length: 50\r\n\r\n{", true, 30 * time.Second, "the request ended early"},
		"a length over all":         {head + "Content-Length: 99999999999\r\n\r\n{", true, 30 * time.Second, "the request ended early"},
		"nobody reads the response": {head + "Content-Length: 2\r\n\r\n{}", false, 30 * time.Second, ""},
		"a second request never":    {head + "Content-Length: 2\r\n\r\n{}", true, 3 * time.Minute, "HTTP/1.1 200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &pipes{conns: make(chan net.Conn), ended: make(chan struct{})}
				ctx, cancel := context.WithCancel(t.Context())
				served := make(chan error, 1)
				go func() { served <- wire.Serve(ctx, l, http.HandlerFunc(echo().ServeHTTP)) }()
				here, there := net.Pipe()
				l.conns <- there
				began := time.Now()
				if _, err := io.WriteString(here, test.sends); err != nil {
					t.Fatal(err)
				}
				if !test.reads {
					time.Sleep(time.Minute) // longer than the server's timeout
				}
				answer, _ := io.ReadAll(bufio.NewReader(here)) // until the server disconnects
				if took := time.Since(began); test.reads && took > test.within+time.Second || !strings.Contains(string(answer), test.answer) {
					t.Errorf("cut off after %v with %q, want %v with %q", took, answer, test.within, test.answer)
				}
				if !test.reads && len(answer) > 0 {
					t.Errorf("a response that nobody read for a minute is still there: %q", answer)
				}
				cancel()
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}
