package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// flushTime bounds the sending of spans when an invocation or the process ends.
const flushTime = time.Second

// telemetry sends spans to a collector. Without one, OpenTelemetry's no-op provider passes
// the incoming trace context on and costs next to nothing.
type telemetry struct {
	provider *sdktrace.TracerProvider // nil without a collector
}

// startTelemetry sets up the exporter if OTEL_EXPORTER_OTLP_ENDPOINT names a collector. The
// SDK reads OpenTelemetry's other variables itself.
func startTelemetry(ctx context.Context, env environment, service string) (telemetry, error) {
	if env.collector == "" {
		return telemetry{}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return telemetry{}, fmt.Errorf("set up the OTLP exporter: %w", err)
	}
	about, err := resource.New(ctx, resource.WithFromEnv(), resource.WithAttributes(
		attribute.String("service.name", service),
		attribute.String("deployment.environment.name", env.name),
	))
	if err != nil {
		return telemetry{}, errors.Join(fmt.Errorf("describe the service to OpenTelemetry: %w", err), exporter.Shutdown(ctx))
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	otel.SetTracerProvider(provider)
	return telemetry{provider}, nil
}

// flush sends what was recorded, because a function may be frozen when its invocation ends.
func (t telemetry) flush(ctx context.Context) {
	if t.provider != nil {
		t.finish(ctx, t.provider.ForceFlush)
	}
}

// close sends what was recorded and ends the exporter.
func (t telemetry) close(ctx context.Context) {
	if t.provider != nil {
		t.finish(ctx, t.provider.Shutdown)
	}
}

func (t telemetry) finish(ctx context.Context, send func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	if err := send(ctx); err != nil {
		slog.WarnContext(ctx, "spans were not sent", "error", err)
	}
}
