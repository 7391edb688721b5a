// Package surge models what make surge measures: one burst of events for a consumer that handles fewer, sent once
// directly over HTTP and once through a queue. The command measures it; the console shows it.
package surge

import (
	"math"
	"time"
)

// Burst is a burst of events at a fixed rate, and a consumer that handles fewer.
type Burst struct {
	Rate     float64 `json:"rate"`     // events per second
	Seconds  float64 `json:"seconds"`  // length of the burst
	Capacity float64 `json:"capacity"` // events per second that one consumer handles
}

// Events returns the total number of events.
func (b Burst) Events() int { return int(math.Round(b.Rate * b.Seconds)) }

// Backlog returns how many events are waiting when the burst ends, with a number of consumers.
func (b Burst) Backlog(consumers int) int {
	return int(math.Round(max(0, b.Rate-float64(consumers)*b.Capacity) * b.Seconds))
}

// Drain returns how long after the burst a number of consumers have handled the backlog.
func (b Burst) Drain(consumers int) time.Duration {
	seconds := float64(b.Backlog(consumers)) / (float64(consumers) * b.Capacity)
	return time.Duration(seconds * float64(time.Second))
}

// Consumers returns how many consumers are needed to handle everything within a time after the burst.
func (b Burst) Consumers(within time.Duration) int {
	return max(1, int(math.Ceil(b.Rate*b.Seconds/(b.Capacity*(b.Seconds+within.Seconds())))))
}

// Within returns the burst with rate and capacity scaled down equally, so that the rate is reachable. Backlog and
// lost events scale with them; durations don't change.
func (b Burst) Within(reachable float64) Burst {
	if b.Rate <= reachable {
		return b
	}
	factor := reachable / b.Rate
	return Burst{Rate: reachable, Seconds: b.Seconds, Capacity: b.Capacity * factor}
}

// Retry is how often a refused delivery is retried, and how many seconds after the previous attempt.
type Retry struct {
	Times   int     `json:"times"`
	Seconds float64 `json:"seconds"`
}

// Final returns how many seconds after its first attempt an event that is always refused is lost.
func (r Retry) Final() float64 { return float64(r.Times) * r.Seconds }
