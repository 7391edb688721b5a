package wire

import (
	"bytes"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	maxHeld = 16 << 20 // bytes of a response that wait for its end: the largest of AWS, DynamoDB's, has 16 MB
	keep    = 64 << 10 // bytes of buffer that a connection keeps between responses
)

var continueLine = []byte("HTTP/1.1 100 Continue\r\n\r\n")

// holdingListener's connections send each response in one write, when it is whole: net/http
// flushes every 4 KiB, and a client that meets a header without its body fails more often (see
// cloud/retries.go). Streaming is not possible over such a connection.
type holdingListener struct{ net.Listener }

func (l holdingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &holdingConn{Conn: conn}, nil
}

// holdingConn holds what is written until release says that the response is whole.
type holdingConn struct {
	net.Conn

	mu       sync.Mutex // the connection's goroutine writes; closing the server closes from another
	held     bytes.Buffer
	deadline time.Time // of writing
}

// release is the server's ConnState: a connection becomes idle when its response is written.
func release(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*holdingConn); ok && state == http.StateIdle {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = c.flush() // the server notices when it next reads
	}
}

func (c *holdingConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.Len() == 0 && bytes.Equal(p, continueLine) {
		return c.Conn.Write(p) // the client waits for it
	}
	n, _ := c.held.Write(p) // a buffer takes all
	if c.held.Len() > maxHeld {
		return n, c.flush()
	}
	return n, nil
}

// flush sends what is held; the mutex is held too.
func (c *holdingConn) flush() error {
	if c.held.Len() == 0 {
		return nil
	}
	if now := time.Now(); c.deadline.Sub(now) < readerTimeout/2 { // not each time: it costs as much as a small answer
		c.deadline = now.Add(readerTimeout)
		_ = c.SetWriteDeadline(c.deadline)
	}
	_, err := c.Conn.Write(c.held.Bytes())
	if c.held.Reset(); c.held.Cap() > keep {
		c.held = bytes.Buffer{}
	}
	return err
}

// CloseWrite ends the response and not yet the request, which net/http does after an error.
func (c *holdingConn) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.flush()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return err
}

func (c *holdingConn) Close() error {
	if c.mu.TryLock() { // a write under way is cut short
		_ = c.flush() // of a response that ends the connection
		c.mu.Unlock()
	}
	return c.Conn.Close()
}
