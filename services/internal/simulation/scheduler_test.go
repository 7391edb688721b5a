package simulation

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"testing/synctest"
	"time"

	"example.com/troupe/scripts/local/cloud/delivery"
)

// tick is how long the scheduler waits where nothing can go on: what becomes visible in a queue
// meanwhile is not announced.
const tick = time.Second

// item is one thing that waits for its turn: a call of an instance, or a delivery within the cloud.
type item struct {
	from  *instance // who calls; nil for a delivery
	op    string
	body  []byte
	key   string    // by which items are sorted, so that the order of their coming does not matter
	after time.Time // not before

	turn chan fault // of a call: what goes wrong, once it is its turn

	poll  string    // of a receive that waits: the queue's name
	until time.Time // and when it gives up

	hop *delivery.Delivery
}

// errDead is what an instance is told that has ended. The SDK does not try again after it.
type errDead struct{}

func (errDead) Error() string       { return "this instance has ended" }
func (errDead) CanceledError() bool { return true }

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

// leave takes an item back, and tells whether it still waited.
func (w *world) leave(it *item) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.Index(w.waiting, it)
	if at >= 0 {
		w.waiting = slices.Delete(w.waiting, at, at+1)
	}
	return at >= 0
}

// park waits for a call's turn, and returns what goes wrong with it.
func (w *world) park(ctx context.Context, it *item) (fault, error) {
	if it.from.dead {
		return dead, errDead{}
	}
	it.turn = make(chan fault, 1)
	w.enqueue(it)
	var f fault
	select {
	case f = <-it.turn:
	case <-ctx.Done():
		if w.leave(it) {
			return none, ctx.Err()
		}
		f = <-it.turn
	}
	if f == dead {
		return dead, errDead{}
	}
	return f, nil
}

// loop gives turns until nothing is left to do, something is found wrong, or it takes too long.
func (w *world) loop(end time.Time) {
	for {
		synctest.Wait()
		if len(w.found) > 0 || w.settled() {
			return
		}
		if time.Now().After(end) {
			w.violate("everything settles", "", "%s", w.unsettled())
			return
		}
		w.revive()
		ready := w.ready()
		if len(ready) == 0 {
			w.idle()
			continue
		}
		w.give(ready[w.rng.IntN(len(ready))])
		time.Sleep(time.Duration(w.rng.Int64N(int64(w.plan.latency))))
	}
}

// ready returns what can go on now.
func (w *world) ready() []*item {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.able = w.able[:0]
	for _, it := range w.waiting {
		if it.after.After(now) || it.poll != "" && now.Before(it.until) && w.cloud.SQS.Depth(it.poll).Visible == 0 {
			continue
		}
		w.able = append(w.able, it)
	}
	return w.able
}

// idle lets time pass until something may have changed.
func (w *world) idle() {
	timer := time.NewTimer(tick)
	defer timer.Stop()
	select {
	case <-w.woken:
	case <-timer.C:
	}
}

// give gives an item its turn.
func (w *world) give(it *item) {
	f := w.choose(it)
	if f == delayed {
		it.after = time.Now().Add(time.Duration(w.rng.Int64N(int64(2 * time.Minute))))
		w.trace.note(it, f)
		return
	}
	w.trace.note(it, f)
	w.leave(it)
	switch {
	case it.hop != nil:
		w.deliver(it, f)
	case f == dying:
		it.turn <- dead
		w.kill(it.from)
	default:
		it.turn <- f
	}
}

// choose decides what goes wrong with an item.
func (w *world) choose(it *item) fault {
	now := time.Now()
	if now.After(w.calm) || w.rng.Float64() >= w.plan.rate || it.from != nil && now.Before(it.from.service.gentle) {
		return none
	}
	possible := slices.DeleteFunc(it.possible(), func(f fault) bool { return !w.plan.kinds[f] })
	if len(possible) == 0 {
		return none
	}
	f := pick(w.rng, possible...)
	if w.faults++; !w.only.has(w.faults) {
		return none
	}
	if f == redeployed {
		w.redeploy(it.from.service)
		return none
	}
	return f
}

// deliver brings what a rule or topic has accepted to its target.
func (w *world) deliver(it *item, f fault) {
	if err := w.targets.Deliver(context.Background(), *it.hop); err != nil {
		w.violate("deliveries are admitted", "", "%s to %s: %v", it.hop.Source, it.hop.To, err)
	}
	if f == twice {
		again := *it
		again.after = time.Now().Add(time.Duration(w.rng.Int64N(int64(time.Minute))))
		w.enqueue(&again)
	}
}

// call runs an effect of an instance outside of AWS when it is its turn.
func (w *world) call(ctx context.Context, from *instance, op, about string, effect func() error) error {
	f, err := w.park(ctx, &item{from: from, op: op, body: []byte(about), key: key(from, op, []byte(about))})
	switch {
	case err != nil:
		return err
	case f == throttled || f == broken:
		return errUnavailable
	}
	err = effect()
	switch f {
	case lost:
		return errUnavailable
	case died:
		w.kill(from)
		return errDead{}
	case late:
		if err := w.linger(ctx); err != nil {
			return err
		}
	}
	return err
}

var errUnavailable = errors.New("no answer")

// linger waits some seconds for an answer that is on its way.
func (w *world) linger(ctx context.Context) error {
	timer := time.NewTimer(time.Duration(w.rng.Int64N(int64(20 * time.Second))))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
