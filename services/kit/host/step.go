package host

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

// report completes a step and writes its line.
func (u *units) report(ctx context.Context, step *events.Step) {
	step.Service = u.manifest.Name
	if step.Cold = !u.warm.Swap(true); step.Cold {
		step.ColdMS = coldStart(step, u.ready)
	}
	step.DurationMS = milliseconds(time.Since(step.StartedAt))
	slog.LogAttrs(ctx, severity(step.Outcome), events.StepMessage, slog.Any("step", step))
}

// coldStart returns how much of a step's wait its process spent on starting, in milliseconds: nothing where it was ready
// before.
func coldStart(step *events.Step, ready time.Time) float64 {
	since := step.StartedAt.Add(-time.Duration(step.WaitedMS * float64(time.Millisecond)))
	if begun.After(since) {
		since = begun
	}
	return max(0, milliseconds(ready.Sub(since)))
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

// came notes in a step what its unit of work came to.
func (u *units) came(step *events.Step, done result) {
	step.Outcome = events.Handled
	if done.repeated {
		step.Outcome = events.Repeated
	}
	if u.payloads {
		step.Changes = stateChanges(done.changes)
	}
}

// said notes in a step what was published.
func (u *units) said(step *events.Step, messages []events.Message) {
	for _, m := range messages {
		said := events.Published{ID: m.Envelope.Metadata.ID, Type: m.Envelope.Metadata.Type, Channel: m.Channel, Due: m.Due}
		if u.payloads {
			said.Data = m.Envelope.Data
		}
		step.Published = append(step.Published, said)
	}
}

func stateChanges(changes []eventing.Change) (written []events.StateChange) {
	for _, c := range changes {
		if c.Body != nil {
			written = append(written, events.StateChange{Key: c.Key, Before: c.Before, After: c.Body})
		}
	}
	return written
}

// payload returns a body for a step: as it is where it is JSON, otherwise as a string.
func (u *units) payload(body []byte) json.RawMessage {
	if !u.payloads || len(body) == 0 {
		return nil
	}
	if json.Valid(body) {
		return body
	}
	quoted, _ := json.Marshal(string(body)) // a string always has JSON
	return quoted
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
