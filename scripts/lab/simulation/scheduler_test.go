package simulation

import (
	"context"
	"slices"
	"testing/synctest"
	"time"
)

// tick is how long the scheduler waits if nothing can continue, because messages become visible in a queue without
// notice. It waits longer if nothing has happened for a long time.
const (
	tick     = time.Second
	longTick = 15 * time.Second
	long     = 5 * time.Minute
)

// loop gives turns until nothing is left to do, a violation is found, or the time is up.
func (w *world) loop(end time.Time) {
	for {
		synctest.Wait()
		w.order()
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
		latency := 1 + time.Duration(w.rng.Int64N(int64(w.plan.latency))) // drawn first, because the item may draw too
		w.give(ready[w.rng.IntN(len(ready))])
		w.order()
		time.Sleep(latency)
	}
}

// ready returns the items that can continue now.
func (w *world) ready() []*item {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	w.able = w.able[:0]
	for _, it := range w.waiting {
		if !it.expired() && (it.after.After(now) || it.poll != "" && now.Before(it.until) && !w.fetches(it, now)) {
			continue
		}
		w.able = append(w.able, it)
	}
	return w.able
}

// fetches reports whether a waiting receive can return: with a full batch, or after the seed's window.
func (w *world) fetches(it *item, now time.Time) bool {
	visible := w.cloud.SQS.Depth(it.poll).Visible
	switch {
	case visible == 0:
		it.since = time.Time{}
		return false
	case it.since.IsZero():
		it.since = now
	}
	return visible >= fullBatch || now.Sub(it.since) >= w.plan.window
}

// fullBatch is the maximum number of messages per receive.
const fullBatch = 10

// idle advances the time until something may have changed.
func (w *world) idle() {
	wait := tick
	if time.Since(w.moved) > long {
		wait = longTick
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.woken:
	case <-timer.C:
	}
}

// give gives an item its turn.
func (w *world) give(it *item) {
	f := expired
	if !it.expired() {
		f = w.choose(it)
	}
	w.moved = time.Now()
	w.trace.note(it, f)
	switch f {
	case delayed:
		it.after = time.Now().Add(time.Duration(w.rng.Int64N(int64(2 * time.Minute))))
		return
	case redeployed:
		w.redeploy(it.from.service)
		return // the item continues to wait, for its turn or its instance's end
	}
	w.leave(it)
	switch {
	case it.hop != nil:
		w.deliver(it, f)
	case f == dying:
		w.kill(it.from)
		it.turn <- dead
	default:
		it.turn <- f
	}
}

// choose chooses an item's fault.
func (w *world) choose(it *item) fault {
	now := time.Now()
	if w.dark.hits(it, now) {
		return broken
	}
	if it.from != nil && now.Before(it.from.service.outages[it.op]) && !now.Before(it.from.service.gentle) {
		return broken
	}
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
	if f == blackout {
		if w.dark.ops != nil {
			return none
		}
		w.darken(it)
		return broken
	}
	if f == outage {
		w.trace.event(outage, it.from.service.Name+" "+it.op)
		it.from.service.outages[it.op] = now.Add(time.Duration(w.rng.Int64N(int64(20 * time.Second))))
		return broken
	}
	return f
}

// deliver delivers what a rule or topic has accepted to its target.
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
