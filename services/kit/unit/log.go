package unit

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// correlationKey is the context's key of the ids that log lines carry.
type correlationKey struct{}

type correlation struct {
	id, event string
	values    []string // personal ones of the event or request, which are hidden
}

// WithCorrelation adds a correlation id, and the id of the event or request that is handled, to all that is logged with
// the context.
func WithCorrelation(ctx context.Context, id, event string) context.Context {
	return context.WithValue(ctx, correlationKey{}, correlation{id: id, event: event})
}

// NewLogger returns a logger that writes JSON lines with the service, the correlation id and the event's id. It hides the
// values of attributes with the names of personal members.
func NewLogger(w io.Writer, service, environment string, personal schema.Members) *slog.Logger {
	var options *slog.HandlerOptions
	if len(personal) > 0 {
		options = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if slices.Contains(own, a.Key) || !personal.Has(a.Key) {
				return a
			}
			return slog.String(a.Key, schema.Hidden)
		}}
	}
	handler := correlating{slog.NewJSONHandler(w, options)}
	return slog.New(handler).With("service", service, "environment", environment)
}

// own are the names of the attributes that every line has.
var own = []string{slog.TimeKey, slog.LevelKey, slog.MessageKey, "service", "environment", "correlationId", "eventId", "step"}

// correlating is a log handler that adds the context's ids, and hides its personal values.
type correlating struct{ slog.Handler }

func (h correlating) Handle(ctx context.Context, record slog.Record) error {
	if about, ok := ctx.Value(correlationKey{}).(correlation); ok {
		if record.Message != events.StepMessage && len(about.values) > 0 { // a step was hidden from already
			record = scrubbed(ctx, record)
		}
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
