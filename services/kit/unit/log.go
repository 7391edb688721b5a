package unit

import (
	"context"
	"io"
	"log/slog"
)

// correlationKey is the context's key of the correlation id.
type correlationKey struct{}

// WithCorrelation adds a correlation id to all that is logged with the context.
func WithCorrelation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, correlationKey{}, id)
}

// NewLogger returns a logger that writes JSON lines with the service and the correlation id.
func NewLogger(w io.Writer, service, environment string) *slog.Logger {
	handler := correlating{slog.NewJSONHandler(w, nil)}
	return slog.New(handler).With("service", service, "environment", environment)
}

// correlating is a log handler that adds the context's correlation id.
type correlating struct{ slog.Handler }

func (h correlating) Handle(ctx context.Context, record slog.Record) error {
	if id, ok := ctx.Value(correlationKey{}).(string); ok {
		record.AddAttrs(slog.String("correlationId", id))
	}
	return h.Handler.Handle(ctx, record)
}

func (h correlating) WithAttrs(attrs []slog.Attr) slog.Handler {
	return correlating{h.Handler.WithAttrs(attrs)}
}

func (h correlating) WithGroup(name string) slog.Handler {
	return correlating{h.Handler.WithGroup(name)}
}
