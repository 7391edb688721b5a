package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"example.com/troupe/events"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// scope names this package in traces.
const scope = "example.com/troupe/services/kit/host"

// flushTime bounds the sending of spans when an invocation or the process ends.
const flushTime = time.Second

// telemetry sends spans to a collector. Without one, spans are those of OpenTelemetry's
// no-op provider: they keep the incoming trace context flowing and cost next to nothing.
type telemetry struct {
	provider *sdktrace.TracerProvider // nil without a collector
}

// startTelemetry sets up the exporter where OTEL_EXPORTER_OTLP_ENDPOINT names a
// collector. The SDK reads OpenTelemetry's other variables itself.
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

// flush sends what was recorded: a function may be frozen when its invocation ends.
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

// received records the span of a receive that brought messages; empty ones tell nothing. On Lambda it is not the
// host that receives.
func (c *consumer) received(ctx context.Context, began time.Time, messages int) {
	if messages == 0 {
		return
	}
	_, span := c.tracer.Start(ctx, "receive", trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(began), trace.WithAttributes(
		attribute.String("messaging.system", "aws_sqs"),
		attribute.String("messaging.operation.type", "receive"),
		attribute.Int("messaging.batch.message_count", messages),
	))
	span.End()
}

// process starts the span of a message, in the trace that its event came in.
func (c *consumer) process(ctx context.Context, about events.Metadata, m message) (context.Context, trace.Span) {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": about.Traceparent})
	ctx, span := c.tracer.Start(ctx, "process "+about.Type, trace.WithSpanKind(trace.SpanKindConsumer))
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("messaging.system", "aws_sqs"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.message.id", m.id),
			attribute.String("messaging.message.conversation_id", about.CorrelationID),
		)
	}
	return ctx, span
}

// traceparent returns the trace context as events carry it, "" where there is none.
func traceparent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// end ends a span, with the error if there is one.
func end(span trace.Span, err error) {
	if err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}
