package surge

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
)

// Run is a surge, finished or in progress.
type Run struct {
	Service   string         `json:"service"`   // the worker whose capacity is exceeded
	Event     string         `json:"event"`     // the type of the events
	Channel   events.Channel `json:"channel"`   // their channel
	Asked     Burst          `json:"asked"`     // what the user asked for
	Burst     Burst          `json:"burst"`     // what this machine ran
	Reachable float64        `json:"reachable"` // events per second that it reached in a trial; 0 without one
	Retry     Retry          `json:"retry"`     // of refused deliveries
	Samples   []Sample       `json:"samples"`
	Result    *Result        `json:"result,omitempty"` // set at the end

	offered, every int // samples offered so far, and the interval at which samples are kept
}

// Sample is a snapshot of a surge.
type Sample struct {
	At      float64 `json:"at"` // seconds since the burst began
	Arrived int     `json:"arrived"`
	Webhook Count   `json:"webhook"` // without a queue
	Queue   Count   `json:"queue"`   // with a queue
}

// Count is what has happened to the events on one of the two ways. Completed, waiting and lost events add up to those
// that arrived.
type Count struct {
	Completed     int     `json:"completed"`
	Waiting       int     `json:"waiting"`
	Lost          int     `json:"lost"`
	Refused       int     `json:"refused"`       // responses, including those to retries: an event may be refused several times
	OldestSeconds float64 `json:"oldestSeconds"` // age of the oldest waiting event
}

// Result is the final result, by event ID.
type Result struct {
	Seconds float64 `json:"seconds"` // actual length of the burst
	Records bool    `json:"records"` // completed events were counted from the records in the service's databases, not only from its steps
	Webhook Outcome `json:"webhook"`
	Queue   Outcome `json:"queue"`
}

// Outcome is the result of one of the two ways, by event ID.
type Outcome struct {
	Published    int     `json:"published"`
	Completed    int     `json:"completed"`    // published events that were handled
	Lost         int     `json:"lost"`         // published events that were not
	Twice        int     `json:"twice"`        // events whose handler committed more than once
	Repeated     int     `json:"repeated"`     // deliveries of handled events, which had no effect
	DrainSeconds float64 `json:"drainSeconds"` // from the end of the burst to the last handled event
}

// mostSamples limits the samples of a run.
const mostSamples = 480

// Add adds a sample. If there are too many, it drops every second one and halves the rate of later ones.
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

// Last returns the latest sample.
func (r *Run) Last() Sample {
	if len(r.Samples) == 0 {
		return Sample{}
	}
	return r.Samples[len(r.Samples)-1]
}

// Expected returns the expected duration in seconds, for the initial axes.
func (r *Run) Expected() float64 {
	b := r.Burst
	return max(b.Seconds+r.Retry.Final()+1, b.Seconds+b.Drain(1).Seconds()+1, r.Last().At)
}

// Ways returns the two ways of an event to the worker: direct, and through a queue.
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

// Scaled describes how the burst differs from what was asked for; "" if it doesn't.
func (r *Run) Scaled() string {
	if r.Burst == r.Asked {
		return ""
	}
	return fmt.Sprintf("This machine reached %s events per second in a trial, and also has to run everything else: %s in and %s out became %s and %s, all divided by %.3g.",
		cli.Thousands(int(r.Reachable)), Rate(r.Asked.Rate), Rate(r.Asked.Capacity), Rate(r.Burst.Rate), Rate(r.Burst.Capacity), r.Asked.Rate/r.Burst.Rate)
}

// Summary describes in one line what has happened to the events.
func (c Count) Summary() string {
	text := cli.Thousands(c.Completed) + " done"
	if c.Waiting > 0 {
		text += ", " + cli.Thousands(c.Waiting) + " waiting"
	}
	return text + ", " + cli.Thousands(c.Lost) + " lost"
}

// Rate formats a rate: 10,000, or 7.5.
func Rate(a float64) string {
	if a >= 100 || a == math.Trunc(a) {
		return cli.Thousands(int(math.Round(a)))
	}
	return strconv.FormatFloat(a, 'g', 3, 64)
}

// Check returns an error if the run contains impossible numbers, which can't be drawn.
func (r *Run) Check() error {
	for _, b := range []Burst{r.Asked, r.Burst} {
		if b.Rate <= 0 || b.Seconds <= 0 || b.Capacity <= 0 {
			return errors.New("a surge needs a rate, a time and a capacity above 0")
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
