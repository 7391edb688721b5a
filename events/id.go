package events

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// NewID returns a random ID for something without a cause: a request without an idempotency key, or a test event. It
// is a UUID (RFC 9562, version 8).
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	return format(b)
}

// DeriveID returns the ID of the event at a position among those that a handler publishes for a cause. The same
// arguments result in the same ID, so a redelivery or a replay can't create a second event.
func DeriveID(causeID, handler string, position int) string {
	sum := sha256.Sum256([]byte(causeID + "\x00" + handler + "\x00" + strconv.Itoa(position)))
	return format([16]byte(sum[:16]))
}

func format(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x80 // version 8: custom
	b[8] = b[8]&0x3f | 0x80 // the RFC's variant
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
