package wire_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"example.com/localcloud/wire"
)

// serve runs a server until the test ends. Its listener counts writes.
func serve(t testing.TB, handler http.Handler) (addr string, writes *atomic.Int64) {
	t.Helper()
	l, err := wire.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	counter := &countingListener{Listener: l}
	go func() { ended <- wire.Serve(ctx, counter, handler) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String(), &counter.writes
}

type countingListener struct {
	net.Listener
	writes atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countingConn{conn, &l.writes}, err
}

type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// receiver returns a queue that always has one message of the given size.
func receiver(size int) http.Handler {
	type output struct{ Messages []map[string]string }
	body := strings.Repeat("x", size)
	return &wire.Service{Name: "sqs", Target: "AmazonSQS", Version: "1.0", Operations: []wire.Operation{
		wire.Op("ReceiveMessage", func(context.Context, *struct{ QueueUrl string }) (*output, error) {
			return &output{[]map[string]string{{"MessageId": "1", "Body": body}}}, nil
		}, nil),
	}}
}

// TestOneWriteAResponse uses net/http itself, because the SDK now and then closes its connection and retries (see
// cloud/retries.go).
func TestOneWriteAResponse(t *testing.T) {
	for _, size := range []int{10, 3 << 10, 5 << 10, 200 << 10, 1 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			addr, writes := serve(t, receiver(size))
			const calls = 5
			for range calls {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+addr, strings.NewReader(`{"QueueUrl": "q"}`))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("X-Amz-Target", "AmazonSQS.ReceiveMessage")
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK || len(body) < size {
					t.Fatalf("status %d, %d bytes, %v", response.StatusCode, len(body), err)
				}
			}
			if got := writes.Load(); got != calls {
				t.Errorf("%d responses left in %d writes", calls, got)
			}
		})
	}
}

func TestListenRefuses(t *testing.T) {
	taken, err := wire.Listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, want := range map[string]string{
		"0.0.0.0:0": "this machine only", ":0": "this machine only", "192.0.2.1:80": "this machine only", "example.com:0": "this machine only",
		"4566": "want host:port", taken.Addr().String(): "in use",
	} {
		if l, err := wire.Listen(addr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Listen(%q) = %v, %v; want an error with %q", addr, l, err, want)
		}
	}
}

func TestHosts(t *testing.T) {
	addr, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { wire.Respond(w, 200, "text/plain", nil) }))
	for host, want := range map[string]int{
		"127.0.0.1:1": 200, "localhost": 200, "[::1]:80": 200, "sqs.us-east-1.localhost:4566": 200, "LOCALHOST.": 200,
		"evil.example:4566": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example": 403, "10.0.0.1": 403,
	} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://"+addr, nil)
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("a request to %s gets status %d, want %d", host, resp.StatusCode, want)
		}
	}
}

func TestExpectContinue(t *testing.T) {
	addr, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		wire.Respond(w, 200, "text/plain", body)
	}))
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	r := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} {
		if line, err := r.ReadString('\n'); line != want {
			t.Fatalf("got %q, %v; want %q", line, err, want)
		}
	}
	fmt.Fprint(conn, "hello")
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(resp.Body); string(body) != "hello" {
		t.Errorf("got %q", body)
	}
}

func TestMalformedRequestIsAnswered(t *testing.T) {
	addr, _ := serve(t, http.NotFoundHandler())
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "no HTTP at all\r\n\r\n")
	if answer, _ := io.ReadAll(conn); !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
		t.Errorf("got %q", answer)
	}
}

func TestCloseEndsWaiting(t *testing.T) {
	entered := make(chan struct{})
	l, err := wire.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- wire.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(entered)
			<-r.Context().Done()
			wire.Respond(w, 200, "text/plain", []byte("cut short"))
		}))
	}()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-entered
	cancel()
	if got := <-answered; got != "cut short" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
