package host

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// countingConn counts the writes of a connection.
type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

func TestARequestIsOneWrite(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	for _, c := range []struct {
		name   string
		length int
		writes int64
	}{
		{"small", 100, 1},
		{"larger than net/http's own buffer", 12 << 10, 1},
		{"large", 20 << 10, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var writes atomic.Int64
			client := keepingConnections().WithTransportOptions(func(t *http.Transport) {
				t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
					conn, err := new(net.Dialer).DialContext(ctx, network, addr)
					return countingConn{conn, &writes}, err
				}
			})
			text := strings.Repeat("x", c.length)
			// As the SDK's, the body is of a kind that net/http does not know.
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, io.MultiReader(strings.NewReader(text)))
			if err != nil {
				t.Fatal(err)
			}
			request.ContentLength = int64(c.length)
			response, err := wholeRequests{client}.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if echo, err := io.ReadAll(response.Body); err != nil || string(echo) != text {
				t.Errorf("%d bytes came back, %v", len(echo), err)
			}
			if got := writes.Load(); got != c.writes {
				t.Errorf("the request left in %d writes, want %d", got, c.writes)
			}
		})
	}
}
