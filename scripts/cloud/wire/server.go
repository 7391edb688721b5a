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

// Timeouts for slow clients. Waiting for a message or a function is not limited here.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	readerTimeout = 30 * time.Second // to read a response that is ready
	idleTimeout   = 3 * time.Minute  // longer than any client keeps a connection, so that the client closes it
	closeTimeout  = 2 * time.Second  // for requests in progress when the server stops
)

// Listen opens a port that only this machine can reach. The host in addr must be a loopback address. Port 0 selects a
// free port.
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

// IsLoopback reports whether a host can only be this machine: a loopback address, localhost, or a name under
// localhost (RFC 6761, 6.3).
func IsLoopback(host string) bool {
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil {
		return ip.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Serve serves requests until the context ends. Then it cancels the contexts of requests in progress, gives them a
// moment to respond, and closes all connections.
func Serve(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           guard(handler),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ConnState:         release,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // drops errors about broken clients
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

// guard rejects requests that were sent to another host name. Otherwise, a web page could reach the port under a name
// of its own that resolves to 127.0.0.1 (DNS rebinding).
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

// timedBody is a request body that must arrive before the deadline of its connection.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
}

func boundTime(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(bodyTimeout)) // fails for a test's recorder
	return timedBody{body, connection}
}

func (b timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) { // after any other error, net/http reads on to finish the request, so the deadline must stay
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}
