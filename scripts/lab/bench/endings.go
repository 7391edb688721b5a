package main

import (
	"fmt"
	"sync"

	"example.com/troupe/events"
)

// endings counts the orders that have ended: shipped, and the customer told so.
type endings struct {
	mu       sync.Mutex
	services map[string]int // that have handled the shipment
	wanted   int
	done     chan struct{}
}

// expect returns a channel that is closed after n more endings.
func (e *endings) expect(n int) <-chan struct{} {
	done := make(chan struct{})
	if e == nil {
		close(done)
		return done
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.services, e.wanted, e.done = map[string]int{}, n, done
	return done
}

// step takes what a service has done.
func (e *endings) step(step events.Step) {
	if step.EventType != "shipment.dispatched.v1" || step.Outcome != events.Handled {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.services == nil {
		return
	}
	e.services[step.Service]++
	if e.services["orders"] == e.wanted && e.services["notifications"] == e.wanted {
		close(e.done)
		e.services = nil
	}
}

func (e *endings) String() string {
	if e == nil {
		return "none"
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return fmt.Sprintf("%v of %d", e.services, e.wanted)
}
