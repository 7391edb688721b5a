package model

import (
	"math"

	"example.com/troupe/events"
)

// samples is the number of ticks from one sample to the next: one second.
const samples = 10

// Result is what became of a load.
type Result struct {
	Arrived  float64 // requests
	Refused  Refused
	Services []ServiceResult // as in Flow.Services
	Bus      Peak            // events that waited for their delivery

	Handled []float64 // by step, as in Flow.Steps

	Seconds float64 // when everything was handled, or the model gave up
	Drained bool    // everything was handled
	Lag     float64 // seconds from the last request to the end
}

// Refused is requests that were not accepted, by who refused them. A client that doesn't repeat them loses them.
type Refused struct {
	Gateway   float64 // 429: API Gateway's quota
	Functions float64 // 503: no instance of the function was free
	Throttled float64 // 503: the service's table or PutEvents was throttled
}

// Sum returns the number of refused requests.
func (r Refused) Sum() float64 { return r.Gateway + r.Functions + r.Throttled }

// Throttled is attempts that failed, by what refused them.
type Throttled struct {
	Table  float64 // the service's own
	Bus    float64 // PutEvents
	Topics float64 // SNS
}

// Sum returns the number of attempts that failed.
func (t Throttled) Sum() float64 { return t.Table + t.Bus + t.Topics }

// Peak is the most that waited at a time.
type Peak struct {
	Waiting float64
	Oldest  float64 // age of the oldest, in seconds
}

func (p *Peak) note(waiting, oldest float64) {
	p.Waiting, p.Oldest = max(p.Waiting, waiting), max(p.Oldest, oldest)
}

// ServiceResult is what became of a service's requests and messages.
type ServiceResult struct {
	Name        string
	Peak        Peak      // its queue's
	Waiting     []float64 // in its queue, every second
	Concurrency float64   // the most instances or tasks at a time
	Handled     float64
	Throttled   Throttled
	DeadLetters float64
	Left        float64 // messages that still wait at the end
	Seconds     float64 // time that its handlers took, of all messages together
}

func (r *ServiceResult) note(s *service) {
	busy := s.requested + s.polled
	if s.Worker {
		busy = s.tasks
	}
	r.Concurrency = max(r.Concurrency, busy)
	r.Peak.note(s.queue.waiting, 0)
}

// sample notes what is too slow to note with every tick.
func (w *world) sample() {
	for i, s := range w.services {
		r := &w.result.Services[i]
		r.Waiting = append(r.Waiting, s.queue.waiting)
		r.Peak.note(s.queue.waiting, s.queue.oldest(w.now))
	}
	w.result.Bus.note(w.bus.waiting, w.bus.oldest(w.now))
}

func (w *world) finish(load Load) {
	w.result.Seconds, w.result.Drained = w.now, w.idle()
	w.result.Lag = max(0, w.now-load.Seconds)
	for i, s := range w.services {
		w.result.Services[i].Left = s.queue.waiting
	}
}

// onBus reports whether an event takes the way over rules.
func onBus(channel events.Channel) bool { return channel == events.EventBridge }

// round rounds up what can only be whole, forgiving the errors of a sum.
func round(n float64) float64 { return math.Ceil(n - 1e-6) }
