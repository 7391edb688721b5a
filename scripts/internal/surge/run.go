package surge

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"example.com/troupe/events"
)

// Run is one surge, as far as it has come.
type Run struct {
	Service   string         `json:"service"`   // the worker that takes fewer events a second than come
	Event     string         `json:"event"`     // the type of the events that come
	Channel   events.Channel `json:"channel"`   // theirs
	Asked     Burst          `json:"asked"`     // what the user asked for
	Burst     Burst          `json:"burst"`     // what this machine was given of it
	Reachable float64        `json:"reachable"` // events a second that it took in a trial; 0 without one
	Retry     Retry          `json:"retry"`     // of deliveries that are refused
	Samples   []Sample       `json:"samples"`
	Result    *Result        `json:"result,omitempty"` // once it has ended

	offered, every int // samples offered so far, and of how many one is kept
}

// Sample is a moment of a surge.
type Sample struct {
	At      float64 `json:"at"` // seconds since the burst began
	Arrived int     `json:"arrived"`
	Webhook Count   `json:"webhook"` // the world without a buffer
	Queue   Count   `json:"queue"`   // the world with one
}

// Count is what has become of the events in one of the worlds. Completed, waiting and lost ones make up the arrived.
type Count struct {
	Completed     int     `json:"completed"`
	Waiting       int     `json:"waiting"`
	Lost          int     `json:"lost"`
	Refused       int     `json:"refused"`       // answers, retries included: an event may be refused several times
	OldestSeconds float64 `json:"oldestSeconds"` // age of the oldest that waits
}

// Result is what is known in the end, by the ids of the events.
type Result struct {
	Seconds float64 `json:"seconds"` // how long the burst took in fact
	Records bool    `json:"records"` // completed events were counted by the records in the service's databases, and not by its steps alone
	Webhook Outcome `json:"webhook"`
	Queue   Outcome `json:"queue"`
}

// Outcome is the end of one of the worlds, by the id of each event.
type Outcome struct {
	Published    int     `json:"published"`
	Completed    int     `json:"completed"`    // of the published, those that were handled
	Lost         int     `json:"lost"`         // the others
	Twice        int     `json:"twice"`        // whose handler committed more than once
	Repeated     int     `json:"repeated"`     // deliveries of what was done already, which did nothing
	DrainSeconds float64 `json:"drainSeconds"` // from the end of the burst to the last event that was handled
}

// mostSamples bounds a run, however long it goes on.
const mostSamples = 480

// Add takes a sample. When there are too many, every second one goes, and of later ones as many are left out.
func (r *Run) Add(s Sample) {
	r.every, r.offered = max(1, r.every), r.offered+1
	if (r.offered-1)%r.every != 0 {
		return
	}
	if len(r.Samples) == mostSamples {
		kept := r.Samples[:0]
		for i := 0; i < mostSamples; i += 2 {
			kept = append(kept, r.Samples[i])
		}
		r.Samples, r.every = kept, 2*r.every
	}
	r.Samples = append(r.Samples, s)
}

// Last returns the newest sample.
func (r *Run) Last() Sample {
	if len(r.Samples) == 0 {
		return Sample{}
	}
	return r.Samples[len(r.Samples)-1]
}

// Expected returns how many seconds the run will take: what axes begin with.
func (r *Run) Expected() float64 {
	b := r.Burst
	return max(b.Seconds+r.Retry.Final()+1, b.Seconds+b.Drain(1).Seconds()+1, r.Last().At)
}

// Ways returns the ways of an event to the worker: straight, and through a queue.
func (r *Run) Ways() (straight, queued string) {
	switch r.Channel {
	case events.SNS:
		return "SNS → HTTP", "SNS → SQS"
	case events.EventBridge:
		return "HTTP", "EventBridge → SQS"
	default:
		return "HTTP", "SQS"
	}
}

// Scaled says how the burst differs from what was asked for; "" where it does not.
func (r *Run) Scaled() string {
	if r.Burst == r.Asked {
		return ""
	}
	return fmt.Sprintf("This machine took %s events a second in a trial, and has to run everything else, too: %s in and %s out became %s and %s, all divided by %.3g.",
		Figure(int(r.Reachable)), Rate(r.Asked.Rate), Rate(r.Asked.Capacity), Rate(r.Burst.Rate), Rate(r.Burst.Capacity), r.Asked.Rate/r.Burst.Rate)
}

// Summary says in a line what has become of the events.
func (c Count) Summary() string {
	text := Figure(c.Completed) + " done"
	if c.Waiting > 0 {
		text += ", " + Figure(c.Waiting) + " waiting"
	}
	return text + ", " + Figure(c.Lost) + " lost"
}

// Rate writes how many a second: 10,000, or 7.5.
func Rate(a float64) string {
	if a >= 100 || a == math.Trunc(a) {
		return Figure(int(math.Round(a)))
	}
	return strconv.FormatFloat(a, 'g', 3, 64)
}

// Figure writes a number with commas: 10,000.
func Figure(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Check refuses a run that can't be drawn: one with numbers that no surge has.
func (r *Run) Check() error {
	for _, b := range []Burst{r.Asked, r.Burst} {
		if b.Rate <= 0 || b.Seconds <= 0 || b.Capacity <= 0 {
			return errors.New("a surge has a rate, a time and a capacity above 0")
		}
	}
	if len(r.Samples) > mostSamples+1 {
		return fmt.Errorf("a surge has at most %d samples, not %d", mostSamples+1, len(r.Samples))
	}
	for i, s := range r.Samples {
		if s.At < 0 || i > 0 && s.At < r.Samples[i-1].At {
			return fmt.Errorf("sample %d is before the one before it", i)
		}
	}
	return nil
}
