package simulation

import (
	"context"
	"errors"
	"time"
)

// errDead is the error of a call by an instance that has ended. The SDK doesn't retry it.
type errDead struct{}

func (errDead) Error() string       { return "this instance has ended" }
func (errDead) CanceledError() bool { return true }

// await waits for a call's turn and returns its fault. If the context ends first, the scheduler reports that as well:
// the handlers of a batch share one deadline and would race.
func (w *world) await(ctx context.Context, it *item) (fault, error) {
	w.order()
	if it.from.dead {
		return dead, errDead{}
	}
	it.ctx, it.turn = ctx, make(chan fault, 1)
	w.enqueue(it)
	switch f := <-it.turn; f {
	case dead:
		return dead, errDead{}
	case expired:
		return expired, ctx.Err()
	default:
		return f, nil
	}
}

// call runs an effect of an instance outside AWS when it is its turn.
func (w *world) call(ctx context.Context, from *instance, op, about string, effect func() error) error {
	defer w.order()
	f, err := w.await(ctx, &item{from: from, op: op, body: []byte(about), key: key(from, op, []byte(about)) + " " + messageOf(ctx)})
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
		if err := w.linger(ctx, from, op); err != nil {
			return err
		}
	}
	return err
}

var errUnavailable = errors.New("no answer")

// answered is the item of a late response.
const answered = "answer"

// linger delays a response by some seconds.
func (w *world) linger(ctx context.Context, from *instance, op string) error {
	delay := time.Duration(w.rng.Int64N(int64(20 * time.Second)))
	_, err := w.await(ctx, &item{from: from, op: answered, after: time.Now().Add(delay), key: from.name + " answer " + op + " " + delay.String()})
	return err
}
