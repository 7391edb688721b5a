package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// How long a client may take. Waiting for a message, or for a function, is not
// bounded here: only what the client itself is slow with.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	readerTimeout = 30 * time.Second // to take a response that is ready
	idleTimeout   = 3 * time.Minute  // longer than any client keeps a connection, so that the client closes it
	closeTimeout  = 2 * time.Second  // for requests under way when the server ends
)

// Listen opens a port of this machine for this machine: addr is host:port, and the
// host must be a loopback one. Port 0 takes a free one.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: want host:port, such as 127.0.0.1:4566: %w", addr, err)
	}
	if !IsLoopback(host) {
		return nil, fmt.Errorf("listen on %q: the local cloud has no passwords, so it serves this machine only: use 127.0.0.1", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return l, nil
}

// IsLoopback tells whether a host's name cannot mean another machine: a loopback
// address, localhost, or a name under it (RFC 6761, 6.3).
func IsLoopback(host string) bool {
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil {
		return ip.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Serve answers requests until the context ends. Then the contexts of requests under
// way end too, and after a moment for their answers every connection is closed.
func Serve(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           guard(handler),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ConnState:         release,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // about broken clients, which know
	}
	ended := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer ended()
	err := server.Serve(holdingListener{l})
	if ctx.Err() == nil {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if errors.Is(server.Shutdown(patience), context.DeadlineExceeded) {
		return server.Close()
	}
	return nil
}

// guard refuses requests that were sent to another name than this machine's: a web
// page elsewhere could otherwise reach the port by a name of its own that resolves
// to 127.0.0.1 (DNS rebinding).
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !IsLoopback(host) {
			Respond(w, http.StatusForbidden, "application/json", fmt.Appendf(nil,
				`{"__type":"AccessDeniedException","message":%q}`, "the host "+host+" is not this machine: use 127.0.0.1 or localhost"))
			return
		}
		if r.ContentLength != 0 {
			r.Body = boundTime(w, r.Body)
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody is a request's body that must have arrived by the deadline of its connection.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func boundTime(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(bodyTimeout)) // a test's recorder has none
	return timedBody{body, connection}
}

func (b timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) { // after another error net/http reads on, to be done with the request, and has to end too
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}
