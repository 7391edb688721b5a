package simulation

import (
	"context"
	"errors"
	"time"
)

// errDead is what an instance is told that has ended. The SDK does not try again after it.
type errDead struct{}

func (errDead) Error() string       { return "this instance has ended" }
func (errDead) CanceledError() bool { return true }

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

// call runs an effect of an instance outside of AWS when it is its turn.
func (w *world) call(ctx context.Context, from *instance, op, about string, effect func() error) error {
	f, err := w.park(ctx, &item{from: from, op: op, body: []byte(about), key: key(from, op, []byte(about)) + " " + messageOf(ctx)})
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
