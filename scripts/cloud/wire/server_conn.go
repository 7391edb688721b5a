package wire

import (
	"bytes"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	maxHeld = 16 << 20 // the most bytes of a response to hold back; the largest of AWS, DynamoDB's, has 16 MB
	keep    = 64 << 10 // the most bytes of buffer to keep between responses
)

var continueLine = []byte("HTTP/1.1 100 Continue\r\n\r\n")

// holdingListener accepts connections that send each response in one write, once it is complete. net/http flushes
// every 4 KiB, and a client that receives a header without the body fails more often (see cloud/retries.go).
// Streaming is not possible over such a connection.
type holdingListener struct{ net.Listener }

func (l holdingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &holdingConn{Conn: conn}, nil
}

// holdingConn holds back what is written until release reports that the response is complete.
type holdingConn struct {
	net.Conn

	mu       sync.Mutex // the connection's goroutine writes, another one closes the server
	held     bytes.Buffer
	deadline time.Time // of the next write
}

// release is the server's ConnState. A connection becomes idle once its response has been written.
func release(conn net.Conn, state http.ConnState) {
	if c, ok := conn.(*holdingConn); ok && state == http.StateIdle {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = c.flush() // the server notices an error at its next read
	}
}

func (c *holdingConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held.Len() == 0 && bytes.Equal(p, continueLine) {
		return c.Conn.Write(p) // the client waits for it
	}
	n, _ := c.held.Write(p) // a buffer accepts everything
	if c.held.Len() > maxHeld {
		return n, c.flush()
	}
	return n, nil
}

// flush sends what was held back. The caller holds the mutex.
func (c *holdingConn) flush() error {
	if c.held.Len() == 0 {
		return nil
	}
	if now := time.Now(); c.deadline.Sub(now) < readerTimeout/2 { // not every time, because it costs as much as a small response
		c.deadline = now.Add(readerTimeout)
		_ = c.SetWriteDeadline(c.deadline)
	}
	_, err := c.Conn.Write(c.held.Bytes())
	if c.held.Reset(); c.held.Cap() > keep {
		c.held = bytes.Buffer{}
	}
	return err
}

// CloseWrite closes the response, but not the request. net/http calls it after an error.
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
	if c.mu.TryLock() { // don't wait for a write in progress
		_ = c.flush() // a response that ends the connection
		c.mu.Unlock()
	}
	return c.Conn.Close()
}
