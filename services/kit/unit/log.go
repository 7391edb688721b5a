package unit

import (
	"context"
	"io"
	"log/slog"

	"example.com/troupe/events"
)

// correlationKey is the context's key of the ids that log lines carry.
type correlationKey struct{}

type correlation struct{ id, event string }

// WithCorrelation adds a correlation id, and the id of the event or request that is handled, to all that is logged with
// the context.
func WithCorrelation(ctx context.Context, id, event string) context.Context {
	return context.WithValue(ctx, correlationKey{}, correlation{id, event})
}

// NewLogger returns a logger that writes JSON lines with the service, the correlation id and the event's id.
func NewLogger(w io.Writer, service, environment string) *slog.Logger {
	handler := correlating{slog.NewJSONHandler(w, nil)}
	return slog.New(handler).With("service", service, "environment", environment)
}

// correlating is a log handler that adds the context's ids.
type correlating struct{ slog.Handler }

func (h correlating) Handle(ctx context.Context, record slog.Record) error {
	if about, ok := ctx.Value(correlationKey{}).(correlation); ok {
		record.AddAttrs(slog.String("correlationId", about.id))
		if record.Message != events.StepMessage { // a step contains the event's id
			record.AddAttrs(slog.String("eventId", about.event))
		}
	}
	return h.Handler.Handle(ctx, record)
}

func (h correlating) WithAttrs(attrs []slog.Attr) slog.Handler {
	return correlating{h.Handler.WithAttrs(attrs)}
}

func (h correlating) WithGroup(name string) slog.Handler {
	return correlating{h.Handler.WithGroup(name)}
}
