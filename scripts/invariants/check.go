package invariants

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// BrokenError says which invariants do not hold, one a line.
type BrokenError struct{ Broken []string }

func (e *BrokenError) Error() string { return strings.Join(e.Broken, "\n") }

// Check holds the world against every invariant. What does not hold is told by a *BrokenError.
func (w *World) Check() error {
	var c checker
	for _, check := range []func(*checker){w.atRest, w.facts, w.acknowledged, w.orders, w.money, w.stock, w.shipments} {
		check(&c)
	}
	if len(c.broken) == 0 {
		return nil
	}
	return &BrokenError{c.broken}
}

// IsBroken tells a world that is not as it must be from one that could not be seen.
func IsBroken(err error) bool {
	_, broken := errors.AsType[*BrokenError](err)
	return broken
}

// checker gathers what is broken.
type checker struct{ broken []string }

func (c *checker) wrong(format string, args ...any) {
	c.broken = append(c.broken, fmt.Sprintf(format, args...))
}

// confirmed tells whether an order stands: it is to be paid, and to be shipped.
func (o Order) confirmed() bool { return o.State == "confirmed" || o.State == "shipped" }

// atRest: nothing is in flight, and dead-letter queues hold what was made poisonous, each with its reason.
func (w *World) atRest(c *checker) {
	for _, queue := range w.Waiting {
		c.wrong("a queue is not empty: %s", queue)
	}
	for _, letter := range w.DeadLetters {
		if !w.Poisoned[letter.EventID] {
			c.wrong("dead letter of %q in %s, which nobody poisoned", letter.EventID, letter.Queue)
		}
		if letter.Reason == "" {
			c.wrong("dead letter of %q in %s has no reason", letter.EventID, letter.Queue)
		}
	}
}

// acknowledged: every POST that was acknowledged has its order.
func (w *World) acknowledged(c *checker) {
	for _, id := range w.Acknowledged {
		if !w.Orders[id].Placed {
			c.wrong("order %s was acknowledged, and is unknown", id)
		}
	}
}

// orders: each ended in one final state, said once.
func (w *World) orders(c *checker) {
	said := map[string]map[string]bool{} // ids of the events that end an order, by order
	for _, fact := range w.Published {
		if about := fact.Metadata; about.Type == "order.confirmed.v1" || about.Type == "order.cancelled.v1" {
			if said[about.Subject] == nil {
				said[about.Subject] = map[string]bool{}
			}
			said[about.Subject][about.ID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.Orders)) {
		order := w.Orders[id]
		if !order.confirmed() && order.State != "cancelled" {
			c.wrong("order %s is %s: it has not ended", id, order.State)
		}
		if !order.Placed {
			c.wrong("order %s was never placed", id)
		}
		if n := len(said[id]); n != 1 {
			c.wrong("the end of order %s was said by %d events, want one", id, n)
		}
	}
}

// shipments: a confirmed order is shipped once, and no other is.
func (w *World) shipments(c *checker) {
	for _, id := range slices.Sorted(maps.Keys(w.Orders)) {
		order, shipped := w.Orders[id], w.Shipments[id]
		switch {
		case order.confirmed() && shipped != 1:
			c.wrong("order %s is confirmed and has %d shipments", id, shipped)
		case order.State == "confirmed":
			c.wrong("order %s was shipped and does not know it", id)
		case !order.confirmed() && shipped != 0:
			c.wrong("order %s is %s and was shipped", id, order.State)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.Shipments)) {
		if _, known := w.Orders[id]; !known {
			c.wrong("order %s was shipped and is unknown", id)
		}
	}
}
