// Package surge holds what make surge measures, and its arithmetic: one burst of events for a consumer that takes
// fewer, once straight over HTTP and once through a queue. The command fills it in; the console and the drawing
// show it.
package surge

import (
	"math"
	"time"
)

// Burst is events that come at a rate for a while, and a consumer that takes fewer.
type Burst struct {
	Rate     float64 `json:"rate"`     // events a second
	Seconds  float64 `json:"seconds"`  // how long they come
	Capacity float64 `json:"capacity"` // events a second that one consumer takes
}

// Events returns how many events come in all.
func (b Burst) Events() int { return int(math.Round(b.Rate * b.Seconds)) }

// Backlog returns how many events wait when the burst ends and so many consumers work.
func (b Burst) Backlog(consumers int) int {
	return int(math.Round(max(0, b.Rate-float64(consumers)*b.Capacity) * b.Seconds))
}

// Drain returns how long after the burst so many consumers have done what waited.
func (b Burst) Drain(consumers int) time.Duration {
	seconds := float64(b.Backlog(consumers)) / (float64(consumers) * b.Capacity)
	return time.Duration(seconds * float64(time.Second))
}

// Consumers returns how many consumers have done everything within a time after the burst.
func (b Burst) Consumers(within time.Duration) int {
	return max(1, int(math.Ceil(b.Rate*b.Seconds/(b.Capacity*(b.Seconds+within.Seconds())))))
}

// Within returns the burst with rate and capacity scaled down together, so that the rate is no more than what can be
// reached. Backlog and lost events shrink with them; how long things take does not change.
func (b Burst) Within(reachable float64) Burst {
	if b.Rate <= reachable {
		return b
	}
	factor := reachable / b.Rate
	return Burst{Rate: reachable, Seconds: b.Seconds, Capacity: b.Capacity * factor}
}

// Retry is how often a refused delivery is tried again, and how many seconds after the try before.
type Retry struct {
	Times   int     `json:"times"`
	Seconds float64 `json:"seconds"`
}

// Final returns how many seconds after its first try an event that was always refused is lost.
func (r Retry) Final() float64 { return float64(r.Times) * r.Seconds }
