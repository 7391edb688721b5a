package unit

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
)

// begun is when the process began, as far as it can tell.
var begun = time.Now()

// Report completes a step and logs it.
func (r *Runner) Report(ctx context.Context, step *events.Step) {
	step.Service = r.Manifest.Name
	if step.Cold = !r.warm.Swap(true); step.Cold {
		step.ColdMS = coldStart(step, r.ready)
	}
	step.Error, step.Reason = Scrub(ctx, step.Error), Scrub(ctx, step.Reason)
	for i := range step.Changes {
		step.Changes[i].Key = Scrub(ctx, step.Changes[i].Key)
	}
	step.DurationMS = Milliseconds(time.Since(step.StartedAt))
	slog.LogAttrs(ctx, severity(step.Outcome), events.StepMessage, slog.Any("step", step))
}

// coldStart returns for how many milliseconds of its wait a step waited for the process to
// start; 0 if the process was ready before.
func coldStart(step *events.Step, ready time.Time) float64 {
	since := step.StartedAt.Add(-time.Duration(step.WaitedMS * float64(time.Millisecond)))
	if begun.After(since) {
		since = begun
	}
	return max(0, Milliseconds(ready.Sub(since)))
}

func severity(outcome events.Outcome) slog.Level {
	switch outcome {
	case events.Retried:
		return slog.LevelWarn
	case events.DeadLettered:
		return slog.LevelError
	default:
		return slog.LevelInfo
	}
}

// describe notes in a step how its unit of work ended.
func (r *Runner) describe(step *events.Step, done eventing.Commit, repeated bool) {
	step.Outcome = events.Handled
	if repeated {
		step.Outcome = events.Repeated
	}
	if !r.Payloads {
		return
	}
	for _, c := range done.Changes {
		if c.Body != nil {
			step.Changes = append(step.Changes, events.StateChange{Key: c.Key, Before: r.Payload(c.Before), After: r.Payload(c.Body)})
		}
	}
}

// describePublished notes in a step which events it published.
func (r *Runner) describePublished(step *events.Step, messages []events.Message) {
	for _, m := range messages {
		published := events.Published{ID: m.Envelope.Metadata.ID, Type: m.Envelope.Metadata.Type, Channel: m.Channel, Due: m.Due}
		if r.Payloads {
			published.Data = r.Payload(m.Envelope.Data)
		}
		step.Published = append(step.Published, published)
	}
}

// Payload returns a body that no contract describes for a step, without its personal members.
func (r *Runner) Payload(body []byte) json.RawMessage {
	if r.Payloads && !r.Shown {
		body, _ = r.personal.Hide(body)
	}
	return r.quoted(body)
}

// quoted returns a body for a step: JSON unchanged, anything else as a JSON string.
func (r *Runner) quoted(body []byte) json.RawMessage {
	if !r.Payloads || len(body) == 0 {
		return nil
	}
	if json.Valid(body) {
		return body
	}
	quoted, _ := json.Marshal(string(body)) // a string never fails
	return quoted
}

// Milliseconds returns a duration as a step holds it.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
