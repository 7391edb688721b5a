package host

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// flushTime bounds the sending of spans when the process ends, and when an invocation ends
// that is not shorter than most.
const flushTime = time.Second

// telemetry sends spans to a collector. Without one, OpenTelemetry's no-op provider passes
// the incoming trace context on and costs next to nothing.
type telemetry struct {
	provider *sdktrace.TracerProvider // nil without a collector
}

// startTelemetry sets up the exporter if OTEL_EXPORTER_OTLP_ENDPOINT names a collector. The
// SDK reads OpenTelemetry's other variables itself. What is wrong with them is logged, and
// never keeps a service from starting.
func startTelemetry(ctx context.Context, env environment, service string) telemetry {
	if env.collector == "" {
		return telemetry{}
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		slog.WarnContext(ctx, "no spans are sent: the OTLP exporter can't be set up", "error", err)
		return telemetry{}
	}
	about, err := resource.New(ctx, resource.WithFromEnv(), resource.WithAttributes(
		attribute.String("service.name", service),
		attribute.String("deployment.environment.name", env.name),
	))
	if err != nil { // it describes what it could read
		slog.WarnContext(ctx, "spans describe the service in part: OTEL_RESOURCE_ATTRIBUTES or OTEL_SERVICE_NAME is broken", "error", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	otel.SetTracerProvider(provider)
	return telemetry{provider}
}

// flush sends what was recorded, because a function may be frozen when its invocation ends.
func (t telemetry) flush(ctx context.Context, limit time.Duration) {
	if t.provider != nil {
		finish(ctx, limit, t.provider.ForceFlush)
	}
}

// close sends what was recorded and ends the exporter.
func (t telemetry) close(ctx context.Context) {
	if t.provider != nil {
		finish(ctx, flushTime, t.provider.Shutdown)
	}
}

func finish(ctx context.Context, limit time.Duration, send func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	if err := send(ctx); err != nil {
		slog.WarnContext(ctx, "spans were not sent", "error", err)
	}
}
