package record

import (
	"fmt"
	"time"

	"example.com/troupe/events"
)

// times returns where the time before each attempt of a part went. Every clock is its own machine's: what would be
// negative is 0, with the reason.
func (a *assembler) times(event *Event, p *Part) []Times {
	times := make([]Times, len(p.Attempts))
	for i, step := range p.Attempts {
		switch {
		case i > 0 && step.Attempt > 1:
			times[i] = again(p.Attempts[i-1], step)
		case step.Attempt > 1:
			times[i].Note = "an earlier delivery left no step, so the time before this one is unknown"
		default:
			times[i] = a.delivered(event, p, step)
			if i > 0 { // redriven: its message is another one
				times[i].limit(max(0, milliseconds(step.StartedAt.Sub(ended(p.Attempts[i-1])))))
			}
		}
	}
	return times
}

// again returns the times of an attempt that followed a failed one.
func again(before, step events.Step) (t Times) {
	gap := milliseconds(step.StartedAt.Sub(ended(before)))
	if gap < 0 {
		t.Note = fmt.Sprintf("it began %s before the attempt before it ended: their clocks differ, or the visibility timeout was over", span(-gap))
		return t
	}
	t.BackoffMS = min(gap, before.RetryMS)
	t.ColdMS = min(gap-t.BackoffMS, step.ColdMS)
	t.QueueMS = gap - t.BackoffMS - t.ColdMS
	return t
}

// delivered returns the times of a message's first delivery.
func (a *assembler) delivered(event *Event, p *Part, step events.Step) (t Times) {
	if step.ClockMS > 0 {
		t.Note = fmt.Sprintf("the clock of %s is %s behind the queue's, so the time in the queue is unknown", p.Service, span(step.ClockMS))
		return t
	}
	t.ColdMS = min(step.WaitedMS, step.ColdMS)
	if event.Type == "http" {
		return t // no queue is before it
	}
	t.QueueMS = step.WaitedMS - t.ColdMS
	if !event.Due.IsZero() { // it could not be received before
		t.limit(max(0, milliseconds(step.StartedAt.Sub(event.Due))))
		return t
	}
	by, known := a.publishers[event.ID]
	if !known || step.WaitedMS == 0 {
		return t
	}
	began := milliseconds(step.StartedAt.Sub(by.StartedAt))
	if began < 0 {
		return Times{Note: fmt.Sprintf("by their clocks, %s began %s before %s, which published the event: their clocks differ", p.Service, span(-began), by.Service)}
	}
	work := by.DurationMS - by.PublishMS
	if published := max(0, began-work); step.WaitedMS > published+work/2 {
		t.limit(published) // an older kit counted from the start of the producer's handler
	}
	return t
}

// limit shortens times to a total.
func (t *Times) limit(ms float64) {
	t.ColdMS = min(t.ColdMS, ms)
	t.QueueMS = min(t.QueueMS, ms-t.ColdMS)
}

func ended(step events.Step) time.Time { return step.StartedAt.Add(duration(step.DurationMS)) }

func duration(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// span formats milliseconds for a sentence.
func span(ms float64) string {
	if ms < 1000 {
		return fmt.Sprintf("%.3g ms", ms)
	}
	return duration(ms).Round(100 * time.Millisecond).String()
}
