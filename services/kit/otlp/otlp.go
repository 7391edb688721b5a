// Package otlp sends a service's spans to an OpenTelemetry collector. Only services that want it link it, because the
// exporter is as large as the rest of the binary:
//
//	host.Main(manifest, setup, host.WithSpans(otlp.Start))
//
// OTEL_EXPORTER_OTLP_ENDPOINT names the collector; the SDK reads OpenTelemetry's other variables itself.
package otlp

import (
	"context"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"example.com/troupe/services/kit/host"
)

// Start makes OpenTelemetry send the process's spans to a collector, over HTTP.
func Start(ctx context.Context, service, environment string) (host.Spans, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("set up the OTLP exporter: %w", err)
	}
	about, err := resource.New(ctx, resource.WithFromEnv(), resource.WithAttributes(
		attribute.String("service.name", service),
		attribute.String("deployment.environment.name", environment),
	))
	if err != nil { // it describes what it could read
		slog.WarnContext(ctx, "spans describe the service in part: OTEL_RESOURCE_ATTRIBUTES or OTEL_SERVICE_NAME is broken", "error", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	otel.SetTracerProvider(provider)
	return provider, nil
}
