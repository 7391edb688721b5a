package host

import (
	"context"
	"io"
	"log/slog"
)

// correlationKey is the context's key of the dance's id.
type correlationKey struct{}

// withCorrelation makes every log line of a context bear the dance's id.
func withCorrelation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, correlationKey{}, id)
}

// newLogger writes JSON lines that say which service speaks, and about which dance.
func newLogger(w io.Writer, service, environment string) *slog.Logger {
	handler := correlating{slog.NewJSONHandler(w, nil)}
	return slog.New(handler).With("service", service, "environment", environment)
}

// correlating is a log handler that takes the correlation id from the context.
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
