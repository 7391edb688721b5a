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

// item is something that waits for its turn: a call of an instance, or a delivery within the cloud.
type item struct {
	from  *instance // the caller; nil for a delivery
	op    string
	body  []byte
	key   string    // items are sorted by it, so that their order of arrival doesn't matter
	after time.Time // not before this time

	turn chan fault      // for a call: receives its fault when it is its turn
	ctx  context.Context // for a call

	poll  string    // for a waiting receive: the queue's name
	until time.Time // when it times out
	since time.Time // since when the queue has had messages for it

	hop *delivery.Delivery
}

// key identifies an item by its content. It hashes words separately, because the SDK writes the members of a map in
// any order, and omits the random token of a transaction.
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

// enqueue makes an item wait for its turn.
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

// leave removes an item from those that wait.
func (w *world) leave(it *item) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = slices.DeleteFunc(w.waiting, func(other *item) bool { return other == it })
}

// expired reports whether a call's caller has stopped waiting.
func (it *item) expired() bool { return it.ctx != nil && it.ctx.Err() != nil }
