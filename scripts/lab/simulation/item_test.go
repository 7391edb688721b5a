package simulation

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"example.com/localcloud/delivery"
)

// item is one thing that waits for its turn: a call of an instance, or a delivery within the cloud.
type item struct {
	from  *instance // who calls; nil for a delivery
	op    string
	body  []byte
	key   string    // by which items are sorted, so that the order of their coming does not matter
	after time.Time // not before

	turn chan fault      // of a call: what goes wrong, once it is its turn
	ctx  context.Context // of a call

	poll  string    // of a receive that waits: the queue's name
	until time.Time // and when it gives up
	since time.Time // when the queue began to hold something for it

	hop *delivery.Delivery
}

// key names an item by its content. Words are hashed each for itself: the SDK writes the members
// of a map in any order. The token of a transaction is left out: it is random.
func key(from *instance, op string, body []byte) string {
	name := ""
	if from != nil {
		name = from.name
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	if token := []byte(`{"ClientRequestToken":"`); bytes.HasPrefix(body, token) {
		body = body[len(token)+36:]
	}
	var sum uint64
	word := uint64(offset)
	for _, b := range body {
		if b == '"' || b == ',' || b == '{' || b == '}' {
			sum, word = sum+word*word, offset
			continue
		}
		word = (word ^ uint64(b)) * prime
	}
	return name + " " + op + " " + strconv.FormatUint(sum+word*word, 36)
}

// enqueue lets an item wait for its turn.
func (w *world) enqueue(it *item) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, _ := slices.BinarySearchFunc(w.waiting, it, func(a, b *item) int { return cmp.Compare(a.key, b.key) })
	w.waiting = slices.Insert(w.waiting, at, it)
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// leave takes an item out of those that wait.
func (w *world) leave(it *item) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(other *item) bool { return other == it })
}

// expired tells whether nobody waits for a call's answer any more.
func (it *item) expired() bool { return it.ctx != nil && it.ctx.Err() != nil }
