package host

import (
	"context"
	"log/slog"
	"time"
)

// flushTime bounds the sending of spans when the process ends, and when an invocation ends
// that is not shorter than most.
const flushTime = time.Second

// Spans sends the spans that OpenTelemetry records.
type Spans interface {
	ForceFlush(context.Context) error // send what was recorded
	Shutdown(context.Context) error   // send it, and stop
}

// WithSpans gives a service what sends its spans where a collector is named: otlp.Start. The
// host itself links no exporter.
func WithSpans(start func(ctx context.Context, service, environment string) (Spans, error)) Option {
	return func(rt *Runtime) { rt.spans = start }
}

// telemetry sends spans to a collector. Without one, OpenTelemetry's no-op provider passes
// the incoming trace context on and costs next to nothing.
type telemetry struct {
	spans Spans // nil without a collector
}

// startTelemetry starts to send spans if OTEL_EXPORTER_OTLP_ENDPOINT names a collector. What is
// wrong is logged, and never keeps a service from starting.
func (rt *Runtime) startTelemetry(ctx context.Context) telemetry {
	if rt.env.collector == "" {
		return telemetry{}
	}
	if rt.spans == nil {
		slog.WarnContext(ctx, "no spans are sent: pass host.WithSpans(otlp.Start) to host.Main")
		return telemetry{}
	}
	spans, err := rt.spans(ctx, rt.manifest.Name, rt.env.name)
	if err != nil {
		slog.WarnContext(ctx, "no spans are sent", "error", err)
		return telemetry{}
	}
	return telemetry{spans}
}

// flush sends what was recorded, because a function may be frozen when its invocation ends.
func (t telemetry) flush(ctx context.Context, limit time.Duration) {
	if t.spans != nil {
		finish(ctx, limit, t.spans.ForceFlush)
	}
}

// close sends what was recorded and ends the exporter.
func (t telemetry) close(ctx context.Context) {
	if t.spans != nil {
		finish(ctx, flushTime, t.spans.Shutdown)
	}
}

func finish(ctx context.Context, limit time.Duration, send func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if err := send(ctx); err != nil {
		slog.WarnContext(ctx, "spans were not sent", "error", err)
	}
}
